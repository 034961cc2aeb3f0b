import { countFindings, type ReportFormat } from '../report.ts'

/** For programs: the report as one JSON value. */
export const json: ReportFormat<'json'> = {
  name: 'json',
  isLog: false,
  render: ({ summary, ...report }) =>
    `${JSON.stringify({ ...report, summary: { ...summary, findings: countFindings(report.findings) } }, null, 2)}\n`,
}
