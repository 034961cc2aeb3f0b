import { dice } from './seed.ts'

const digits = '0123456789'
const lower = 'abcdefghijklmnopqrstuvwxyz'
const upper = lower.toUpperCase()
const hex = `${digits}abcdef`
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** The shortest tail that is varied alone: a shorter one would come twice too soon. */
const shortestTail = 8

/**
 * Makes other values of the same form: letters for letters, digits for digits, with what stands before the last
 * separator kept, so that `wh_9fK2m4Qz` stays recognisable. A UUID becomes another UUID of version 4 (RFC 9562, 5.4).
 */
export function varier(value: string | number): (seed: number) => string | number {
  if (typeof value === 'number') return seed => Math.floor(dice(seed)() * 2 ** 31)
  if (uuid.test(value)) return filler('', [...'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'].map(uuidLetter))
  const separator = Math.max(...['_', '-', ':', '/'].map(mark => value.lastIndexOf(mark)))
  const kept = value.length - separator - 1 >= shortestTail ? separator + 1 : 0
  return filler(value.slice(0, kept), [...value.slice(kept)].map(lettersLike))
}

/** Fills each place with one of the letters it may have. */
function filler(prefix: string, places: readonly string[]): (seed: number) => string {
  return seed => {
    const next = dice(seed)
    let varied = prefix
    for (const letters of places)
      varied += letters.length === 1 ? letters : letters.charAt(Math.floor(next() * letters.length))
    return varied
  }
}

function lettersLike(letter: string): string {
  return [digits, lower, upper].find(letters => letters.includes(letter)) ?? letter
}

function uuidLetter(mark: string): string {
  if (mark === 'x') return hex
  return mark === '8' ? '89ab' : mark
}
