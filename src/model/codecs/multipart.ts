import {
  bestMediaType,
  decodeUtf8,
  type Headers,
  headerOf,
  isJson,
  parameterOf,
  parseMediaType,
} from '../../http/index.ts'
import type { Part } from '../part.ts'
import type { Bracketed } from '../styles/bracket-tree.ts'
import { readBrackets } from '../styles/brackets.ts'
import { coercer, itemOf, loneReader, otherPropertiesOf, propertiesOf, typesOf } from '../styles/coerce.ts'
import { type BodyShape, type Codec, type Decoded, malformed, opaque, type PartFault, plainly } from './codec.ts'
import { contentTypesOf, fieldText, fieldValue } from './field.ts'
import { type BodyPart, parseMultipart } from './multipart-parser.ts'
import { headerFaults } from './part-headers.ts'

/** The boundary of what is written; it occurs in no body that anybody would describe. */
const ownBoundary = 'contrato-5f2b8c61d94e'

/** A multipart Content-Type with the boundary that is written where none is stated. */
export function withBoundary(contentType: string): string {
  const isMultipart = contentType.trim().toLowerCase().startsWith('multipart/')
  return isMultipart && parameterOf(contentType, 'boundary') === undefined
    ? `${contentType}; boundary=${ownBoundary}`
    : contentType
}

/** Multipart bodies of every kind. Source: RFC 2046, section 5.1; RFC 7578; OpenAPI 3.1.1, section 4.8.14.5. */
export const multipart: Codec = {
  takes: essence => essence.startsWith('multipart/'),
  decode: (bytes, contentType, shape) => {
    const boundary = parameterOf(contentType, 'boundary')
    if (boundary === undefined) return malformed('has no boundary: its Content-Type must name one')
    const parsed = parseMultipart(bytes, boundary)
    if ('says' in parsed) return malformed(parsed.says)
    const isForm = parseMediaType(contentType)?.essence === 'multipart/form-data'
    const nameless = parsed.parts.findIndex(part => nameOf(part.headers) === undefined)
    if (nameless === -1) return readForm(parsed.parts, shape)
    if (isForm) return malformed(`has no name in the Content-Disposition of part ${nameless + 1}`)
    return typesOf(shape.schema).has('array') ? readList(parsed.parts, shape) : opaque
  },
  encode: (value, contentType, shape, fieldsOf) => {
    if (typeof value !== 'object' || value === null) return plainly(value)
    const boundary = parameterOf(contentType, 'boundary') ?? ownBoundary
    const chunks: Buffer[] = []
    const fields = Array.isArray(value) ? value.map(item => ['', item] as const) : Object.entries(value)
    const properties = propertiesOf(shape.schema)
    for (const [name, member] of fields) {
      const schema = name === '' ? itemOf(shape.schema) : (properties.get(name) ?? otherPropertiesOf(shape.schema))
      const isRepeated = Array.isArray(member)
      for (const item of isRepeated ? member : [member]) {
        const part = { schema: isRepeated ? itemOf(schema) : schema, encoding: shape.encoding?.get(name) }
        const type = typeFor(part, item)
        const head = headOf(name, type, name === '' ? [] : fieldsOf(name))
        const text = isJson(parseMediaType(type)?.essence ?? '') ? JSON.stringify(item ?? null) : fieldText(item)
        chunks.push(Buffer.from(`--${boundary}\r\n${head}\r\n\r\n${text}\r\n`))
      }
    }
    return Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)])
  },
}

function readForm(parts: readonly BodyPart[], shape: BodyShape): Decoded {
  const byName = new Map<string, BodyPart[]>()
  for (const part of parts) {
    const name = nameOf(part.headers) ?? ''
    const group = byName.get(name)
    if (group === undefined) byName.set(name, [part])
    else group.push(part)
  }
  const properties = propertiesOf(shape.schema)
  const other = otherPropertiesOf(shape.schema)
  const entries: [string, unknown][] = []
  const faults: PartFault[] = []
  for (const [root, found] of inBrackets(byName, properties)) {
    const read = readBrackets(found, properties.get(root))
    if (read === undefined) return malformed(`has a part ${JSON.stringify(root)} that is nested too deeply`)
    entries.push([root, read.value])
  }
  for (const [name, group] of byName) {
    const described = shape.partHeaders?.().get(name)
    if (described !== undefined) faults.push(...headerFaults(name, group, described))
    const schema = properties.get(name) ?? other
    const lone = group.length === 1 ? loneValue(group[0] as BodyPart, schema) : undefined
    if (lone !== undefined) {
      entries.push([name, lone.value])
      continue
    }
    const isArray = typesOf(schema).has('array')
    const values: unknown[] = []
    for (const part of group) {
      const read = readPart(part, isArray && !isWhole(part) ? itemOf(schema) : schema, shape.encoding?.get(name))
      if (read.kind === 'opaque') return read
      if (read.kind === 'malformed') {
        return malformed(`has a part ${JSON.stringify(name)} that ${read.says}`, read.pointer)
      }
      values.push(read.value)
    }
    const [only] = values
    const isList = isArray ? !(values.length === 1 && Array.isArray(only)) : values.length > 1
    entries.push([name, isList ? values : only])
  }
  const value = Object.fromEntries(entries)
  return faults.length === 0 ? { kind: 'value', value } : { kind: 'value', value, faults }
}

/** Takes out the parts whose names stand in brackets behind that of a property: Rails and PHP know no other form. */
function inBrackets(byName: Map<string, BodyPart[]>, properties: ReadonlyMap<string, Part>): Map<string, Bracketed[]> {
  const found = new Map<string, Bracketed[]>()
  for (const [name, group] of byName) {
    const at = name.indexOf('[')
    const root = name.slice(0, at)
    const isOwn = properties.has(name) || byName.has(root)
    if (at <= 0 || !name.endsWith(']') || isOwn || !properties.has(root)) continue
    byName.delete(name)
    const texts = group.map(({ body }) => decodeUtf8(body) ?? Buffer.from(body).toString('latin1'))
    found.set(root, [...(found.get(root) ?? []), ...texts.map(text => [name.slice(at), text] as const)])
  }
  return found
}

/** What one part says that is no item, where the schema allows a list and something else. */
function loneValue(part: BodyPart, schema: Part | undefined): { readonly value: unknown } | undefined {
  if (!typesOf(schema).has('array') || isWhole(part)) return undefined
  const text = decodeUtf8(part.body)
  return text === undefined ? undefined : loneReader(schema)(text, 'ambiguous')
}

/** An array that was sent in one part, as JSON. */
function isWhole({ headers }: BodyPart): boolean {
  return isJson(parseMediaType(headerOf(headers, 'content-type') ?? '')?.essence ?? '')
}

function readList(parts: readonly BodyPart[], { schema }: BodyShape): Decoded {
  const values: unknown[] = []
  for (const [at, part] of parts.entries()) {
    const read = readPart(part, itemOf(schema), undefined)
    if (read.kind === 'opaque') return read
    if (read.kind === 'malformed') return malformed(`has a part ${at + 1} that ${read.says}`)
    values.push(read.value)
  }
  return { kind: 'value', value: values }
}

/** What one part holds: by its own media type, and without one by what the document expects there. */
function readPart({ headers, body }: BodyPart, schema: Part | undefined, encoding: Part | undefined): Decoded {
  const stated = headerOf(headers, 'content-type')
  const expected = contentTypesOf(schema, encoding)
  const essence = parseMediaType(stated ?? '')?.essence
  if (stated !== undefined && encoding?.text('contentType') !== undefined) {
    if (essence === undefined || bestMediaType(expected, essence) === undefined) {
      return malformed(
        `is ${stated} where the document says ${expected.join(' or ')}`,
        `${encoding.pointer}/contentType`,
      )
    }
  }
  const types = typesOf(schema)
  const isFile = types.size === 0 || types.has('string')
  const actual = essence ?? parseMediaType(expected[0] ?? '')?.essence ?? 'text/plain'
  if (isJson(actual)) return readJson(body, stated !== undefined)
  const text = decodeUtf8(body)
  if (actual === 'text/plain' && text !== undefined) {
    // Clients send JSON as a plain text where they do not care to say so.
    if (types.has('object') && !types.has('string')) {
      return { kind: 'value', value: fieldValue(text, 'application/json', schema) }
    }
    return { kind: 'value', value: coercer(schema)(text) }
  }
  // Of a file each byte is one character, so that the lengths in the schema count bytes.
  return isFile ? { kind: 'value', value: Buffer.from(body).toString('latin1') } : opaque
}

function readJson(body: Uint8Array, isStated: boolean): Decoded {
  const text = decodeUtf8(body)
  if (text === undefined) return malformed('is not valid UTF-8')
  try {
    return { kind: 'value', value: JSON.parse(text) }
  } catch {
    return isStated ? malformed('is not valid JSON') : { kind: 'value', value: text }
  }
}

/** Browsers write a quote and line breaks in a name as escapes. Source: HTML Standard, section 4.10.21.8. */
function nameOf(headers: Headers): string | undefined {
  const disposition = headerOf(headers, 'content-disposition')
  const name = disposition === undefined ? undefined : parameterOf(disposition, 'name')
  return name?.replace(/%(?:22|0D|0A)/gi, decodeURIComponent)
}

type Described = { readonly schema: Part | undefined; readonly encoding: Part | undefined }

function typeFor({ schema, encoding }: Described, value: unknown): string {
  const [expected = 'text/plain'] = contentTypesOf(schema, encoding)
  const isJsonByValue = typeof value === 'object' && encoding?.text('contentType') === undefined
  return isJsonByValue ? 'application/json' : concrete(expected)
}

function headOf(name: string, type: string, fields: Headers): string {
  const isFile = !type.startsWith('text/plain') && !isJson(type)
  const lines: string[] = []
  if (name !== '') {
    const quoted = name.replace(/["\r\n]/g, encodeURIComponent)
    lines.push(`Content-Disposition: form-data; name="${quoted}"${isFile ? `; filename="${fileName(type)}"` : ''}`)
  }
  if (type !== 'text/plain' || name === '') lines.push(`Content-Type: ${type}`)
  for (let at = 0; at < fields.length; at += 2) lines.push(`${fields[at]}: ${fields[at + 1]}`)
  return lines.join('\r\n')
}

function concrete(range: string): string {
  if (!range.includes('*')) return range
  return range.startsWith('image/')
    ? 'image/png'
    : range.startsWith('text/')
      ? 'text/plain'
      : 'application/octet-stream'
}

function fileName(type: string): string {
  const kind = /\/(png|jpeg|gif|pdf|csv|zip|xml|mp4)\b/.exec(type)?.[1]
  return `file.${kind ?? 'bin'}`
}
