import type { HttpRequest } from '../http/index.ts'
import type { Mismatch } from './reasons.ts'
import type { SchemaUnusable } from './schema.ts'

/** Why a request is refused; decides the status of the answer together with what the document offers. */
export type FaultKind =
  | 'credentials'
  | 'too-large'
  | 'media-type'
  | 'encoding'
  | 'syntax'
  | 'invalid'
  | 'unknown'
  | 'taken'

/** One thing that is wrong with a request. */
export type Fault = {
  readonly kind: FaultKind
  /** For the person who sent it: `url: is required`. */
  readonly reason: string
  /** The clause of the document that is broken. */
  readonly pointer: string | undefined
}

/** A request as the document understands it. Values are there for what could be read, whatever the faults. */
export type Reading = {
  readonly request: HttpRequest
  readonly path: Readonly<Record<string, unknown>>
  readonly query: Readonly<Record<string, unknown>>
  readonly body: unknown
  readonly faults: readonly Fault[]
  /** Schemas that no validator can be made of, so that what they are of was not held against them. */
  readonly unusable?: readonly SchemaUnusable[]
}

/** The faults of a value that stands at `name`: `limit (query): must be integer`. */
export function faultsOf(mismatches: readonly Mismatch[], name: (at: string) => string): Fault[] {
  return mismatches.map(({ at, says, pointer }) => ({ kind: 'invalid', reason: `${name(at)}: ${says}`, pointer }))
}

/** A JSON Pointer as people write it: `/items/0/name` is `items[0].name`. */
export function dotted(pointer: string): string {
  if (pointer === '') return ''
  const steps = pointer
    .slice(1)
    .split('/')
    .map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  return steps.map((step, at) => (/^\d+$/.test(step) ? `[${step}]` : at === 0 ? step : `.${step}`)).join('')
}
