import { decodeUtf8, noBytes } from '../../http/index.ts'
import type { Sent } from '../parameters.ts'
import type { Part } from '../part.ts'
import { decodeQuery, Query } from '../query.ts'
import { itemOf, loneReader, otherPropertiesOf, propertiesOf, requiredOf, typesOf } from '../styles/coerce.ts'
import { badEscape } from '../styles/decode.ts'
import { readBelow } from '../styles/deep-object.ts'
import { percentEncoded } from '../styles/encode.ts'
import { type Parsed, serializationOf, styles } from '../styles/index.ts'
import { pairOf, type Written, writeValue } from '../styles/write.ts'
import { type BodyShape, type Codec, malformed, opaque, plainly } from './codec.ts'
import { contentTypesOf, fieldText, fieldValue } from './field.ts'

/** Fields of one form; frameworks stop at a thousand. */
const maxFields = 10_000

/** `application/x-www-form-urlencoded`. Source: URL Standard, section 5.1; OpenAPI 3.1.1, sections 4.8.14.4 and 4.8.15. */
export const form: Codec = {
  takes: essence => essence === 'application/x-www-form-urlencoded',
  decode: (bytes, _contentType, shape) => {
    const text = decodeUtf8(bytes)
    if (text === undefined) return malformed('is not valid UTF-8')
    let fields = 1
    for (let at = text.indexOf('&'); at !== -1 && fields <= maxFields; at = text.indexOf('&', at + 1)) fields += 1
    if (fields > maxFields) return malformed(`has more than ${maxFields} fields`)
    // What a form stands for that is said to be a text or a list is not said.
    if (!namedReaders(shape).isFields) return opaque
    const query = Query.of(text.trim())
    const entries: [string, unknown][] = []
    for (const [name, read] of readersOf(shape, query)) {
      const parsed = read(query)
      if (parsed?.says !== undefined) return malformed(`has a field ${JSON.stringify(name)} that ${parsed.says}`)
      if (parsed?.value !== undefined) entries.push([name, parsed.value])
    }
    return { kind: 'value', value: Object.fromEntries(entries) }
  },
  encode: (value, _contentType, shape) => {
    if (typeof value !== 'object' || value === null) return plainly(value)
    const properties = propertiesOf(shape.schema)
    const required = requiredOf(shape.schema)
    const other = otherPropertiesOf(shape.schema)
    const pairs = Object.entries(value).flatMap(([name, member]) => {
      if (member === undefined) return []
      const encoding = shape.encoding?.get(name)
      return writeField(name, member, properties.get(name) ?? other, encoding, required.has(name))
    })
    return Buffer.from(pairs.map(pairOf).join('&'))
  },
}

type FieldReader = (query: Query) => Parsed | undefined

/** Readers of what the schema names, then of what else was sent. */
function* readersOf(shape: BodyShape, query: Query): Generator<[string, FieldReader]> {
  const { named, claimed } = namedReaders(shape)
  yield* named
  const other = otherPropertiesOf(shape.schema)
  const seen = new Set<string>()
  for (const [name] of query.pairs) {
    const root = query.all(name).length > 0 && !name.endsWith(']') ? name : (name.split('[', 1)[0] as string)
    if (claimed.has(name) || claimed.has(root) || seen.has(root || name)) continue
    seen.add(root || name)
    yield [root || name, fieldReader(root || name, other, undefined)]
  }
}

type NamedReaders = {
  readonly named: readonly [string, FieldReader][]
  readonly claimed: ReadonlySet<string>
  /** Whether the schema may be that of an object. */
  readonly isFields: boolean
}

const kept = new WeakMap<BodyShape, NamedReaders>()

function namedReaders(shape: BodyShape): NamedReaders {
  const known = kept.get(shape)
  if (known !== undefined) return known
  const named: [string, FieldReader][] = []
  const claimed = new Set<string>()
  for (const [name, schema] of propertiesOf(shape.schema)) {
    const encoding = shape.encoding?.get(name)
    named.push([name, fieldReader(name, schema, encoding)])
    claimed.add(name)
    // The members of an object that is spread out are fields of their own.
    if (isStyled(encoding) && styles.spansParameters(serializationOf(encoding, schema, 'query', name))) {
      for (const member of propertiesOf(schema).keys()) claimed.add(member)
    }
  }
  const types = typesOf(shape.schema)
  const made = { named, claimed, isFields: types.size === 0 || types.has('object') }
  kept.set(shape, made)
  return made
}

function fieldReader(name: string, schema: Part | undefined, encoding: Part | undefined): FieldReader {
  if (isStyled(encoding)) {
    const form = serializationOf(encoding, schema, 'query', name)
    const read = styles.reader(form)
    const spans = styles.spansParameters(form)
    return query => (spans || query.all(name).length > 0 ? read(query.all(name), sentIn(query)) : undefined)
  }
  const [contentType = ''] = contentTypesOf(schema, encoding)
  const isArray = typesOf(schema).has('array')
  const item = itemOf(schema)
  const readLone = loneReader(schema)
  return query => {
    const raw = query.all(name)
    if (raw.length > 0) {
      const texts = raw.map(decodeQuery)
      if (texts.includes(undefined)) return badEscape
      const lone = isArray && texts.length === 1 ? readLone(texts[0] as string, 'ambiguous') : undefined
      if (lone !== undefined) return lone
      if (isArray) return { value: (texts as string[]).map(text => fieldValue(text, contentType, item)) }
      if (schema === undefined && texts.length > 1) return { value: texts }
      return { value: fieldValue(texts.at(-1) as string, contentType, schema) }
    }
    return readBelow(query, name, schema)
  }
}

/** With a style, the media type of a property does not count. Source: OpenAPI 3.1.1, section 4.8.15.1.2. */
function isStyled(encoding: Part | undefined): encoding is Part {
  return encoding !== undefined && ['style', 'explode', 'allowReserved'].some(name => encoding.get(name) !== undefined)
}

function sentIn(query: Query): Sent {
  return { path: {}, query: () => query, request: { method: '', target: '', headers: [], body: noBytes } }
}

function writeField(
  name: string,
  value: unknown,
  schema: Part | undefined,
  encoding: Part | undefined,
  required: boolean,
): readonly Written[] {
  if (isStyled(encoding)) {
    const reserved = encoding.is('allowReserved')
    return writeValue({ ...serializationOf(encoding, schema, 'query', name), reserved, required }, value)
  }
  const items = Array.isArray(value) ? value : [value]
  return items.map(item => [percentEncoded(name), percentEncoded(fieldText(item))] as const)
}
