import { dice } from './seed.ts'

/** A way to make other values like a given one. */
export type Varier = {
  /** How many different values it can make. */
  readonly room: number
  /** The value for a seed; the same for the same seed. */
  make(seed: number): string | number
}

const digits = '0123456789'
const lower = 'abcdefghijklmnopqrstuvwxyz'
const upper = lower.toUpperCase()
const hex = `${digits}abcdef`
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** So many of the last letters of a text are changed at most. */
const maxVaried = 64

/** Ways with less room than this come after those with more: they would soon have nothing new to say. */
const enough = 1e9

/**
 * The ways to make other values like this one, best first. The first keep the form: letters for letters, digits for
 * digits, with what stands before the last separator kept, so that `wh_9fK2m4Qz` stays recognisable; a UUID becomes
 * another UUID of version 4 (RFC 9562, section 5.4). Which of them a schema lets pass has to be tried.
 */
export function variers(value: string | number): readonly Varier[] {
  const ways = typeof value === 'number' ? likeNumber(value) : likeText(value)
  return [...ways.filter(way => way.room >= enough), ...ways.filter(way => way.room < enough)]
}

function likeNumber(value: number): Varier[] {
  const length = String(Math.trunc(Math.abs(value))).length
  const large = length > 9 && length < 16 ? [between(10 ** (length - 1), 10 ** length)] : []
  return [...large, ...[2 ** 31, 1e9, 1e8, 1e7, 1e6, 1e5, 1e4, 1e3, 1e2, 10].map(end => between(1, end))]
}

/** Whole numbers from `start` up to, not including, `end`. */
function between(start: number, end: number): Varier {
  return { room: end - start, make: seed => start + Math.floor(dice(seed)() * (end - start)) }
}

function likeText(value: string): Varier[] {
  if (uuid.test(value)) return [filler('', [...'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'].map(uuidLetter))]
  const separator = Math.max(...['_', '-', ':', '/'].map(mark => value.lastIndexOf(mark)))
  const start = Math.max(0, value.length - maxVaried)
  const kept = value.slice(0, Math.max(separator + 1, start))
  const tail = value.slice(kept.length).split('')
  const inHex = tail.length >= 8 && tail.every(letter => hex.includes(letter))
  const longer = tail.length > 0 && tail.every(letter => digits.includes(letter)) ? digits : digits + lower
  return [
    ...(inHex && tail.some(letter => !digits.includes(letter))
      ? [
          filler(
            kept,
            tail.map(() => hex),
          ),
        ]
      : []),
    filler(kept, tail.map(lettersLike)),
    filler(
      kept,
      Array.from({ length: 10 }, () => longer),
    ),
    filler(value.slice(0, start), value.slice(start).split('').map(lettersLike)),
  ]
}

/** Fills each place with one of the letters it may have. */
function filler(prefix: string, places: readonly string[]): Varier {
  return {
    room: places.reduce((room, letters) => room * letters.length, 1),
    make: seed => {
      const next = dice(seed)
      // A text that grows letter by letter is a chain of pieces, which costs more to make and again to write.
      const units = places.map(letters =>
        letters.charCodeAt(letters.length === 1 ? 0 : Math.floor(next() * letters.length)),
      )
      return prefix + String.fromCharCode(...units)
    },
  }
}

function lettersLike(letter: string): string {
  return [digits, lower, upper].find(letters => letters.includes(letter)) ?? letter
}

function uuidLetter(mark: string): string {
  if (mark === 'x') return hex
  return mark === '8' ? '89ab' : mark
}
