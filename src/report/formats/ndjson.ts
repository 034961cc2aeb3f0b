import { countFindings, type ReportFormat } from '../report.ts'

/** For programs that read line by line: each finding as a JSON value of its own, then what they have in common. */
export const ndjson: ReportFormat<'ndjson'> = {
  name: 'ndjson',
  isLog: false,
  render: ({ findings, summary, ...report }) => {
    const last = { type: 'summary', ...report, summary: { ...summary, findings: countFindings(findings) } }
    return [...findings.map(finding => ({ type: 'finding', ...finding })), last]
      .map(line => `${JSON.stringify(line)}\n`)
      .join('')
  },
}
