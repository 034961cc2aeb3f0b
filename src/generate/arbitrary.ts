import fc from 'fast-check'
import { dice } from './seed.ts'
import { fitsText, type JsonType, regex, type Shape } from './shape.ts'
import { makeText } from './text.ts'

type Any = fc.Arbitrary<unknown>

/** Longest text, and most items, that are drawn where the schema allows any number. */
const someLetters = 24
const someItems = 3

/** Furthest from zero where a schema names no bounds: what every program can hold. */
const large = 2 ** 31 - 1

/** Texts of a kind that cannot be drawn letter by letter. */
const someTexts = 12

/**
 * Every code point but the halves of a pair, `a` first. The unit "binary" of fast-check is the same, but makes a table of all of
 * them before the first one is drawn, which takes most of a second and 130 MB.
 */
const anyLetter = fc.integer({ min: 0, max: 0x10_ffff - 0x800 }).map(
  index => String.fromCodePoint(codePointAt(index)),
  letter => (typeof letter === 'string' ? indexOf(letter) : Number.NaN),
)

/** Printable ASCII from `a` on, what else is ASCII, and the rest in its order. */
function codePointAt(index: number): number {
  if (index < 95) return 0x20 + ((index + 65) % 95)
  if (index < 127) return index - 95
  return index < 0xd800 ? index : index + 0x800
}

function indexOf(letter: string): number {
  const code = letter.codePointAt(0)
  if (code === undefined || String.fromCodePoint(code) !== letter || (code >= 0xd800 && code < 0xe000))
    return Number.NaN
  if (code < 0x20) return code + 95
  if (code < 0x7f) return (code - 0x20 + 30) % 95
  return code < 0xd800 ? code : code - 0x800
}

/** Every value of a shape, as far as chance reaches, each with smaller ones of the same shape. */
export function arbitraryOf(shape: Shape): Any {
  if (shape.values !== undefined) return fc.constantFrom(...shape.values)
  const [first, ...others] = shape.types.map(type => ofType(type, shape))
  return first === undefined ? fc.constant(null) : fc.oneof(first, ...others)
}

function ofType(type: JsonType, shape: Shape): Any {
  switch (type) {
    case 'boolean':
      return fc.boolean()
    case 'integer':
    case 'number':
      return numbers(shape, type === 'integer')
    case 'string':
      return texts(shape)
    case 'array':
      return lists(shape)
    case 'object':
      return objects(shape)
    default:
      return fc.constant(null)
  }
}

function numbers({ number }: Shape, isWhole: boolean): Any {
  const { steps, isLeastExclusive, isMostExclusive } = number
  // Hundredths are kept by every program; the last digit of a double is not.
  const step = steps[0] ?? (isWhole ? 1 : 0.01)
  const least = Math.ceil(Math.max(number.least, -large) / step) + (isLeastExclusive ? 1 : 0)
  const most = Math.floor(Math.min(number.most, large) / step) - (isMostExclusive ? 1 : 0)
  if (!(least <= most)) return fc.constant(Number.isFinite(number.least) ? number.least : number.most)
  const range = { min: Math.max(least, Number.MIN_SAFE_INTEGER), max: Math.min(most, Number.MAX_SAFE_INTEGER) }
  const scale = 1 / step
  return fc.integer(range).map(
    count => (Number.isInteger(scale) ? count / scale : count * step),
    value => (typeof value === 'number' ? Math.round(value / step) : Number.NaN),
  )
}

function texts({ text, name }: Shape): Any {
  const { patterns, formats, least, most } = text
  const [pattern] = patterns
  if (formats.length > 0 || patterns.length > 1) return alike(text, name)
  if (pattern !== undefined) return matching(pattern) ?? alike(text, name)
  const size = { minLength: Math.min(least, 5_000), maxLength: Math.min(most, Math.max(least, 0) + someLetters) }
  return fc.oneof(
    fc.string({ ...size, unit: 'grapheme-ascii' }),
    fc.string({ ...size, unit: 'grapheme' }),
    fc.string({ ...size, unit: anyLetter }),
  )
}

/** Patterns may use what cannot be drawn from, such as looking ahead. */
function matching(pattern: string): Any | undefined {
  const compiled = regex(pattern)
  try {
    return compiled && fc.stringMatching(compiled, { size: 'small' })
  } catch {
    return undefined
  }
}

function alike(text: Shape['text'], name: string): Any {
  const made = Array.from({ length: someTexts }, (_, at) => makeText(text, name, dice(at + 1), at % 2 === 0))
  const good = made.filter(each => fitsText(text, each))
  return fc.constantFrom(...(good.length > 0 ? good : made))
}

function lists({ list }: Shape): Any {
  const { prefix, items, least, most, unique } = list
  const front = fc.tuple(...prefix.map(arbitraryOf))
  if (items === undefined) return front.map(values => [...values])
  const few = Math.max(0, least - prefix.length)
  const size = { minLength: few, maxLength: Math.max(few, Math.min(most - prefix.length, few + someItems)) }
  const item = arbitraryOf(items)
  const rest = unique
    ? fc.uniqueArray(item, { ...size, selector: value => JSON.stringify(value) })
    : fc.array(item, size)
  return prefix.length === 0 ? rest : fc.tuple(front, rest).map(([one, other]) => [...one, ...other])
}

function objects({ object }: Shape): Any {
  const members = Object.fromEntries(object.members.map(({ name, shape }) => [name, arbitraryOf(shape)]))
  const requiredKeys = object.members.filter(({ required }) => required).map(({ name }) => name)
  return fc.record(members, { requiredKeys, noNullPrototype: true })
}
