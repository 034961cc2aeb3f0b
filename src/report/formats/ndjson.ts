import { countFindings, type ReportFormat } from '../report.ts'

/** For programs that read line by line: each finding as a JSON value of its own, then what they have in common. */
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
    return lines.map(line => `${JSON.stringify(line)}\n`).join('')
  },
}
