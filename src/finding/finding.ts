import type { FindingCode } from './catalogue.ts'

export type Severity = 'error' | 'warning' | 'info'

/** A place in a file of the document. Line and column count from 1, columns in UTF-16 code units. */
export type Position = {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** What is wrong, where it was promised, and what to do about it. */
export type Finding = {
  readonly code: FindingCode
  readonly severity: Severity
  /** One sentence, with the values. */
  readonly message: string
  /** What to do, as an instruction. */
  readonly help: string
  /** The clause of the document, as a JSON Pointer in URI fragment form. */
  readonly pointer?: string
  readonly position?: Position
  /** The operationId, or method and path template. */
  readonly operation?: string
  /** The rule of the ruleset, where the code is `ruleset`. */
  readonly rule?: string
  /** The check whose question was answered wrong. */
  readonly check?: string
  /** The case of a check run that showed it; the first of several. */
  readonly caseId?: string
  /** Further cases that showed it, the first of them. */
  readonly otherCases?: readonly string[]
  /** The HTTP status of the answer that showed it. */
  readonly status?: number
  /** Set where it did not come again when the same was asked once more. */
  readonly flaky?: boolean
  /** Set where a baseline accepts it: why, and up to which day, as `2025-12-31`. */
  readonly accepted?: { readonly reason: string; readonly expires?: string }
  /** How many cases showed it. */
  readonly count?: number
  /** A line for a shell that repeats the request; secrets are left for the shell to put in. */
  readonly curl?: string
}

/** Something a person has to mend before a command can do its work; carries the exit code of the command. */
export class Trouble extends Error {
  readonly exitCode: number
  readonly help: string
  readonly findings: readonly Finding[]

  constructor(exitCode: number, message: string, help: string, findings: readonly Finding[] = []) {
    super(message)
    this.name = 'Trouble'
    this.exitCode = exitCode
    this.help = help
    this.findings = findings
  }
}

/** Exit codes of every command. */
export const exitCodes = {
  fine: 0,
  findings: 1,
  unusable: 2,
  unreachable: 3,
  environment: 4,
  bug: 70,
  interrupted: 130,
} as const
