import { countFindings, type ReportFormat } from '../report.ts'

/**
 * For programs that read line by line: `found` for each breach as soon as it is seen, in the end a `finding` for each, then
 * what they have in common.
 */
export const ndjson: ReportFormat<'ndjson'> = {
  name: 'ndjson',
  isLog: false,
  render: ({ findings, summary, sabotages = [], ...report }) => {
    const last = { type: 'summary', ...report, summary: { ...summary, findings: countFindings(findings) } }
    const lines = [
      ...findings.map(finding => ({ type: 'finding', ...finding })),
      ...sabotages.map(sabotage => ({ type: 'sabotage', ...sabotage })),
      last,
    ]
    return lines.map(lineOf).join('')
  },
  live: {
    begin: head => lineOf({ type: 'start', ...head }),
    found: finding => lineOf({ type: 'found', ...finding }),
  },
}

function lineOf(value: object): string {
  return `${JSON.stringify(value)}\n`
}
