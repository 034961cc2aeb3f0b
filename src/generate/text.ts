import { generateSync } from 'json-schema-faker'
import { base64, fitted, isOfFormat, ofFormat } from './formats.ts'
import { type Dice, hex, likely, word } from './likely.ts'
import { fitsText, type TextShape } from './shape.ts'
import { usualTexts } from './usual.ts'

/** Tries at a pattern: the generator does not look at the length, and a part of a pattern may forbid what another makes. */
const maxTries = 12

/**
 * A text as its name, its format and its patterns want it: the patterns win, then the format, then the name. Where they
 * contradict each other the closest is given.
 *
 * @param isPlain leaves out what the name says
 */
export function makeText(shape: TextShape, name: string, dice: Dice, isPlain: boolean): string {
  if (shape.patterns.length > 0) return ofPattern(shape, name, dice)
  const formatted = shape.formats[0] === undefined ? undefined : ofFormat(shape, shape.formats[0], dice)
  if (formatted !== undefined) return formatted
  if (shape.encoding === 'base64') return fitted(shape, base64(dice), 'byte')
  if (shape.encoding === 'base64url' || shape.encoding === 'base16') return cut(hex(dice, 12), shape, 'a')
  const expected = isPlain ? undefined : likely(name, 'string', dice)
  if (typeof expected === 'string' && fitsText(shape, expected)) return expected
  const free = shape.most > 20 ? `${word(dice)} ${word(dice)}` : word(dice)
  return cut(free, shape, ` ${word(dice)}`)
}

function cut(text: string, { least, most }: TextShape, filler: string): string {
  const missing = least - text.length
  const long = missing > 0 ? text + filler.repeat(Math.ceil(missing / filler.length)).slice(0, missing) : text
  const kept = long.length > most ? long.slice(0, Math.max(0, most)) : long
  // A space at the end reads like a mistake.
  return kept.endsWith(' ') ? `${kept.slice(0, -1)}s` : kept
}

/**
 * A text that all patterns match: what its name or its format says, else what one of them makes, alone or put together
 * with what another makes, as `^[a-z]+$` and `.{5}` want it.
 */
function ofPattern(shape: TextShape, name: string, dice: Dice): string {
  const [format] = shape.formats
  const isGood = (text: string): boolean => fitsText(shape, text) && (format === undefined || isOfFormat(format, text))
  const formatted = format === undefined ? undefined : ofFormat(shape, format, dice)
  const expected = likely(name, 'string', dice)
  const first = [expected, formatted].find(text => typeof text === 'string' && isGood(text))
  if (typeof first === 'string') return first
  let made = ''
  for (let tries = 0; tries < maxTries; tries += 1) {
    const at = tries % shape.patterns.length
    const pattern = inAscii(shape.patterns[at] as string)
    const text = textLike(tries < maxTries / 2 ? sized(pattern, shape) : pattern, dice)
    if (text === undefined) continue
    if (isGood(text)) return text
    if (made === '' || fitsText(shape, text)) made = text
    const other =
      shape.patterns.length === 1 ? '' : (textLike(inAscii(shape.patterns[at === 0 ? 1 : 0] as string), dice) ?? '')
    const joined = [cut(text, shape, text === '' ? 'a' : text), word(dice) + text, text + other, other + text]
    const good = joined.find(isGood)
    if (good !== undefined) return good
  }
  return usualTexts.find(isGood) ?? made
}

/** Members of the properties of Unicode that patterns name, for a generator that knows none of them. */
const ofProperty: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['L', 'Letter', 'Alphabetic', 'Alpha', 'Script=Latin', 'sc=Latin'].map(name => [name, 'A-Za-z']),
  ),
  ...Object.fromEntries(['Lu', 'Uppercase_Letter', 'Uppercase'].map(name => [name, 'A-Z'])),
  ...Object.fromEntries(['Ll', 'Lowercase_Letter', 'Lowercase'].map(name => [name, 'a-z'])),
  ...Object.fromEntries(['N', 'Number', 'Nd', 'Decimal_Number'].map(name => [name, '0-9'])),
  ...Object.fromEntries(['P', 'Punctuation', 'Po'].map(name => [name, '.,!?'])),
  ...Object.fromEntries(['Z', 'Separator', 'Zs', 'Space_Separator', 'White_Space'].map(name => [name, ' '])),
  ...Object.fromEntries(['S', 'Symbol', 'Sm'].map(name => [name, '+='])),
}

/** The pattern with ASCII letters and signs in the place of `\\p{…}`, inside of brackets and outside. */
function inAscii(pattern: string): string {
  if (!pattern.includes('\\p{')) return pattern
  let isInside = false
  return pattern.replace(/\\p\{([\w=]+)\}|\\.|[[\]]/g, (sign, property: string | undefined) => {
    if (sign === '[') isInside = true
    if (sign === ']') isInside = false
    const members = property === undefined ? undefined : ofProperty[property]
    if (members === undefined) return sign
    return isInside ? members : `[${members}]`
  })
}

function textLike(pattern: string, dice: Dice): string | undefined {
  try {
    const made = generateSync({ type: 'string', pattern }, { seed: Math.floor(dice() * 2 ** 31) })
    return typeof made === 'string' ? made : undefined
  } catch {
    return undefined
  }
}

/** One repeated letter can say both a pattern and a length. */
function sized(pattern: string, { least: minimum, most: maximum }: TextShape): string {
  const [, start = '', letter, repeated, end = ''] =
    /^(\^?)(\[(?:[^\]\\]|\\.)+\]|\\[dw])([+*])(\$?)$/.exec(pattern) ?? []
  if (letter === undefined) return pattern
  const least = Math.max(minimum, repeated === '+' ? 1 : 0)
  const most = Math.min(maximum, least + 10)
  return least <= most ? `${start}${letter}{${least},${most}}${end}` : pattern
}
