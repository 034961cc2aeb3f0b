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

/** What was not covered for one reason: clauses that no request broke, statuses that never came. */
export type Gap = { readonly why: string; readonly items: readonly GapItem[] }

export type GapItem = {
  readonly kind: 'status' | 'clause'
  readonly name: string
  /** The operations that this is so of. */
  readonly operations: readonly string[]
}

/** What was not covered, by its reason. Operations that were skipped as a whole say so themselves. */
export function gapsOf({ coverage = [], skipped = [] }: Report): Gap[] {
  const left = new Set(skipped.map(({ what, why }) => `${what}\n${why}`))
  const gaps = new Map<string, Map<string, { kind: GapItem['kind']; name: string; operations: string[] }>>()
  const add = (kind: GapItem['kind'], name: string, operation: string, why: string): void => {
    if (left.has(`${operation}\n${why}`)) return
    const items = gaps.get(why) ?? new Map()
    gaps.set(why, items)
    const item = items.get(`${kind} ${name}`) ?? { kind, name, operations: [] }
    items.set(`${kind} ${name}`, item)
    item.operations.push(operation)
  }
  for (const { operation, unreached = [] } of coverage) {
    for (const { status, why } of unreached) add('status', status, operation, why)
  }
  for (const { operation, clauses = [] } of coverage) {
    for (const { pointer, broken, why } of clauses) {
      if (broken === 0) add('clause', pointer, operation, why ?? 'nobody knows why')
    }
  }
  return [...gaps].map(([why, items]) => ({ why, items: [...items.values()] }))
}

/** In words, with at most so many of its operations: `status 400 of listThings, readThing`. */
export function itemText({ kind, name, operations }: GapItem, most: number): string {
  const rest = operations.length - most
  const named = rest <= 1 ? operations.join(', ') : `${operations.slice(0, most).join(', ')} and ${rest} others`
  return `${kind} ${name} of ${named}`
}
