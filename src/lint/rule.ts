import type { Document } from '../document/index.ts'
import type { Finding, FindingCode, Severity } from '../finding/index.ts'
import type { Api } from '../model/index.ts'
import type { SchemaAt } from './judge.ts'
import type { Place } from './places.ts'

/** What a rule reads. */
export type Subject = {
  readonly document: Document
  readonly api: Api
  /** Every place of the document that has a meaning of its own, once. */
  readonly places: readonly Place[]
  /** The same schema for all that only reference the same. */
  schemaAt: SchemaAt
}

/** What a rule says is wrong; the linter adds code, severity and position. */
export type Complaint = Pick<Finding, 'message' | 'help'> & {
  readonly pointer: string
  readonly operation?: string | undefined
}

/** One question put to a document. */
export type Rule<Code extends FindingCode = FindingCode> = {
  readonly code: Code
  /** Unless the ruleset says otherwise, under the same name. */
  readonly severity: Severity
  review(subject: Subject): Iterable<Complaint>
}

/** Keeps the code a literal, so that the list of rules knows their names. */
export function defineRule<const Code extends FindingCode>(rule: Rule<Code>): Rule<Code> {
  return rule
}
