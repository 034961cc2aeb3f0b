import type { Part, Schema } from '../model/index.ts'
import { sample } from './sample.ts'

/** A valid value at the edge of what its schema allows. */
export type Boundary = {
  readonly says: string
  readonly value: unknown
  /**
   * The schema allows it, but few who wrote it meant that: what is empty, what a database cannot hold, what is longer than
   * anybody has to take, or no URL where the example is one.
   */
  readonly isDoubtful?: 'empty' | 'unstorable' | 'long' | 'no URL'
}

const maxDepth = 4

/** Longest text and list that is made. */
const longest = 2_000
const maxItems = 50

/** Longer than a column of a database often is; nobody has to take that much where no limit is stated. */
const overlong = 5_000

/** Texts that are texts like any other, and that programs change, cut or stumble over. */
const oddTexts: readonly (readonly [string, string])[] = [
  ['spaces around it', '  spaced  '],
  ['quotes and a backslash', `"double" 'single' it''s \\'so\\' \\back\\`],
  ['markup', '<b>&amp;</b> <script>'],
  ['emoji and combined letters', '👩‍👩‍👧‍👦 🇧🇷 e\u0301 ﷽'],
  // 220 units of UTF-16 and 440 bytes: more than 255 only for who counts bytes.
  ['60 emoji and 100 umlauts', `${'🦊'.repeat(60)}${'ü'.repeat(100)}`],
  ['letters of several scripts', 'Grüße, Олена, 日本語, שלום'],
  ['line breaks and tabs', 'one\ntwo\r\n\tthree'],
  ['the name of a special property', '__proto__'],
  ['what a database may read', "Robert'); DROP TABLE students;--"],
  ['a format directive', '%s %n %25 {{7*7}}'],
  ['what stands for a match in a replacement', '$& $1 $$ \\1'],
  ['a number', '12'],
  ['a zero', '0'],
  ['a number with zeros before it', '0012'],
  ['a word of JSON', 'null'],
  ['another word of JSON', 'true'],
  ['an instant', '2024-02-29T12:00:00Z'],
  ['a date', '2024-02-29'],
  ['commas and semicolons', 'a,b; c, d'],
  ['percent signs and plus signs', 'a+b%20c%2Fd&e=f'],
  ['letters of Latin-1 alone', 'Café São Þór ÿ'],
  ['blanks, marks and characters without a width', 'a  b\u00a0c\u3000“d”–\u2028e\u200bf\u00adg\ufeffh'],
  ['control characters', 'a\u0001b\u007fc\u0085d'],
  ['a number with a last zero', '1.50'],
  ['a word of JavaScript', 'undefined'],
  ['a formula and escapes', '=1+1 \\n \\u0041'],
]

/** PostgreSQL stores no text that has one. */
const nul = 'a\u0000b'

const url = 'https://hooks.example/'

/** Values of a format in less usual forms. */
const forms: Readonly<Record<string, readonly string[]>> = {
  uri: [
    'https://Hooks.Example:8443/a/B%20c;d?x=1&y=%7B%7D&x=2#part',
    'http://localhost:3000/hook',
    'http://127.0.0.1:9/',
    'https://hooks.example',
    'https://user:pa%20ss@hooks.example:443/a+b/',
    'HTTPS://hooks.example:443/x/../y//z',
  ],
  'date-time': ['2024-02-29T23:59:59.999999+05:30', '1999-12-31T00:00:00Z'],
  date: ['2024-02-29', '1900-01-01'],
  email: ['first.last+tag@sub.example.com', "o'neil@example.com"],
  uuid: ['00000000-0000-4000-8000-000000000000', 'FFFFFFFF-FFFF-4FFF-BFFF-FFFFFFFFFFFF'],
}

/**
 * Valid values that differ from a given one in one place, at each edge that the schema has there: members present and
 * absent, every listed value, both ends of each range, null, unusual texts and forms. What the schema does not accept is
 * left out.
 */
export function boundariesOf(schema: Schema, part: Part, value: unknown): readonly Boundary[] {
  const seen = new Set([JSON.stringify(value)])
  const kept: Boundary[] = []
  for (const boundary of edges(part, value, '', 0)) {
    const text = JSON.stringify(boundary.value)
    if (seen.has(text) || !schema.accepts(boundary.value)) continue
    seen.add(text)
    kept.push(boundary)
  }
  const [fullest] = [sample(schema, part, 0)]
  if (fullest.kind === 'made' && !seen.has(JSON.stringify(fullest.value))) {
    kept.push({ says: 'everything that may be sent', value: fullest.value })
  }
  return kept
}

function* edges(part: Part, value: unknown, name: string, depth: number): Generator<Boundary> {
  if (depth > maxDepth) return
  const at = (says: string): string => (name === '' ? `body ${says}` : `${name} ${says}`)
  const listed = part.get('enum')?.value
  if (Array.isArray(listed)) {
    for (const one of listed.slice(0, maxItems)) yield { says: at(`as ${JSON.stringify(one)}`), value: one }
    return
  }
  yield { says: at('as null'), value: null }
  if (typeof value === 'boolean') yield { says: at(`as ${!value}`), value: !value }
  if (typeof value === 'number') yield* numbers(part, at)
  if (typeof value === 'string') yield* texts(part, value, at)
  if (Array.isArray(value)) yield* lists(part, value, name, at, depth)
  else if (typeof value === 'object' && value !== null)
    yield* members(part, value as Record<string, unknown>, name, depth)
}

function numberIn(part: Part, keyword: string): number | undefined {
  const given = part.get(keyword)?.value
  return typeof given === 'number' ? given : undefined
}

function* numbers(part: Part, at: (says: string) => string): Generator<Boundary> {
  const step = numberIn(part, 'multipleOf') ?? 1
  const above = numberIn(part, 'exclusiveMinimum')
  const below = numberIn(part, 'exclusiveMaximum')
  const candidates = [
    numberIn(part, 'minimum'),
    numberIn(part, 'maximum'),
    above === undefined ? undefined : above + step,
    below === undefined ? undefined : below - step,
    0,
    1,
  ]
  for (const value of candidates) if (value !== undefined) yield { says: at(`as ${value}`), value }
}

function* texts(part: Part, value: string, at: (says: string) => string): Generator<Boundary> {
  const shortest = numberIn(part, 'minLength') ?? 0
  const limit = numberIn(part, 'maxLength')
  const format = part.text('format')
  // A document may call a URL a text; an example tells.
  const isUrl = isWebUrl(value)
  for (const form of forms[format ?? (isUrl ? 'uri' : '')] ?? []) yield { says: at(`as ${form}`), value: form }
  if (format !== undefined) return
  const ends = limit !== undefined && limit <= longest ? [shortest, limit] : [shortest, longest / 4]
  const plain: Boundary[] = ends
    .filter(length => length > 0)
    .map(length => ({
      says: `of ${length} characters`,
      value: (isUrl ? url : '').padEnd(length, 'a').slice(0, length),
    }))
  if (part.get('minLength') === undefined) plain.push({ says: 'that is empty', value: '', isDoubtful: 'empty' })
  if (limit === undefined) {
    const long = isUrl ? url.padEnd(overlong, 'a') : 'text '.repeat(overlong / 5)
    plain.push({ says: `of ${overlong} characters`, value: long, isDoubtful: 'long' })
  }
  if (limit !== undefined && limit <= longest) plain.push({ says: `of ${limit} emoji`, value: '🦊'.repeat(limit) })
  plain.push({ says: 'with a NUL character', value: nul, isDoubtful: 'unstorable' })
  plain.push(...oddTexts.map(([says, text]) => ({ says: `with ${says}`, value: text })))
  // Whoever sees that URLs are meant may refuse all else.
  for (const { says, ...boundary } of plain)
    yield { ...boundary, says: at(says), ...(isUrl && !isWebUrl(boundary.value) && { isDoubtful: 'no URL' as const }) }
}

/** Whether a value is a URL of the web by its looks, as examples of members are whose schema says no more than text. */
export function isWebUrl(value: unknown): boolean {
  return typeof value === 'string' && /^https?:\/\/[^/]/.test(value)
}

function* lists(
  part: Part,
  value: readonly unknown[],
  name: string,
  at: (says: string) => string,
  depth: number,
): Generator<Boundary> {
  const fewest = numberIn(part, 'minItems') ?? 0
  const most = numberIn(part, 'maxItems')
  yield { says: at(`of ${fewest} items`), value: value.slice(0, fewest) }
  if (most !== undefined && most <= maxItems && value.length > 0) {
    yield {
      says: at(`of ${most} items`),
      value: Array.from({ length: most }, (_, index) => value[index % value.length]),
    }
  }
  const items = part.get('items')
  if (items === undefined || value.length === 0) return
  for (const inner of edges(items, value[0], `${name}[0]`, depth + 1))
    yield { ...inner, value: [inner.value, ...value.slice(1)] }
}

function* members(part: Part, value: Record<string, unknown>, name: string, depth: number): Generator<Boundary> {
  const inside = (member: string): string => (name === '' ? member : `${name}.${member}`)
  yield { says: name === '' ? 'without any member' : `${name} without any member`, value: {}, isDoubtful: 'empty' }
  for (const member of Object.keys(value)) {
    const { [member]: _left, ...rest } = value
    yield { says: `without ${inside(member)}`, value: rest }
  }
  for (const [member, schema] of part.get('properties')?.entries() ?? []) {
    // Only the other side sends it.
    if (schema.is('readOnly')) continue
    const current = Object.hasOwn(value, member) ? value[member] : defaultOf(schema)
    if (current === undefined) continue
    if (!Object.hasOwn(value, member)) yield { says: `with ${inside(member)}`, value: { ...value, [member]: current } }
    for (const inner of edges(schema, current, inside(member), depth + 1))
      yield { ...inner, value: { ...value, [member]: inner.value } }
  }
  if (part.get('additionalProperties')?.value !== false) {
    yield { says: `with ${inside('a member that is not described')}`, value: { ...value, contratoExtra: 'allowed' } }
  }
}

/** A value to begin with for a member that the example leaves out. */
function defaultOf(schema: Part): unknown {
  const stated = schema.get('default')?.value
  if (stated !== undefined) return stated
  const [type] = [schema.get('type')?.value].flat()
  if (type === 'boolean') return true
  if (type === 'string') return schema.get('enum')?.value === undefined ? 'text' : undefined
  if (type === 'integer' || type === 'number') return numberIn(schema, 'minimum') ?? 1
  return undefined
}
