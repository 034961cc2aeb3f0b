import type { Finding, Severity } from '../finding/index.ts'
import { type Coverage, countFindings, type Report } from './report.ts'

/** What became of one operation. */
export type OperationRow = {
  readonly operation: string
  /** `GET /things`, where it is known. */
  readonly title?: string
  readonly requests: number
  readonly statuses: Coverage['statuses']
  /** How many of its clauses a request broke, and how many there are, where that was counted. */
  readonly clauses?: { readonly broken: number; readonly all: number }
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
    const { method, path, statuses = {}, clauses } = covered.get(operation) ?? {}
    const requests = Object.values(statuses).reduce((sum, count) => sum + count, 0)
    const title = method === undefined ? undefined : `${method} ${path}`
    const counts = clauses && { broken: clauses.filter(({ broken }) => broken > 0).length, all: clauses.length }
    return {
      operation,
      requests,
      statuses,
      findings: countFindings(found),
      ...(title !== undefined && { title }),
      ...(counts && { clauses: counts }),
    }
  })
}

/** Every status that came or was to come, in ascending order. */
export function statusesOf(rows: readonly OperationRow[]): string[] {
  return [...new Set(rows.flatMap(({ statuses }) => Object.keys(statuses)))].sort()
}

/** What was not covered for one reason: clauses that no request broke, or statuses that never came. */
export type Gap = {
  readonly kind: 'status' | 'clause'
  readonly why: string
  /** What was not covered, each with the operations that this is so of. */
  readonly items: readonly { readonly name: string; readonly operations: readonly string[] }[]
}

/** What was not covered, by its reason. Operations that were skipped as a whole say so themselves. */
export function gapsOf({ coverage = [], skipped = [] }: Report): Gap[] {
  const left = new Set(skipped.map(({ what, why }) => `${what}\n${why}`))
  const gaps = new Map<string, { kind: Gap['kind']; why: string; items: Map<string, string[]> }>()
  const add = (kind: Gap['kind'], name: string, operation: string, why: string): void => {
    if (left.has(`${operation}\n${why}`)) return
    const key = `${kind} ${why}`
    const gap = gaps.get(key) ?? { kind, why, items: new Map<string, string[]>() }
    gaps.set(key, gap)
    const operations = gap.items.get(name)
    if (operations === undefined) gap.items.set(name, [operation])
    else operations.push(operation)
  }
  for (const { operation, clauses = [], unreached = [] } of coverage) {
    for (const { status, why } of unreached) add('status', status, operation, why)
    for (const { pointer, broken, why } of clauses) {
      if (broken === 0) add('clause', pointer, operation, why ?? 'nobody knows why')
    }
  }
  return [...gaps.values()]
    .map(({ items, ...gap }) => ({ ...gap, items: [...items].map(([name, operations]) => ({ name, operations })) }))
    .sort((a, b) => (a.kind === b.kind ? 0 : a.kind === 'status' ? -1 : 1))
}

/** One item of a gap: `status 400 of listThings, readThing`. */
export function itemText({ kind }: Gap, { name, operations }: Gap['items'][number]): string {
  const rest = operations.length - fewNames
  const named = rest <= 1 ? operations.join(', ') : `${operations.slice(0, fewNames).join(', ')} and ${rest} others`
  return `${kind} ${name} of ${named}`
}

const fewNames = 3
