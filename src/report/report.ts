import type { Finding } from '../finding/index.ts'
import type { Style } from './style.ts'

/** What a command found, with what is needed to show it. */
export type Report = {
  readonly tool: { readonly name: string; readonly version: string }
  readonly command: string
  readonly document: { readonly file: string; readonly sha256: string }
  readonly findings: readonly Finding[]
  /** The URL that was judged, where one was. */
  readonly target?: string
  readonly startedAt?: string
  readonly durationMs?: number
  /** What was left out, and why. */
  readonly skipped?: readonly { readonly what: string; readonly why: string }[]
  /** What was gone through, as numbers with names: operations, rules, requests. */
  readonly summary: Readonly<Record<string, number>>
}

/** What a format needs besides the report. */
export type Surroundings = {
  readonly style: Style
  /** The text of a file of the document, for code frames. */
  readonly textOf: (file: string) => string | undefined
}

/** Makes text of a report. */
export type ReportFormat<Name extends string = string> = {
  readonly name: Name
  readonly render: (report: Report, surroundings: Surroundings) => string
}

/** How many findings of each severity there are. */
export function countFindings(findings: readonly Finding[]): { error: number; warning: number; info: number } {
  const counts = { error: 0, warning: 0, info: 0 }
  for (const { severity } of findings) counts[severity] += 1
  return counts
}
