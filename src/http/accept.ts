import { coverage, parseMediaType } from './media-type.ts'

/**
 * Of the media types on offer, the one a client likes best; the earlier wins between equals. Without the field, and for
 * one that says nothing readable, the first. Source: RFC 9110, section 12.5.1.
 *
 * @returns `undefined` when none is acceptable
 */
export function negotiate(accept: string | undefined, offered: readonly string[]): string | undefined {
  if (accept === undefined || accept === '*/*') return offered[0]
  const ranges = accept.split(',').flatMap(readRange)
  if (ranges.length === 0) return offered[0]
  let best: { type: string; quality: number } | undefined
  for (const type of offered) {
    const quality = qualityOf(type, ranges)
    if (quality > (best?.quality ?? 0)) best = { type, quality }
  }
  return best?.type
}

type Range = { readonly range: string; readonly quality: number }

function readRange(text: string): Range[] {
  const [range = '', ...parameters] = text.split(';').map(part => part.trim())
  if (!range.includes('/')) return []
  const weight = parameters.map(parameter => /^q=([\d.]+)$/i.exec(parameter)?.[1]).find(Boolean)
  return [{ range, quality: weight === undefined ? 1 : Math.min(1, Number(weight) || 0) }]
}

/** The most specific range that covers the type decides. */
function qualityOf(offered: string, ranges: readonly Range[]): number {
  const essence = parseMediaType(offered)?.essence ?? offered
  let quality = 0
  let closest = 0
  for (const { range, quality: given } of ranges) {
    const closeness = coverage(range, essence)
    if (closeness > closest) {
      closest = closeness
      quality = given
    }
  }
  return quality
}
