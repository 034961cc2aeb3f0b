import { agreement, coverage, parseMediaType } from './media-type.ts'

/**
 * Of the media types on offer, the one a client likes best; the earlier wins between equals. Parameters such as `version=2`
 * have to agree where both state them. Without the field, and for
 * one that says nothing readable, the first. Source: RFC 9110, section 12.5.1.
 *
 * @returns `undefined` when none is acceptable
 */
export function negotiate(accept: string | undefined, offered: readonly string[]): string | undefined {
  if (accept === undefined || accept === '*/*') return offered[0]
  const ranges = accept.split(',').flatMap(readRange)
  if (ranges.length === 0) return offered[0]
  let best: { readonly type: string; readonly quality: number; readonly alike: number } | undefined
  for (const type of offered) {
    const { quality, alike } = qualityOf(type, ranges)
    const isBetter = best === undefined || quality > best.quality || (quality === best.quality && alike > best.alike)
    if (quality > 0 && isBetter) best = { type, quality, alike }
  }
  return best?.type
}

type Range = { readonly range: string; readonly quality: number; readonly parameters: string }

function readRange(text: string): Range[] {
  const [range = '', ...parameters] = text.split(';').map(part => part.trim())
  if (!range.includes('/')) return []
  const weight = parameters.map(parameter => /^q=([\d.]+)$/i.exec(parameter)?.[1]).find(Boolean)
  return [
    {
      range,
      quality: weight === undefined ? 1 : Math.min(1, Number(weight) || 0),
      parameters: parameters.map(parameter => `;${parameter}`).join(''),
    },
  ]
}

/**
 * The media type that is sent for a range on offer: of those that the client names the one inside the range that it likes
 * best, `undefined` when it names none.
 */
export function acceptedWithin(accept: string | undefined, range: string): string | undefined {
  const named = (accept ?? '').split(',').flatMap(readRange)
  const inside = named.filter(
    ({ range: type, quality }) => quality > 0 && !type.includes('*') && coverage(range, essenceOf(type)) > 0,
  )
  return inside.sort((a, b) => b.quality - a.quality)[0]?.range
}

function essenceOf(type: string): string {
  return parseMediaType(type)?.essence ?? type
}

/** The most specific range that covers the type decides; `alike` is the number of parameters that both state. */
function qualityOf(offered: string, ranges: readonly Range[]): { readonly quality: number; readonly alike: number } {
  const essence = essenceOf(offered)
  let decisive = { quality: 0, alike: 0 }
  let closest = 0
  for (const { range, quality: given, parameters } of ranges) {
    // What is on offer may be a range itself, and the client name one type inside it.
    const covered = coverage(range, essence) || (essence.includes('*') ? coverage(essence, essenceOf(range)) : 0)
    const alike = covered === 0 || parameters === '' ? 0 : agreement(offered, parameters)
    if (alike < 0) continue
    const closeness = covered + Math.min(alike, 1) / 2
    if (closeness > closest) {
      closest = closeness
      decisive = { quality: given, alike }
    }
  }
  return decisive
}
