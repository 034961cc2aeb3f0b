import { dice } from './seed.ts'

const lower = 'abcdefghijklmnopqrstuvwxyz'
const hex = '0123456789abcdef'
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/**
 * Another value of the same form: letters for letters, digits for digits, with what stands before the last separator
 * kept, so that `wh_9fK2` stays recognisable. A UUID becomes another UUID of version 4 (RFC 9562, section 5.4).
 */
export function vary(value: string | number, seed: number): string | number {
  const next = dice(seed)
  const pick = (from: string): string => from.charAt(Math.floor(next() * from.length))
  if (typeof value === 'number') return Math.floor(next() * 2 ** 31)
  if (uuid.test(value)) {
    return 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/[x8]/g, mark => (mark === 'x' ? pick(hex) : pick('89ab')))
  }
  const separator = Math.max(
    value.lastIndexOf('_'),
    value.lastIndexOf('-'),
    value.lastIndexOf(':'),
    value.lastIndexOf('/'),
  )
  // A tail too short to differ often enough is no place for chance: then the whole value varies.
  const kept = value.length - separator - 1 >= 8 ? separator + 1 : 0
  let varied = value.slice(0, kept)
  for (const letter of value.slice(kept)) {
    if (/[0-9]/.test(letter)) varied += pick('0123456789')
    else if (/[a-z]/.test(letter)) varied += pick(lower)
    else varied += /[A-Z]/.test(letter) ? pick(lower.toUpperCase()) : letter
  }
  return varied
}
