import { forHtml, forMarkdown, printableLine } from './escape.ts'
import type { Report } from './report.ts'
import { kindRows, outcomes, placesOf, scoreOf } from './sabotages.ts'
import type { Style } from './style.ts'
import { alignedLines } from './table.ts'

/** Places that are named of sabotages nobody could have noticed; the JSON has them all. */
const maxPlaces = 12

/** What the check noticed of what was broken on purpose, as a table for a terminal; nothing where nothing was. */
export function scoreText({ sabotages }: Report, style: Style): string {
  if (sabotages === undefined) return ''
  const head = ['sabotage', ...outcomes.map(([, title]) => title)]
  const rows = kindRows(sabotages).map(({ kind, counts }) => ({
    cells: [kind, ...outcomes.map(([outcome]) => String(counts[outcome] || ''))],
    isBad: counts.unnoticed > 0,
  }))
  const [first = '', ...lines] = alignedLines([head, ...rows.map(({ cells }) => cells)], column => column === 0)
  const places = outcomes.slice(2).flatMap(([outcome, title]) => {
    const all = placesOf(sabotages, outcome)
    if (all.length === 0) return []
    const more =
      all.length > maxPlaces ? ` and ${all.length - maxPlaces} more places; --reporter json tells them all` : ''
    return [style.dim(`${title}: ${all.slice(0, maxPlaces).map(printableLine).join(' ')}${more}`)]
  })
  return [
    style.dim(first),
    ...lines.map((line, at) => (rows[at]?.isBad ? style.red(line) : line)),
    ...(places.length > 0 ? ['', ...places] : []),
    '',
    style.bold(scoreOf(sabotages)),
  ].join('\n')
}

/** The same for a comment. */
export function scoreMarkdown({ sabotages }: Report): string {
  if (sabotages === undefined) return ''
  const head = ['sabotage', ...outcomes.map(([, title]) => title)]
  return [
    `**${forMarkdown(scoreOf(sabotages))}**`,
    '',
    `| ${head.join(' | ')} |`,
    `| --- |${' ---: |'.repeat(outcomes.length)}`,
    ...kindRows(sabotages).map(
      ({ kind, counts }) => `| ${kind} | ${outcomes.map(([outcome]) => counts[outcome]).join(' | ')} |`,
    ),
  ].join('\n')
}

/** The same for a page. */
export function scoreHtml({ sabotages }: Report): string {
  if (sabotages === undefined) return ''
  const head = outcomes.map(([, title]) => `<th scope="col">${title}</th>`).join('')
  const rows = kindRows(sabotages).map(({ kind, counts }) => {
    const cells = outcomes.map(([outcome]) => {
      const colour = counts[outcome] === 0 ? 'never' : outcome === 'unnoticed' ? 'error' : ''
      return `<td${colour === '' ? '' : ` class="${colour}"`}>${counts[outcome]}</td>`
    })
    return `<tr><th scope="row">${forHtml(kind)}</th>${cells.join('')}</tr>`
  })
  return `<h2 id="sabotages">Sabotages</h2>
<p class="facts">${forHtml(scoreOf(sabotages))}.</p>
<div class="scroll" role="region" aria-labelledby="sabotages" tabindex="0"><table>
<thead><tr><th scope="col">sabotage</th>${head}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table></div>`
}
