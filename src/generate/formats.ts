import { fullFormats } from 'ajv-formats/dist/formats.js'
import { type Dice, digits, email, hex, instant, ipv4, ipv6, sentence, url, uuid, whole, word } from './likely.ts'
import { fitsText, lengthOf, type TextShape } from './shape.ts'

type Maker = (dice: Dice) => string

const pad = (value: number): string => String(value).padStart(2, '0')
const clock: Maker = dice => `${pad(whole(dice, 0, 23))}:${pad(whole(dice, 0, 59))}:${pad(whole(dice, 0, 59))}`

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
  'date-time': ['2024-04-14T10:30:00Z'],
  time: ['10:30:00Z'],
  iri: ['https://a.co', 'a:b'],
  'uri-template': ['/{id}', 'a', ''],
  'idn-email': ['ana@example.com', 'a@b.co', 'a@b'],
  'idn-hostname': ['example.com', 'a.co', 'a'],
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

const withLetters = (text: string, missing: number): string => text + 'a'.repeat(missing)
const withDigits = (text: string, missing: number): string => '1'.repeat(missing) + text
const withName = (text: string, missing: number): string => 'a'.repeat(missing) + text
const withLabels = (text: string, missing: number): string => 'abcdefgh.'.repeat(Math.ceil(missing / 9)) + text
// A fraction of a second has as many digits as one likes.
const withFraction = (text: string, missing: number): string =>
  `${text.replace(/(\.\d+)?Z$/, '')}.${'0'.repeat(missing + 4)}Z`

/** How a text of a format grows, where it can. */
const longer: Readonly<Record<string, (text: string, missing: number) => string>> = {
  ...Object.fromEntries(
    ['uri', 'url', 'iri', 'uri-reference', 'uri-template', 'binary', 'password', 'json-pointer', 'regex'].map(
      format => [format, withLetters],
    ),
  ),
  ...Object.fromEntries(['int32', 'int64', 'decimal', 'float', 'double'].map(format => [format, withDigits])),
  'relative-json-pointer': withLetters,
  email: withName,
  'idn-email': withName,
  hostname: withLabels,
  'idn-hostname': withLabels,
  'date-time': withFraction,
  time: withFraction,
  byte: (text, missing) => 'YWFh'.repeat(Math.ceil(missing / 4)) + text,
}

/** A text of a format; `undefined` for a format that is not known. */
export function ofFormat(shape: TextShape, format: string, dice: Dice): string | undefined {
  const make = Object.hasOwn(formats, format) ? formats[format] : undefined
  return make && fitted(shape, make(dice), format)
}

/** A text of a format, made longer or shorter where that leaves it one. */
export function fitted(shape: TextShape, text: string, format: string): string {
  if (lengthOf(text) <= shape.most) return grown(shape, text, format)
  return short[format]?.map(one => grown(shape, one, format)).find(one => fitsText(shape, one)) ?? text
}

function grown({ least }: TextShape, text: string, format: string): string {
  const missing = least - lengthOf(text)
  return missing <= 0 ? text : (longer[format]?.(text, missing) ?? text)
}

/** Some bytes in base64. */
export function base64(dice: Dice): string {
  return Buffer.from(sentence(dice, 2)).toString('base64')
}

/** Whether a text is of a format, as far as the validator knows that. */
export function isOfFormat(format: string, text: string): boolean {
  const known: unknown = Object.hasOwn(fullFormats, format)
    ? fullFormats[format as keyof typeof fullFormats]
    : undefined
  const rule = isRule(known) ? known.validate : known
  if (rule instanceof RegExp) return rule.test(text)
  return typeof rule === 'function' ? rule(text) === true : true
}

function isRule(known: unknown): known is { readonly validate: unknown } {
  return typeof known === 'object' && known !== null && 'validate' in known
}
