import type { Finding } from '../../finding/index.ts'
import { gapsOf, itemText, operationRows } from '../coverage.ts'
import { forMarkdown, printable } from '../escape.ts'
import { codeFrame } from '../frame.ts'
import { plightOf } from '../plight.ts'
import { type Report, type ReportFormat, type Surroundings, worstFirst } from '../report.ts'
import { scoreMarkdown } from '../score.ts'
import { counted, durationOf, extentOf, verdictOf } from '../words.ts'

/** A comment on GitHub has at most 65,536 characters, and something is always written around it. */
const maxLength = 60_000
const maxRows = 100
/** Characters of a list of what was skipped, accepted or not covered. */
const maxList = 8_000
/** Operations that are named of what was not covered. */
const maxNames = 3

/** For the summary of a workflow or a comment on a pull request: GitHub's Markdown. */
export const markdown: ReportFormat<'markdown'> = {
  name: 'markdown',
  isLog: false,
  render: (report, surroundings) => {
    const plight = plightOf(report)
    const parts = [
      headOf(report),
      ...(plight === undefined ? [] : [`**${forMarkdown(plight)}**`]),
      tableOf(report),
      scoreMarkdown(report),
    ]
    const last = [acceptedOf(report), skippedOf(report), gapsIn(report)]
    let length = [...parts, ...last].join('').length
    let told = 0
    for (const finding of worstFirst(report.findings)) {
      const part = showFinding(finding, surroundings)
      length += part.length + 2
      if (length > maxLength) break
      parts.push(part)
      told += 1
    }
    const left = report.findings.length - told
    if (left > 0) parts.push(`and ${counted(left, 'finding')} more, which would not fit here.`)
    return `${[...parts, ...last].filter(part => part !== '').join('\n\n')}\n`
  },
}

function headOf(report: Report): string {
  const { tool, command, document, target, durationMs } = report
  const facts = [
    target === undefined ? code(document.file) : `${code(document.file)} against ${code(target)}`,
    forMarkdown(extentOf(report)),
    ...(durationMs === undefined ? [] : [durationOf(durationMs)]),
  ].filter(fact => fact !== '')
  return `## ${tool.name} ${command}: ${verdictOf(report)}\n\n${facts.join(' · ')}`
}

function tableOf(report: Report): string {
  const rows = operationRows(report)
  if (rows.length === 0) return ''
  const shown = rows.length <= maxRows ? rows : rows.filter(({ findings }) => findings.error + findings.warning > 0)
  const hasClauses = rows.some(({ clauses }) => clauses !== undefined)
  const lines = shown.slice(0, maxRows).map(({ operation, requests, statuses, clauses, findings }) => {
    const answers = Object.entries(statuses)
      .filter(([, count]) => count > 0)
      .map(([status, count]) => `${status} × ${count}`)
    const broken = hasClauses ? ` ${clauses === undefined ? '' : `${clauses.broken} of ${clauses.all}`} |` : ''
    return `| ${code(operation)} | ${requests} | ${answers.join(', ')} |${broken} ${findings.error} | ${findings.warning} |`
  })
  const head = [
    `| operation | requests | answers |${hasClauses ? ' clauses broken |' : ''} errors | warnings |`,
    `| --- | ---: | --- |${hasClauses ? ' ---: |' : ''} ---: | ---: |`,
  ]
  const left = rows.length - lines.length
  return [...head, ...lines, ...(left > 0 ? ['', `and ${counted(left, 'operation')} more`] : [])].join('\n')
}

function showFinding(finding: Finding, { textOf }: Surroundings): string {
  const { severity, rule, message, help, position, curl, caseId, count = 1 } = finding
  const place = position && `${position.file}:${position.line}:${position.column}`
  const about = [rule === undefined ? finding.code : `${finding.code} ${rule}`, place].filter(
    part => part !== undefined,
  )
  const lines = [`**${severity}** ${forMarkdown(message)}<br>`, `→ ${forMarkdown(help)}`]
  const text = position && textOf(position.file)
  const details = [
    ...(position !== undefined && text !== undefined ? [fence('', codeFrame(text, position))] : []),
    ...(curl === undefined ? [] : [fence('sh', curl)]),
    ...(caseId === undefined ? [] : [`case ${code(caseId)}${count > 1 ? `, shown by ${counted(count, 'case')}` : ''}`]),
  ]
  const summary = `<summary>${about.map(code).join(' ')}</summary>`
  if (details.length === 0) return [...lines, `<br>${about.map(code).join(' ')}`].join('\n')
  return [...lines, '', '<details>', `${summary}\n`, details.join('\n\n'), '\n</details>'].join('\n')
}

function skippedOf({ skipped = [] }: Report): string {
  if (skipped.length === 0) return ''
  const lines = skipped.map(({ what, why }) => `- ${code(what)}: ${forMarkdown(why)}`)
  return ['Skipped:', '', ...fitting(lines)].join('\n')
}

function acceptedOf({ accepted = [] }: Report): string {
  const lines = accepted.map(({ message, accepted: by }) => {
    const until = by?.expires === undefined ? '' : ` (until ${by.expires})`
    return `- ${forMarkdown(message)}: ${forMarkdown(by?.reason ?? '')}${until}`
  })
  return folded(`Accepted by the baseline: ${counted(accepted.length, 'finding')}`, lines)
}

/** What was not covered, with the reasons. */
function gapsIn(report: Report): string {
  const all = gapsOf(report).flatMap(gap =>
    gap.items.map(item => `- ${code(itemText(item, maxNames))}: ${forMarkdown(gap.why)}`),
  )
  return folded(`Not covered: ${all.length}`, all)
}

function folded(summary: string, lines: readonly string[]): string {
  if (lines.length === 0) return ''
  return ['<details>', `<summary>${summary}</summary>\n`, ...fitting(lines), '\n</details>'].join('\n')
}

/** The lines that a list may take of the room, and how many are left. */
function fitting(lines: readonly string[]): string[] {
  let length = 0
  const shown = lines.filter(line => {
    length += line.length + 1
    return length <= maxList
  })
  return shown.length < lines.length ? [...shown, `- and ${lines.length - shown.length} more`] : shown
}

function code(text: string): string {
  return `<code>${forMarkdown(text)}</code>`
}

/** A fence is longer than any that stands in the text. */
function fence(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const marks = '`'.repeat(longest + 1)
  return `${marks}${language}\n${printable(text)}\n${marks}`
}
