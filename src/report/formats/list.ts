import type { Finding } from '../../finding/index.ts'
import { coverageText } from '../coverage-table.ts'
import { printable, printableLine } from '../escape.ts'
import { codeFrame } from '../frame.ts'
import { type Group, groupFindings } from '../group.ts'
import { plightOf } from '../plight.ts'
import { type Report, type ReportFormat, type Surroundings, worstFirst } from '../report.ts'
import { scoreText } from '../score.ts'
import { counted, extentOf, verdictOf } from '../words.ts'

/** Findings that are like the one shown before them, a line each; of requests there may be hundreds. */
const maxAlike = 4

/** For people: each finding as a sentence with its place, a code frame and what to do; what is alike is put together. */
export const list: ReportFormat<'list'> = {
  name: 'list',
  isLog: true,
  render: (report, surroundings) => {
    const { style } = surroundings
    const { findings, document, accepted = [], skipped = [], target } = report
    const limit = target === undefined ? Number.POSITIVE_INFINITY : maxAlike
    const plight = plightOf(report)
    const parts = plight === undefined ? [] : [style.bold(style.red(plight))]
    for (const group of groupFindings(worstFirst(findings), { asWhole: plight !== undefined })) {
      parts.push(showGroup(group, surroundings, limit))
    }
    if (accepted.length > 0) parts.push(accepted.map(each => showAccepted(each, surroundings)).join('\n'))
    if (skipped.length > 0) parts.push(skipped.map(each => showSkipped(each, surroundings)).join('\n'))
    const table = coverageText(report, style, surroundings.columns)
    if (table !== '') parts.push(table)
    const score = scoreText(report, style)
    if (score !== '') parts.push(score)
    const verdict = `${document.file}: ${verdictOf(report)} (${extentOf(report)})`
    const isFine = findings.length === 0 && report.ended === undefined
    const said = style.bold(isFine ? style.green(verdict) : verdict)
    parts.push([said, ...nextSteps(report, surroundings)].join('\n'))
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

function showAccepted({ message, accepted }: Finding, { style }: Surroundings): string {
  const until = accepted?.expires === undefined ? '' : ` (until ${accepted.expires})`
  return `${style.cyan('accepted')} ${printableLine(message)}: ${printableLine(accepted?.reason ?? '')}${until}`
}

/** What the reader may do next, where that is known. */
function nextSteps({ findings }: Report, { style, next }: Surroundings): string[] {
  if (next === undefined) return []
  const first = worstFirst(findings).find(({ caseId }) => caseId !== undefined)
  const several = findings.some(({ caseId }) => caseId !== undefined && caseId !== first?.caseId)
  const lines = [
    ...(first?.caseId === undefined ? [] : [`Ask one case again:   ${next.caseAgain(first.caseId)}`]),
    ...(several ? [`Ask all of them:      ${next.failedAgain}`] : []),
    ...(first?.caseId === undefined ? [] : [`What the code means:  ${next.explain(first.code)}`]),
    ...(next.sooner === undefined ? [] : [`Wait less for all:    ${next.sooner}`]),
  ]
  return lines.length === 0 ? [] : ['', ...lines.map(line => style.dim(printableLine(line)))]
}

function showSkipped({ what, why }: { readonly what: string; readonly why: string }, { style }: Surroundings): string {
  return `${style.yellow('skipped')} ${printableLine(what)}: ${printableLine(why)}`
}

function indent(text: string): string {
  return text
    .split('\n')
    .map(line => `  ${line}`)
    .join('\n')
}
