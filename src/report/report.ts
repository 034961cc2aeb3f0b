import type { Finding, Severity } from '../finding/index.ts'
import type { Sabotage } from './sabotages.ts'
import type { Style } from './style.ts'

/** What a command found, with what is needed to show it. */
export type Report = {
  readonly tool: { readonly name: string; readonly version: string }
  readonly command: string
  /** The SHA-256 of its text in hexadecimal digits; of no text when the file could not be read. */
  readonly document: { readonly file: string; readonly sha256: string }
  readonly findings: readonly Finding[]
  /** The URL that was judged, where one was. */
  readonly target?: string
  readonly startedAt?: string
  readonly durationMs?: number
  /** Which part of a run it is, counted from 1. */
  readonly shard?: { readonly index: number; readonly of: number }
  /** What chance depended on. */
  readonly seed?: number
  /** Why the work did not come to its end, where it did not. */
  readonly ended?: 'interrupted' | 'unreachable' | 'unusable'
  /** What was found and a baseline accepts; it is not among the findings. */
  readonly accepted?: readonly Finding[]
  /** What was left out, and why. */
  readonly skipped?: readonly { readonly what: string; readonly why: string }[]
  /** What was gone through, as numbers with names: operations, rules, requests. */
  readonly summary: Readonly<Record<string, number>>
  /** The operations that were asked, with their answers. */
  readonly coverage?: readonly Coverage[]
  /** Clauses that were broken on purpose, of a command that does so. */
  readonly sabotages?: readonly Sabotage[]
}

/** How often an operation answered with each status; a documented status that never came counts 0. */
export type Coverage = {
  readonly operation: string
  readonly method: string
  readonly path: string
  readonly statuses: Readonly<Record<string, number>>
  /** The clauses that requests are held to, with how many broke them, or why none did. */
  readonly clauses?: readonly { readonly pointer: string; readonly broken: number; readonly why?: string }[]
  /** Documented statuses that never came, and why. */
  readonly unreached?: readonly { readonly status: string; readonly why: string }[]
}

/** Lines for a shell that lead on from a report. */
export type NextLines = {
  /** Repeats one case. */
  readonly caseAgain: (caseId: string) => string
  /** Repeats all cases that had findings. */
  readonly failedAgain: string
  readonly explain: (code: string) => string
  /** Does the same sooner, where the run took long for waiting. */
  readonly sooner?: string
}

/** What a format needs besides the report. */
export type Surroundings = {
  readonly style: Style
  /** The text of a file of the document, for code frames. */
  readonly textOf: (file: string) => string | undefined
  /** The width of the terminal that is written to, where it is one. */
  readonly columns?: number
  /** Command lines for the reader to go on with. */
  readonly next?: NextLines
}

/** Makes text of a report. */
export type ReportFormat<Name extends string = string> = {
  readonly name: Name
  /** Whether it stands in a log beside others; else it is a whole by itself, which nothing may be mixed into. */
  readonly isLog: boolean
  readonly render: (report: Report, surroundings: Surroundings) => string
  /** What is told while the work goes on, before the report, where the format can do that. */
  readonly live?: {
    readonly begin: (head: ReportHead) => string
    /** A breach that was seen for the first time; the report has the last word on it. */
    readonly found: (finding: Finding) => string
  }
}

/** What is known of a report before anything was asked. */
export type ReportHead = Pick<Report, 'tool' | 'command' | 'document' | 'target' | 'startedAt' | 'seed' | 'shard'>

/** How many findings of each severity there are. */
export function countFindings(findings: readonly Finding[]): Record<Severity, number> {
  const counts = { error: 0, warning: 0, info: 0 }
  for (const { severity } of findings) counts[severity] += 1
  return counts
}

const ranks: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 }

/** The findings with the worst first, and otherwise in their order. */
export function worstFirst(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => ranks[a.severity] - ranks[b.severity])
}
