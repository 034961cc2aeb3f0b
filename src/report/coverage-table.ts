import { type Gap, gapsOf, itemText, type OperationRow, operationRows, statusesOf } from './coverage.ts'
import { printableLine } from './escape.ts'
import type { Report } from './report.ts'
import type { Style } from './style.ts'
import { alignedLines } from './table.ts'
import { counted } from './words.ts'

/** Operations of the table; in a larger one those without a finding are left out. */
const maxRows = 40
/** Of what was not covered for one reason, so many places are named. */
const maxItems = 4
/** And of each so many operations. */
const maxNames = 3

/**
 * How often each operation answered with each status, where a documented one that never came stands as 0, how many of its
 * clauses were broken, and what was not covered, with the reasons.
 *
 * @param columns the width of the terminal; a table that is wider has the answers of an operation in one column
 */
export function coverageText(report: Report, style: Style, columns = Number.POSITIVE_INFINITY): string {
  if (report.coverage === undefined || report.coverage.length === 0) return ''
  const all = operationRows(report)
  const rows = (all.length <= maxRows ? all : all.filter(row => !isClean(row))).slice(0, maxRows)
  const wide = rows.length === 0 ? [] : tableOf(rows, statusesOf(rows))
  const [head = '', ...lines] = wide.some(line => line.length > columns) ? tableOf(rows, []) : wide
  const left = all.length - rows.length
  const others = rows.length === all.filter(row => !isClean(row)).length ? ' without findings' : ''
  const gaps = gapsOf(report).map(gap => gapText(gap, style))
  const table = [
    ...(head === '' ? [] : [style.dim(head)]),
    ...lines.map((line, at) => (rows[at]?.findings.error ? style.red(line) : line)),
    ...(left > 0
      ? [style.dim(`${rows.length > 0 ? 'and ' : ''}${counted(left, 'operation')}${others || ' more'}`)]
      : []),
  ].join('\n')
  return [...gaps, ...(gaps.length > 0 ? [''] : []), table].join('\n')
}

function isClean({ findings }: OperationRow): boolean {
  return findings.error + findings.warning === 0
}

function gapText({ items, why }: Gap, style: Style): string {
  const shown = items.length <= maxItems + 1 ? items : items.slice(0, maxItems)
  const rest = items.length - shown.length
  return [
    `${style.yellow('not covered')} ${printableLine(why)}`,
    ...shown.map(item => `  ${style.dim('·')} ${printableLine(itemText(item, maxNames))}`),
    ...(rest > 0 ? [`  ${style.dim(`and ${rest} more; --reporter json or html tells them all`)}`] : []),
  ].join('\n')
}

/** Without statuses to make columns of, the answers stand in one. */
function tableOf(rows: readonly OperationRow[], statuses: readonly string[]): string[] {
  const hasClauses = rows.some(({ clauses }) => clauses !== undefined)
  const head = [
    'operation',
    'requests',
    ...(statuses.length > 0 ? statuses : ['answers']),
    ...(hasClauses ? ['clauses'] : []),
    'findings',
  ]
  const cells = rows.map(row => [
    printableLine(row.operation),
    String(row.requests),
    ...(statuses.length > 0 ? statuses.map(status => String(row.statuses[status] ?? '')) : [answersOf(row)]),
    ...(hasClauses ? [row.clauses === undefined ? '' : `${row.clauses.broken}/${row.clauses.all}`] : []),
    foundOf(row),
  ])
  const texts = new Set([0, head.length - 1, ...(statuses.length > 0 ? [] : [2])])
  return alignedLines([head, ...cells], column => texts.has(column))
}

function answersOf({ statuses }: OperationRow): string {
  return Object.entries(statuses)
    .map(([status, count]) => (count === 0 ? `no ${status}` : `${count}×${status}`))
    .join(' ')
}

function foundOf({ findings }: OperationRow): string {
  const { error, warning } = findings
  const parts = [...(error > 0 ? [counted(error, 'error')] : []), ...(warning > 0 ? [counted(warning, 'warning')] : [])]
  return parts.join(', ') || 'none'
}
