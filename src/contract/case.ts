import type { HttpRequest } from '../http/index.ts'
import type { Operation } from '../model/index.ts'

/** One planned request, with what the document lets one expect of the answer. */
export type Case = {
  /** Operation, phase and a name within it; stays the same from run to run. */
  readonly id: string
  readonly operation: Operation
  /** What is special about the request: `name as a number`. */
  readonly says: string
  readonly request: HttpRequest
  /** The statuses that are right, as documented codes or ranges; empty where any documented one is. */
  readonly expects: readonly string[]
}

/** What a phase plans its cases from. */
export type Ground = {
  readonly operation: Operation
  /** A request that the document calls valid. */
  readonly valid: HttpRequest
  /** Further valid bodies, by name. */
  readonly bodies: readonly { readonly name: string; readonly bytes: Uint8Array }[]
  /** Whether everything that the request names is known to exist, so that only success is right. */
  readonly certain: boolean
  /** Values with one clause of the body's schema broken. */
  readonly broken: readonly { readonly says: string; readonly value: unknown }[]
  /** Whether the schema of the body refuses a value; nothing is known to be refused without one. */
  readonly refuses: (value: unknown) => boolean
}

/** A family of cases. */
export type Phase<Id extends string = string> = {
  readonly id: Id
  readonly says: string
  plan(ground: Ground): readonly Omit<Case, 'id' | 'operation'>[]
}

/** Documented statuses of an operation that fulfil `test`. */
export function documented(operation: Operation, test: (status: string) => boolean): string[] {
  return operation.responses.map(({ status }) => status.toUpperCase()).filter(test)
}

/** The statuses that refuse for a reason: those of `codes` that are documented, else the ranges that hold them. */
export function refusals(operation: Operation, codes: readonly string[]): string[] {
  const exact = documented(operation, status => codes.includes(status))
  return exact.length > 0 ? exact : documented(operation, status => status === '4XX' || status === 'DEFAULT')
}

/** Whether a status is one of the documented codes or ranges. */
export function isOneOf(status: number, expected: readonly string[]): boolean {
  return expected.some(
    code => code === 'DEFAULT' || code === String(status) || (code.endsWith('XX') && code[0] === String(status)[0]),
  )
}
