import type { FindingCode, Severity } from '../finding/index.ts'
import { type Exchange, headerOf } from '../http/index.ts'
import type { Operation, Reading, Relations, ResponseDescription } from '../model/index.ts'
import type { Answer } from './answers.ts'

/** One exchange as the checks see it. */
export type Evidence = {
  readonly exchange: Exchange
  readonly operation: Operation
  /** The request as the document understands it. */
  readonly reading: Reading
  /** What the document says of the status that came; `undefined` when it says nothing. */
  readonly description: ResponseDescription | undefined
  /** The bytes that came, and what they are by their type. */
  readonly answer: Answer
  /** Relations that names and types suggest where the document declares none. */
  readonly inferred: Relations
}

/** What a check has to say; the judge adds severity, operation and position. */
export type Objection = {
  readonly code: FindingCode
  readonly message: string
  readonly help: string
  readonly pointer: string | undefined
  /** `error` unless stated. */
  readonly severity?: Severity
}

/** One question put to an exchange. */
export type Check<Id extends string = string> = {
  readonly id: Id
  readonly asks: string
  judge(evidence: Evidence): readonly Objection[]
}

/** Keeps the id a literal, so that the list of ids is a type. */
export function defineCheck<const Id extends string>(check: Check<Id>): Check<Id> {
  return check
}

/** The operation and status as they stand at the beginning of a message. */
export function answered(evidence: Evidence): string {
  const { status, headers } = evidence.exchange.response
  const location = status >= 300 && status < 400 ? headerOf(headers, 'location') : undefined
  return `${evidence.operation.id} answered ${status}${location === undefined ? '' : ` (Location: ${location})`}`
}

/** A value as it is shown in a message: JSON, and no longer than a line. */
export function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : (JSON.stringify(value) ?? String(value))
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}
