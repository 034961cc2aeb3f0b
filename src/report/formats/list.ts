import type { Finding } from '../../finding/index.ts'
import { operationRows, statusesOf } from '../coverage.ts'
import { printable, printableLine } from '../escape.ts'
import { codeFrame } from '../frame.ts'
import { type Group, groupFindings } from '../group.ts'
import { plightOf } from '../plight.ts'
import { type Report, type ReportFormat, type Surroundings, worstFirst } from '../report.ts'
import { scoreText } from '../score.ts'
import { counted, extentOf, verdictOf } from '../words.ts'

/** Findings that are like the one shown before them, a line each; of requests there may be hundreds. */
const maxAlike = 4
/** Operations of the table; in a larger one those without a finding are left out. */
const maxRows = 40

/** For people: each finding as a sentence with its place, a code frame and what to do; what is alike is put together. */
export const list: ReportFormat<'list'> = {
  name: 'list',
  isLog: true,
  render: (report, surroundings) => {
    const { style } = surroundings
    const { findings, document, skipped = [], target } = report
    const limit = target === undefined ? Number.POSITIVE_INFINITY : maxAlike
    const plight = plightOf(report)
    const parts = plight === undefined ? [] : [style.bold(style.red(plight))]
    for (const group of groupFindings(worstFirst(findings), { asWhole: plight !== undefined })) {
      parts.push(showGroup(group, surroundings, limit))
    }
    if (skipped.length > 0) parts.push(skipped.map(each => showSkipped(each, surroundings)).join('\n'))
    const table = tableOf(report, surroundings)
    if (table !== '') parts.push(table)
    const score = scoreText(report, style)
    if (score !== '') parts.push(score)
    const verdict = `${document.file}: ${verdictOf(report)} (${extentOf(report)})`
    parts.push(style.bold(findings.length === 0 ? style.green(verdict) : verdict))
    return `${parts.join('\n\n')}\n`
  },
}

/** One finding as people read it. */
export function showFinding(finding: Finding, { style, textOf }: Surroundings): string {
  const colour = finding.severity === 'error' ? style.red : finding.severity === 'warning' ? style.yellow : style.cyan
  const { position } = finding
  const place = placeOf(finding)
  const label = finding.rule === undefined ? finding.code : `${finding.code} ${finding.rule}`
  const lines = [
    `${colour(finding.severity)} ${style.dim(label)}${place === '' ? '' : ` ${style.cyan(place)}`}`,
    `  ${printableLine(finding.message)}`,
  ]
  const text = position === undefined ? undefined : textOf(position.file)
  if (position !== undefined && text !== undefined) {
    lines.push(style.dim(indent(printable(codeFrame(text, position)))))
  }
  lines.push(`  ${style.dim('→')} ${printableLine(finding.help)}`)
  if (finding.curl !== undefined) lines.push(`  ${style.dim('$')} ${printable(finding.curl)}`)
  const times = finding.count === undefined || finding.count < 2 ? '' : `, shown by ${finding.count} cases`
  if (finding.caseId !== undefined) lines.push(style.dim(`  case ${printableLine(finding.caseId)}${times}`))
  return lines.join('\n')
}

function showGroup({ first, others }: Group, surroundings: Surroundings, limit: number): string {
  if (others.length === 0) return showFinding(first, surroundings)
  const { style } = surroundings
  const shown = others.length <= limit + 1 ? others : others.slice(0, limit)
  const lines = shown.map(finding => {
    const place = placeOf(finding)
    const where = place === placeOf(first) || place === '' ? '' : ` ${style.cyan(place)}`
    return `    ${style.dim('·')} ${printableLine(finding.message)}${where}`
  })
  const rest = others.length - shown.length
  if (rest > 0) lines.push(`    ${style.dim(`and ${rest} more like it; --reporter json or html tells them all`)}`)
  return [showFinding(first, surroundings), `  ${counted(others.length, 'finding')} like it:`, ...lines].join('\n')
}

function placeOf({ position }: Finding): string {
  return position === undefined ? '' : `${position.file}:${position.line}:${position.column}`
}

function showSkipped({ what, why }: { readonly what: string; readonly why: string }, { style }: Surroundings): string {
  return `${style.yellow('skipped')} ${printableLine(what)}: ${printableLine(why)}`
}

/** How often each operation answered with each status; a documented status that never came stands as 0. */
function tableOf(report: Report, { style }: Surroundings): string {
  if (report.coverage === undefined || report.coverage.length === 0) return ''
  const all = operationRows(report)
  const isClean = ({ findings }: (typeof all)[number]): boolean => findings.error + findings.warning === 0
  const rows = (all.length <= maxRows ? all : all.filter(row => !isClean(row))).slice(0, maxRows)
  if (rows.length === 0) return ''
  const statuses = statusesOf(rows)
  const head = ['operation', 'requests', ...statuses, 'findings']
  const cells = rows.map(row => [
    row.operation,
    String(row.requests),
    ...statuses.map(status => String(row.statuses[status] ?? '')),
    isClean(row) ? 'none' : `${counted(row.findings.error, 'error')}, ${counted(row.findings.warning, 'warning')}`,
  ])
  const widths = head.map((title, at) => Math.max(title.length, ...cells.map(row => (row[at] ?? '').length)))
  const isText = (at: number): boolean => at === 0 || at === head.length - 1
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => (isText(at) ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
      .trimEnd()
  const left = all.length - rows.length
  return [
    style.dim(line(head)),
    ...cells.map((row, at) => (rows[at]?.findings.error ? style.red(line(row)) : line(row))),
    ...(left > 0 ? [style.dim(`and ${counted(left, 'operation')} more`)] : []),
  ].join('\n')
}

function indent(text: string): string {
  return text
    .split('\n')
    .map(line => `  ${line}`)
    .join('\n')
}
