import { type Api, type BodyShape, decodeBody, encodeBody, type Operation, Part, type Schema } from '../model/index.ts'
import { partFieldsOf } from './part-fields.ts'
import { bodyToSend } from './request-body.ts'
import type { SentBody } from './sent-body.ts'

type Fields = Readonly<Record<string, unknown>>

/** What became of one field that was written and read again. */
type Field = { readonly value: unknown; readonly bytes: string }

/** What became of a form: what arrives, and what tells it from others. */
type Arrived = { readonly value: Fields; readonly key: string }

/**
 * The body that {@link bodyToSend} makes, where it is a form: `application/x-www-form-urlencoded` or multipart. There the
 * text `12` is a number as well, so that a schema is asked about nothing but what was read again.
 */
export function formBody(api: Api, operation: Operation): SentBody | undefined {
  const sent = bodyToSend(api, operation)
  if (sent === undefined || !isForm(sent.mediaType)) return undefined
  const { value, schema, shape, mediaType } = sent
  const part = schema && Part.of(api.document.root).at(schema.pointer)
  if (schema === undefined || part === undefined || !isRecord(value)) return undefined
  const fields = partFieldsOf(shape)
  const write = (one: unknown): Uint8Array => encodeBody(mediaType, one, shape, fields).bytes
  const { contentType } = encodeBody(mediaType, {}, shape, fields)
  const read = (bytes: Uint8Array): Fields | undefined => {
    const decoded = decodeBody(contentType, bytes, shape)
    const isRead = decoded.kind === 'value' && decoded.faults === undefined && isRecord(decoded.value)
    return isRead ? decoded.value : undefined
  }
  const valid = read(write(value))
  if (valid === undefined) return undefined
  // Large forms are many, and each field is written and read by itself.
  const fieldOf = (name: string, member: unknown): Field | undefined => {
    const bytes = write({ [name]: member })
    const found = isMultipart(contentType) ? [read(bytes), read(untyped(bytes))] : [read(bytes)]
    const isMeant = found.every(one => one !== undefined && isAsMeant(name, member, one, shape))
    return isMeant ? { value: found[0]?.[name], bytes: Buffer.from(bytes).toString('latin1') } : undefined
  }
  const known = new WeakMap<object, { readonly as: Arrived | undefined }>()
  const arrivedAs = (one: unknown): Arrived | undefined => {
    if (!isRecord(one)) return undefined
    const before = known.get(one)
    if (before !== undefined) return before.as
    const as = whole(one, value, valid, fieldOf)
    known.set(one, { as })
    return as
  }
  return {
    schema,
    part,
    value,
    write,
    keyOf: one => arrivedAs(one)?.key ?? '',
    arriving: arrivedAs,
    accepts: one => {
      const arrived = arrivedAs(one)
      return arrived !== undefined && schema.accepts(arrived.value)
    },
    refuses: one => {
      const arrived = arrivedAs(one)
      return arrived !== undefined && !schema.accepts(arrived.value) && isCertain(schema, one, arrived.value, value)
    },
  }
}

/** The form as it arrives; fields that are those of the valid one arrive as they do there. */
function whole(
  meant: Fields,
  value: Fields,
  valid: Fields,
  fieldOf: (name: string, member: unknown) => Field | undefined,
): Arrived | undefined {
  const arrived: [string, unknown][] = []
  const keys = Object.keys(value).filter(name => !Object.hasOwn(meant, name))
  for (const [name, member] of Object.entries(meant)) {
    if (member === undefined) continue
    if (isUnchanged(value, name, member)) {
      if (Object.hasOwn(valid, name)) arrived.push([name, valid[name]])
      continue
    }
    const field = fieldOf(name, member)
    if (field === undefined) return undefined
    arrived.push([name, field.value])
    keys.push(`${name}=${field.bytes}`)
  }
  return { value: Object.fromEntries(arrived), key: JSON.stringify(keys) }
}

/** Whether what the schema refuses is to be refused by everybody, however forms are read. */
function isCertain(schema: Schema, meant: unknown, arrived: unknown, valid: Fields): boolean {
  const texts = textsIn(meant, arrived, valid)
  const isConverted = texts.some(({ isWhole }) => !isWhole)
  const isUsual = texts.some(({ text }) => usual.has(text))
  if (!isConverted && !isUsual) return true
  const keywords = schema.mismatches(arrived).map(({ keyword }) => keyword)
  // That a number in the place of a text has no letters is no fault of its type.
  if (isConverted && keywords.every(keyword => ofTexts.has(keyword))) return false
  return !(isUsual && keywords.every(keyword => keyword === 'type'))
}

/** Clauses that only texts break. */
const ofTexts: ReadonlySet<string> = new Set(['pattern', 'format', 'minLength', 'maxLength'])

/**
 * What browsers and frameworks write for yes, no and nothing. No document says how a form writes what is no text, so that
 * nobody is to refuse these for their type. Source: OpenAPI 3.1.1, appendix B; HTML Standard, section 4.10.5.1.15.
 */
const usual: ReadonlySet<string> = new Set(['', '0', '1', 'on', 'off', 'yes', 'no'])

function isForm(mediaType: string): boolean {
  return /^application\/x-www-form-urlencoded\s*(;|$)/i.test(mediaType) || isMultipart(mediaType)
}

function isMultipart(mediaType: string): boolean {
  return /^multipart\//i.test(mediaType)
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The same without the media types of parts, which many servers do not look at. */
function untyped(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1')
  return Buffer.from(text.replace(/\r\nContent-Type: [^\r\n]*/g, ''), 'latin1')
}

/** Whether a field says what it was to say: the same texts in the same places, and nothing beside it. */
function isAsMeant(name: string, meant: unknown, arrived: Fields, { encoding }: BodyShape): boolean {
  const nulls = encoding?.get(name)?.get('style') === undefined ? 'in objects' : 'nowhere'
  return Object.keys(arrived).join() === name && isSame(meant, arrived[name], nulls)
}

function isUnchanged(valid: unknown, name: string, member: unknown): boolean {
  return isRecord(valid) && Object.hasOwn(valid, name) && valid[name] === member
}

/** Where there is a way to write null: objects are written as JSON where no style is stated. */
type Nulls = 'nowhere' | 'in objects' | 'here'

function isSame(meant: unknown, arrived: unknown, nulls: Nulls): boolean {
  if (meant === null || arrived === null) return nulls === 'here' && meant === arrived
  if (typeof meant !== 'object' || typeof arrived !== 'object') {
    return typeof meant !== 'object' && typeof arrived !== 'object' && String(meant) === String(arrived)
  }
  if (Array.isArray(meant) !== Array.isArray(arrived)) return false
  const [of, other] = [Object.entries(meant), arrived as Fields]
  const inside = nulls === 'in objects' && !Array.isArray(meant) ? 'here' : nulls
  return (
    of.length === Object.keys(other).length &&
    of.every(([name, member]) => Object.hasOwn(other, name) && isSame(member, other[name], inside))
  )
}

/** The texts that arrive where something was changed, and whether they were texts before they were sent. */
function textsIn(meant: unknown, arrived: unknown, valid: unknown): readonly { text: string; isWhole: boolean }[] {
  if (typeof meant !== 'object' || meant === null) {
    return typeof arrived === 'string' ? [{ text: arrived, isWhole: typeof meant === 'string' }] : []
  }
  if (typeof arrived !== 'object' || arrived === null) return []
  return Object.entries(meant).flatMap(([name, member]) => {
    if (isUnchanged(valid, name, member) || !Object.hasOwn(arrived, name)) return []
    return textsIn(member, (arrived as Fields)[name], isRecord(valid) ? valid[name] : undefined)
  })
}
