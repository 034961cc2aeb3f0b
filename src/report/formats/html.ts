import { createHash } from 'node:crypto'
import type { Finding, Severity } from '../../finding/index.ts'
import { forHtml } from '../escape.ts'
import { codeFrame } from '../frame.ts'
import { gapsHtml, operationsHtml } from '../html/coverage.ts'
import { pageScript } from '../html/script.ts'
import { pageStyle } from '../html/style.ts'
import { plightOf } from '../plight.ts'
import { countFindings, type Report, type ReportFormat, type Surroundings, worstFirst } from '../report.ts'
import { scoreHtml } from '../score.ts'
import { counted, durationOf, verdictOf } from '../words.ts'

/** So many findings are shown open; a page of hundreds is to be looked through first. */
const maxOpen = 5
const severities = ['error', 'warning', 'info'] as const

/**
 * A page of its own, which needs no network. What a server said stands in it as text only, and a policy forbids every script
 * but the page's.
 */
export const html: ReportFormat<'html'> = {
  name: 'html',
  isLog: false,
  render: (report, surroundings) => {
    const findings = worstFirst(report.findings)
    const hash = createHash('sha256').update(pageScript).digest('base64')
    const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`
    const title = `${report.tool.name} ${report.command}: ${verdictOf(report)}`
    return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${forHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${forHtml(`${title} — ${report.document.file}`)}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
${[headOf(report), operationsHtml(report, findings), scoreHtml(report), findingsOf(findings, surroundings), acceptedOf(report), skippedOf(report), gapsHtml(report)].filter(part => part !== '').join('\n')}
<footer>Made by ${forHtml(`${report.tool.name} ${report.tool.version}`)}. The document has the SHA-256 <code>${forHtml(report.document.sha256.slice(0, 12))}</code>.</footer>
</main>
<script>${pageScript}</script>
</body>
</html>
`
  },
}

function headOf(report: Report): string {
  const { command, document, target, startedAt, durationMs, findings, summary } = report
  const facts = [
    ...(target === undefined ? [] : [forHtml(target)]),
    ...(startedAt === undefined
      ? []
      : [`<time datetime="${forHtml(startedAt)}">${forHtml(startedAt.slice(0, 16).replace('T', ' '))} UTC</time>`]),
    ...(durationMs === undefined ? [] : [durationOf(durationMs)]),
  ]
  const found = countFindings(findings)
  const cards = [
    ...severities
      .filter(severity => severity !== 'info' || found.info > 0)
      .map(severity => {
        const colour = found[severity] === 0 ? 'fine' : severity
        return `<li><strong class="${colour}">${found[severity]}</strong>${nameOf(severity, found[severity])}</li>`
      }),
    ...Object.entries(summary).map(([name, count]) => `<li><strong>${count}</strong>${forHtml(name)}</li>`),
  ]
  const plight = plightOf(report)
  return `<header>
<p class="facts">${forHtml(`${report.tool.name} ${command}`)}</p>
<h1>${forHtml(document.file)}</h1>
<p class="facts">${facts.join(' · ')}</p>
<ul class="counts">${cards.join('')}</ul>
${plight === undefined ? '' : `<p class="plight">${forHtml(plight)}</p>`}
</header>`
}

function findingsOf(findings: readonly Finding[], surroundings: Surroundings): string {
  if (findings.length === 0) return '<h2>Findings</h2>\n<p class="fine">Nothing to complain about.</p>'
  const present = severities.filter(severity => findings.some(finding => finding.severity === severity))
  const boxes = present.map(
    severity => `<label><input type="checkbox" value="${severity}" checked>${nameOf(severity, 2)}</label>`,
  )
  const search =
    '<input type="search" placeholder="Filter: words of a finding" aria-label="Show only findings with these words">'
  const items = findings.map((finding, at) => showFinding(finding, at, surroundings))
  return `<h2>${counted(findings.length, 'finding')}</h2>
<div class="tools needs-script">${present.length > 1 ? boxes.join('') : ''}${findings.length > maxOpen ? search : ''}<button type="button" data-open="yes">Open all</button><button type="button" data-open="no">Close all</button><p id="said" role="status" class="facts"></p></div>
<ol class="findings">
${items.join('\n')}
</ol>`
}

function showFinding(finding: Finding, at: number, { textOf, next }: Surroundings): string {
  const { severity, code, rule, message, help, position, pointer, curl, caseId, flaky, count = 1 } = finding
  const place = position && `${position.file}:${position.line}:${position.column}`
  const label = [rule === undefined ? code : `${code} ${rule}`, place].filter(part => part !== undefined).join(' · ')
  const text = position && textOf(position.file)
  const times = count > 1 ? `, shown by ${counted(count, 'case')}` : ''
  const parts = [
    `<p>${forHtml(help)}</p>`,
    ...(position !== undefined && text !== undefined
      ? [`<h3>${forHtml(place ?? '')}</h3><pre>${frameOf(codeFrame(text, position))}</pre>`]
      : []),
    ...(pointer === undefined ? [] : [`<p class="facts"><code>${forHtml(pointer)}</code></p>`]),
    ...(curl === undefined ? [] : [lineOf('Request', curl, `Copy the request of finding ${at + 1}`)]),
    ...(caseId === undefined ? [] : [`<p class="facts">case <code>${forHtml(caseId)}</code>${times}</p>`]),
    ...(caseId === undefined || next === undefined
      ? []
      : [lineOf('This case again', next.caseAgain(caseId), `Copy the line that asks finding ${at + 1} again`)]),
  ]
  return `<li id="finding-${at + 1}" data-severity="${severity}"><details${at < maxOpen ? ' open' : ''}>
<summary><span class="label ${severity}">${severity}</span>${flaky === true ? '<span class="flaky">flaky</span>' : ''}${forHtml(message)}<span class="code">${forHtml(label)}</span></summary>
<div class="inside">${parts.join('\n')}</div>
</details></li>`
}

/** A line for a shell, which a button copies. */
function lineOf(title: string, line: string, says: string): string {
  const button = `<button type="button" class="needs-script" aria-label="${forHtml(says)}">Copy</button>`
  return `<div class="line"><div class="head"><h3>${title}</h3>${button}</div><pre>${forHtml(line)}</pre></div>`
}

/** The line that is meant is marked, for eyes that do not look for the arrow. */
function frameOf(frame: string): string {
  return frame
    .split('\n')
    .map(line => (line.startsWith('>') ? `<span class="here">${forHtml(line)}</span>` : forHtml(line)))
    .join('\n')
}

function acceptedOf({ accepted = [] }: Report): string {
  if (accepted.length === 0) return ''
  const items = accepted.map(({ message, accepted: by }) => {
    const until = by?.expires === undefined ? '' : ` (until ${forHtml(by.expires)})`
    return `<li>${forHtml(message)}: ${forHtml(by?.reason ?? '')}${until}</li>`
  })
  return `<h2>Accepted by the baseline</h2>\n<ul class="skipped">${items.join('\n')}</ul>`
}

function skippedOf({ skipped = [] }: Report): string {
  if (skipped.length === 0) return ''
  const items = skipped.map(({ what, why }) => `<li><code>${forHtml(what)}</code>: ${forHtml(why)}</li>`)
  return `<h2>Skipped</h2>\n<ul class="skipped">${items.join('\n')}</ul>`
}

function nameOf(severity: Severity, count: number): string {
  const name = severity === 'info' ? 'note' : severity
  return count === 1 ? name : `${name}s`
}
