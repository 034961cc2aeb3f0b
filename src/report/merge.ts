import type { Finding } from '../finding/index.ts'
import type { Coverage, Report } from './report.ts'

/** Why reports cannot be made one. */
export class NotMergeable extends Error {}

/** What has to be the same for findings to be of one run. */
const common: readonly (readonly [string, (report: Report) => unknown])[] = [
  ['contrato', ({ tool }) => tool.version],
  ['command', ({ command }) => command],
  ['document (by its SHA-256)', ({ document }) => document.sha256],
  ['target', ({ target }) => target],
  ['seed', ({ seed }) => seed],
]

/**
 * One report of several: those of the parts of a run.
 *
 * @param named reports with the names that they are spoken of by, at least one
 * @throws NotMergeable when they are not of one run, or two are of the same part
 */
export function mergeReports(named: readonly (readonly [name: string, report: Report])[]): Report {
  const [[firstName, first] = [], ...others] = named
  if (first === undefined) throw new NotMergeable('there is nothing to merge')
  for (const [name, report] of others) {
    for (const [what, of] of common) {
      if (of(first) === of(report)) continue
      throw new NotMergeable(`${firstName} and ${name} are of another ${what}: ${of(first)} and ${of(report)}`)
    }
  }
  const missing = missingShards(named)
  const reports = named.map(([, report]) => report)
  const {
    shard: _shard,
    coverage: _coverage,
    sabotages: _sabotages,
    accepted: _accepted,
    ended: _ended,
    ...rest
  } = first
  const coverage = reports.flatMap(report => report.coverage ?? [])
  const sabotages = reports.flatMap(report => report.sabotages ?? [])
  const accepted = mergeFindings(reports.flatMap(report => report.accepted ?? []))
  const ended = reports.find(report => report.ended !== undefined)?.ended
  return {
    ...rest,
    ...timesOf(reports),
    findings: mergeFindings(reports.flatMap(({ findings }) => findings)),
    ...(ended !== undefined && { ended }),
    ...(accepted.length > 0 && { accepted }),
    skipped: [...unique(reports.flatMap(({ skipped = [] }) => skipped)), ...missing],
    summary: summed(reports.map(({ summary }) => summary)),
    ...(coverage.length > 0 && { coverage: coverageOf(coverage) }),
    ...(sabotages.length > 0 && { sabotages }),
  }
}

/** Parts that nobody has handed in are told as skipped. */
function missingShards(named: readonly (readonly [string, Report])[]): { what: string; why: string }[] {
  const given = new Map<number, string>()
  const [of] = named.flatMap(([, { shard }]) => shard?.of ?? [])
  if (of === undefined) return []
  for (const [name, { shard }] of named) {
    if (shard === undefined || shard.of !== of) throw new NotMergeable(`${name} is no part of a run in ${of} parts`)
    const known = given.get(shard.index)
    if (known !== undefined) throw new NotMergeable(`${known} and ${name} are both part ${shard.index} of ${of}`)
    given.set(shard.index, name)
  }
  return Array.from({ length: of }, (_, at) => at + 1)
    .filter(index => !given.has(index))
    .map(index => ({ what: `part ${index} of ${of}`, why: 'no report of it was given' }))
}

function mergeFindings(findings: readonly Finding[]): Finding[] {
  const merged = new Map<string, Finding>()
  for (const finding of findings) {
    const key = JSON.stringify([
      finding.operation,
      finding.code,
      finding.rule,
      finding.pointer,
      finding.caseId,
      finding.message,
    ])
    const known = merged.get(key)
    if (known === undefined) merged.set(key, finding)
    else if (known.count !== undefined) merged.set(key, { ...known, count: known.count + (finding.count ?? 1) })
  }
  return [...merged.values()]
}

function coverageOf(all: readonly Coverage[]): Coverage[] {
  const merged = new Map<string, Coverage>()
  for (const coverage of all) {
    const known = merged.get(coverage.operation)
    merged.set(coverage.operation, known === undefined ? coverage : bothOf(known, coverage))
  }
  return [...merged.values()]
}

/** What one part has reached, the other need not have. */
function bothOf(one: Coverage, other: Coverage): Coverage {
  const statuses = summed([one.statuses, other.statuses])
  const clauses = new Map(one.clauses?.map(clause => [clause.pointer, clause]))
  for (const clause of other.clauses ?? []) {
    const known = clauses.get(clause.pointer)
    const broken = (known?.broken ?? 0) + clause.broken
    const why = known?.why ?? clause.why
    clauses.set(clause.pointer, { pointer: clause.pointer, broken, ...(broken === 0 && why !== undefined && { why }) })
  }
  const unreached = new Map([...(other.unreached ?? []), ...(one.unreached ?? [])].map(each => [each.status, each]))
  return {
    ...one,
    statuses,
    ...((one.clauses ?? other.clauses) && { clauses: [...clauses.values()] }),
    ...((one.unreached ?? other.unreached) && {
      unreached: [...unreached.values()].filter(({ status }) => (statuses[status] ?? 0) === 0),
    }),
  }
}

function timesOf(reports: readonly Report[]): Pick<Report, 'startedAt' | 'durationMs'> {
  const spans = reports.flatMap(({ startedAt, durationMs = 0 }) => {
    const start = Date.parse(startedAt ?? '')
    return Number.isNaN(start) ? [] : [{ start, end: start + durationMs }]
  })
  if (spans.length === 0) return {}
  const start = Math.min(...spans.map(span => span.start))
  const end = Math.max(...spans.map(span => span.end))
  return { startedAt: new Date(start).toISOString(), durationMs: end - start }
}

function summed(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const [name, count] of all.flatMap(Object.entries)) {
    if (typeof count === 'number') sums[name] = (sums[name] ?? 0) + count
  }
  return sums
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Map(values.map(value => [JSON.stringify(value), value])).values()]
}
