import type { Finding } from '../../finding/index.ts'
import { codeFrame } from '../frame.ts'
import { countFindings, type ReportFormat, type Surroundings } from '../report.ts'

/** For people: each finding as a sentence with its place, a code frame and what to do. */
export const list: ReportFormat<'list'> = {
  name: 'list',
  render: ({ findings, summary, document, skipped = [] }, surroundings) => {
    const { style } = surroundings
    const parts = findings.map(finding => showFinding(finding, surroundings))
    const counts = countFindings(findings)
    for (const { what, why } of skipped) parts.push(`${style.yellow('skipped')} ${what}: ${why}`)
    const gone = Object.entries(summary)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ')
    const verdict =
      findings.length === 0
        ? style.green(`${document.file}: nothing to complain about (${gone})`)
        : `${document.file}: ${counted(counts.error, 'error')}, ${counted(counts.warning, 'warning')} (${gone})`
    return `${[...parts, style.bold(verdict)].join('\n\n')}\n`
  },
}

/** One finding as people read it. */
export function showFinding(finding: Finding, { style, textOf }: Surroundings): string {
  const colour = finding.severity === 'error' ? style.red : finding.severity === 'warning' ? style.yellow : style.cyan
  const { position } = finding
  const place = position === undefined ? '' : `${position.file}:${position.line}:${position.column}`
  const label = finding.rule === undefined ? finding.code : `${finding.code} ${finding.rule}`
  const lines = [
    `${colour(finding.severity)} ${style.dim(label)}${place === '' ? '' : ` ${style.cyan(place)}`}`,
    `  ${finding.message}`,
  ]
  const text = position === undefined ? undefined : textOf(position.file)
  if (position !== undefined && text !== undefined) lines.push(style.dim(indent(codeFrame(text, position))))
  lines.push(`  ${style.dim('→')} ${finding.help}`)
  if (finding.curl !== undefined) lines.push(`  ${style.dim('$')} ${finding.curl}`)
  const times = finding.count === undefined || finding.count < 2 ? '' : `, shown by ${finding.count} cases`
  if (finding.caseId !== undefined) lines.push(style.dim(`  case ${finding.caseId}${times}`))
  return lines.join('\n')
}

function indent(text: string): string {
  return text
    .split('\n')
    .map(line => `  ${line}`)
    .join('\n')
}

function counted(count: number, name: string): string {
  return `${count} ${name}${count === 1 ? '' : 's'}`
}
