import { generateSync } from 'json-schema-faker'
import {
  type Dice,
  digits,
  email,
  hex,
  instant,
  ipv4,
  ipv6,
  likely,
  sentence,
  url,
  uuid,
  whole,
  word,
} from './likely.ts'
import { fitsText, lengthOf, type TextShape } from './shape.ts'

type Maker = (dice: Dice) => string

const pad = (value: number): string => String(value).padStart(2, '0')
const clock: Maker = dice => `${pad(whole(dice, 0, 23))}:${pad(whole(dice, 0, 59))}:${pad(whole(dice, 0, 59))}`
const base64: Maker = dice => Buffer.from(sentence(dice, 2)).toString('base64')

/** A value for each format: those of JSON Schema and of OpenAPI's registry, and a few that documents make up. */
const formats: Readonly<Record<string, Maker>> = {
  'date-time': dice => instant(dice).toISOString(),
  'iso-date-time': dice => instant(dice).toISOString(),
  datetime: dice => instant(dice).toISOString(),
  date: dice => instant(dice).toISOString().slice(0, 10),
  time: dice => `${clock(dice)}Z`,
  'iso-time': dice => `${clock(dice)}Z`,
  'partial-time': clock,
  duration: dice => `P${whole(dice, 1, 9)}DT${whole(dice, 1, 23)}H`,
  uri: url,
  url,
  iri: url,
  link: url,
  'uri-reference': dice => `/${word(dice)}/${digits(dice, 3)}`,
  'iri-reference': dice => `/${word(dice)}/${digits(dice, 3)}`,
  'uri-template': dice => `https://example.com/${word(dice)}/{id}`,
  email,
  'idn-email': email,
  hostname: dice => `${word(dice)}.example.com`,
  'idn-hostname': dice => `${word(dice)}.example.com`,
  domain: dice => `${word(dice)}.example.com`,
  ipv4,
  ip: ipv4,
  ipv6,
  cidr: () => '203.0.113.0/24',
  mac: dice => Array.from({ length: 6 }, () => hex(dice, 2)).join(':'),
  uuid,
  guid: uuid,
  uuid4: uuid,
  'json-pointer': dice => `/${word(dice)}/${whole(dice, 0, 9)}`,
  'json-pointer-uri-fragment': dice => `#/${word(dice)}`,
  'relative-json-pointer': dice => `${whole(dice, 0, 3)}/${word(dice)}`,
  regex: dice => `^${word(dice)}[a-z]+$`,
  byte: base64,
  base64,
  base64url: dice => hex(dice, 12),
  binary: dice => `${word(dice)} ${word(dice)}`,
  password: dice => `${word(dice)}-${digits(dice, 6)}`,
  'unix-time': dice => String(Math.floor(instant(dice).getTime() / 1000)),
  int32: dice => String(whole(dice, 1, 1_000)),
  int64: dice => String(whole(dice, 1, 100_000)),
  decimal: dice => (dice() * 1_000).toFixed(2),
  float: dice => (dice() * 1_000).toFixed(2),
  double: dice => (dice() * 1_000).toFixed(2),
  'media-range': () => 'application/json',
  char: dice => word(dice).charAt(0),
}

/** Short ones, for formats that have to fit into little room. */
const short: Readonly<Record<string, readonly string[]>> = {
  uri: ['https://a.co', 'a:b'],
  url: ['https://a.co', 'http://a.co'],
  'uri-reference': ['/a', 'a', ''],
  email: ['ana@example.com', 'a@b.co', 'a@b'],
  hostname: ['example.com', 'a.co', 'a'],
  byte: ['YQ==', ''],
  'json-pointer': ['/a', ''],
  regex: ['a', ''],
  duration: ['P1D'],
  ipv6: ['::1'],
  ipv4: ['1.1.1.1'],
}

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
  const [format] = shape.formats
  const ofFormat = format === undefined || !Object.hasOwn(formats, format) ? undefined : formats[format]
  if (ofFormat !== undefined && format !== undefined) return fitted(shape, ofFormat(dice), format)
  if (shape.encoding === 'base64') return fitted(shape, base64(dice), 'byte')
  if (shape.encoding === 'base64url' || shape.encoding === 'base16') return cut(hex(dice, 12), shape, 'a')
  const expected = isPlain ? undefined : likely(name, 'string', dice)
  if (typeof expected === 'string' && fitsText(shape, expected)) return expected
  const free = shape.most > 20 ? `${word(dice)} ${word(dice)}` : word(dice)
  return cut(free, shape, ` ${word(dice)}`)
}

/** A text of a format, made longer or shorter where that leaves it one. */
function fitted(shape: TextShape, text: string, format: string): string {
  const length = lengthOf(text)
  if (length > shape.most) return short[format]?.find(one => fitsText(shape, one)) ?? text
  const missing = shape.least - length
  if (missing <= 0) return text
  if (['uri', 'url', 'iri', 'uri-reference', 'binary', 'password', 'json-pointer'].includes(format))
    return text + 'a'.repeat(missing)
  if (format === 'email') return 'a'.repeat(missing) + text
  if (format === 'byte') return 'YWFh'.repeat(Math.ceil(missing / 4)) + text
  if (format === 'hostname') return `${'abcdefgh.'.repeat(Math.ceil(missing / 9))}${text}`
  return text
}

function cut(text: string, { least, most }: TextShape, filler: string): string {
  const missing = least - text.length
  const long = missing > 0 ? text + filler.repeat(Math.ceil(missing / filler.length)).slice(0, missing) : text
  const kept = long.length > most ? long.slice(0, Math.max(0, most)) : long
  // A space at the end reads like a mistake.
  return kept.endsWith(' ') ? `${kept.slice(0, -1)}s` : kept
}

function ofPattern(shape: TextShape, name: string, dice: Dice): string {
  const expected = likely(name, 'string', dice)
  if (typeof expected === 'string' && fitsText(shape, expected)) return expected
  let made = ''
  for (let tries = 0; tries < maxTries; tries += 1) {
    const pattern = shape.patterns[tries % shape.patterns.length] as string
    const text = textLike(tries < maxTries / 2 ? sized(pattern, shape) : pattern, dice)
    if (text === undefined) continue
    if (fitsText(shape, text)) return text
    made = text
    const longer = cut(text, shape, text === '' ? 'a' : text)
    if (fitsText(shape, longer)) return longer
  }
  const [format] = shape.formats
  const ofFormat = format === undefined ? undefined : formats[format]?.(dice)
  const others = [...(ofFormat === undefined ? [] : [ofFormat]), ...common]
  return others.find(text => fitsText(shape, text)) ?? made
}

/** Texts that patterns of the wild mostly allow, for those that the generator cannot read. */
const common = [
  '',
  'a',
  'A',
  '1',
  'abc',
  'ABC',
  'Abc1',
  '123456',
  'Abcdef1!',
  'a@b.co',
  'https://example.com/',
  '/a',
  'a-b',
  'example.com',
]

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
