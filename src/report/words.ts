import { countFindings, type Report } from './report.ts'

/** `1 error`, `2 errors`. */
export function counted(count: number, name: string): string {
  return `${count} ${name}${count === 1 ? '' : 's'}`
}

/** What was found, in few words: `2 errors, 0 warnings`. */
export function verdictOf({ findings, ended }: Report): string {
  const { error, warning, info } = countFindings(findings)
  const sofar = ended === 'interrupted' ? ' until it was interrupted' : ''
  if (findings.length === 0) return `nothing to complain about${sofar}`
  const notes = info === 0 ? '' : `, ${counted(info, 'note')}`
  return `${counted(error, 'error')}, ${counted(warning, 'warning')}${notes}${sofar}`
}

/** What was gone through: `5 operations, 312 requests`. */
export function extentOf({ summary }: Report): string {
  return Object.entries(summary)
    .map(([name, count]) => counted(count, name.replace(/s$/, '')))
    .join(', ')
}

/** A span of time: `840 ms`, `2.1 s`. */
export function durationOf(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds} ms` : `${(milliseconds / 1000).toFixed(1)} s`
}
