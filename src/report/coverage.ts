import type { Finding, Severity } from '../finding/index.ts'
import { type Coverage, countFindings, type Report } from './report.ts'

/** What became of one operation. */
export type OperationRow = {
  readonly operation: string
  /** `GET /things`, where it is known. */
  readonly title?: string
  readonly requests: number
  readonly statuses: Coverage['statuses']
  readonly findings: Readonly<Record<Severity, number>>
}

/** The operations that were asked or that have a finding, in the order in which they came. */
export function operationRows({ coverage = [], findings }: Report): OperationRow[] {
  const byOperation = new Map<string, Finding[]>(coverage.map(({ operation }) => [operation, []]))
  for (const finding of findings) {
    if (finding.operation === undefined) continue
    const known = byOperation.get(finding.operation)
    if (known === undefined) byOperation.set(finding.operation, [finding])
    else known.push(finding)
  }
  const covered = new Map(coverage.map(each => [each.operation, each]))
  return [...byOperation].map(([operation, found]) => {
    const { method, path, statuses = {} } = covered.get(operation) ?? {}
    const requests = Object.values(statuses).reduce((sum, count) => sum + count, 0)
    const title = method === undefined ? undefined : `${method} ${path}`
    return { operation, requests, statuses, findings: countFindings(found), ...(title !== undefined && { title }) }
  })
}

/** Every status that came or was to come, in ascending order. */
export function statusesOf(rows: readonly OperationRow[]): string[] {
  return [...new Set(rows.flatMap(({ statuses }) => Object.keys(statuses)))].sort()
}
