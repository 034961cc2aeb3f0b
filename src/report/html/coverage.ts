import type { Finding, Severity } from '../../finding/index.ts'
import { gapsOf, itemText, operationRows, statusesOf } from '../coverage.ts'
import { forHtml } from '../escape.ts'
import type { Coverage, Report } from '../report.ts'

/** The operations with their answers and clauses, the first finding of each a step away. */
export function operationsHtml(report: Report, findings: readonly Finding[]): string {
  const rows = operationRows(report)
  if (rows.length === 0) return ''
  const statuses = statusesOf(rows)
  const first = (operation: string): number => findings.findIndex(finding => finding.operation === operation)
  const wantsRequests = report.coverage !== undefined
  const wantsClauses = rows.some(({ clauses }) => clauses !== undefined)
  const head = [
    '<th scope="col">operation</th>',
    ...(wantsRequests ? ['<th scope="col">requests</th>'] : []),
    '<th scope="col">errors</th><th scope="col">warnings</th>',
    ...(wantsClauses ? ['<th scope="col">clauses</th>'] : []),
    ...statuses.map(status => `<th scope="col">${forHtml(status)}</th>`),
  ]
  const lines = rows.map(row => {
    const cells = statuses.map(status => {
      const count = row.statuses[status]
      return count === 0 ? '<td class="never">never</td>' : `<td>${count ?? ''}</td>`
    })
    const name =
      first(row.operation) < 0
        ? forHtml(row.operation)
        : `<a href="#finding-${first(row.operation) + 1}">${forHtml(row.operation)}</a>`
    const title =
      row.title === undefined || row.title === row.operation
        ? ''
        : `<span>${forHtml(row.title).replaceAll('/', '/<wbr>')}</span>`
    const clauses = row.clauses === undefined ? '' : `${row.clauses.broken} of ${row.clauses.all}`
    return [
      `<tr><th scope="row">${name}${title}</th>`,
      ...(wantsRequests ? [`<td>${row.requests}</td>`] : []),
      countCell(row.findings.error, 'error'),
      countCell(row.findings.warning, 'warning'),
      ...(wantsClauses ? [`<td>${clauses}</td>`] : []),
      ...cells,
      '</tr>',
    ].join('')
  })
  return `<h2 id="operations">Operations</h2>
${tableOf('operations', head.join(''), lines)}
${clausesOf(report)}`
}

function countCell(number: number, severity: Severity): string {
  return number === 0 ? '<td class="never">0</td>' : `<td class="${severity}"><strong>${number}</strong></td>`
}

/** Every clause that requests are held to, and how many requests broke it. */
function clausesOf({ coverage = [] }: Report): string {
  const rows = coverage.flatMap(({ operation, clauses = [] }) => clauses.map(clause => clauseRow(operation, clause)))
  if (rows.length === 0) return ''
  const head = '<th scope="col">operation</th><th scope="col" class="text">clause</th><th scope="col">broken by</th>'
  return `<details class="clauses"><summary id="clauses">Clauses that requests are held to</summary>
${tableOf('clauses', head, rows)}
</details>`
}

function clauseRow(operation: string, { pointer, broken }: NonNullable<Coverage['clauses']>[number]): string {
  const count =
    broken === 0 ? '<td class="never">no request</td>' : `<td>${broken} ${broken === 1 ? 'request' : 'requests'}</td>`
  return `<tr><th scope="row">${forHtml(operation)}</th><td class="text"><code>${forHtml(pointer)}</code></td>${count}</tr>`
}

/** What was not covered, with the reasons. */
export function gapsHtml(report: Report): string {
  const gaps = gapsOf(report)
  if (gaps.length === 0) return ''
  const parts = gaps.map(gap => {
    const items = gap.items.map(item => `<li>${forHtml(itemText(item, Number.POSITIVE_INFINITY))}</li>`)
    return `<p>${forHtml(gap.why[0]?.toUpperCase() ?? '')}${forHtml(gap.why.slice(1))}:</p>\n<ul class="skipped">${items.join('\n')}</ul>`
  })
  return `<h2>Not covered</h2>\n<div class="gaps">${parts.join('\n')}</div>`
}

/** A table may be wider than a telephone: it then moves by itself, also by keyboard. */
function tableOf(label: string, head: string, rows: readonly string[]): string {
  return `<div class="scroll" role="region" aria-labelledby="${label}" tabindex="0"><table>
<thead><tr>${head}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table></div>`
}
