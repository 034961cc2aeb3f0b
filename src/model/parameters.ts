import { type HttpRequest, headerOf, isJson, parseMediaType } from '../http/index.ts'
import { type BodyShape, decodeBody } from './codecs/index.ts'
import { cookiesOf } from './cookies.ts'
import { type Example, examplesOf, schemaExamples } from './examples.ts'
import type { Part } from './part.ts'
import type { Query } from './query.ts'
import { dotted, type Fault, faultsOf } from './reading.ts'
import type { Schema, Schemas } from './schema.ts'
import { badEscape, decodeAt } from './styles/decode.ts'
import { type Parsed, type StyleReader, serializationOf, styles } from './styles/index.ts'

/** `querystring`, the query as a whole, is of OpenAPI 3.2.0, section 4.12.1. */
export type ParameterPlace = 'path' | 'query' | 'querystring' | 'header' | 'cookie'

/** A parameter of an operation. */
export type Parameter = {
  readonly name: string
  readonly in: ParameterPlace
  readonly required: boolean
  readonly pointer: string
  readonly schema: Schema | undefined
  readonly examples: readonly Example[]
  /** Its value in the request, `undefined` when it is not sent or of a form that is not read. */
  read(sent: Sent): { readonly value: unknown; readonly faults: readonly Fault[] }
}

/** The places of a request that parameters are read from. */
export type Sent = {
  readonly path: Readonly<Record<string, string>>
  readonly query: () => Query
  readonly request: HttpRequest
}

const none: readonly Fault[] = []

/** The parameters of an operation; its own replace those of its path item that have the same name and place. */
export function readParameters(pathItem: Part, operation: Part, schemas: Schemas): Parameter[] {
  const byKey = new Map<string, Parameter>()
  for (const part of [pathItem.get('parameters'), operation.get('parameters')]) {
    for (const [, entry] of part?.entries() ?? []) {
      const parameter = readParameter(entry, schemas)
      if (parameter !== undefined) byKey.set(`${parameter.in} ${parameter.name}`, parameter)
    }
  }
  return [...byKey.values()]
}

function readParameter(part: Part, schemas: Schemas): Parameter | undefined {
  const name = part.text('name')
  const place = part.text('in')
  if (name === undefined || !isPlace(place)) return undefined
  // OpenAPI 3.1.1, section 4.8.12.1: these header parameters are ignored, other parts of the operation describe them.
  if (place === 'header' && ['accept', 'content-type', 'authorization'].includes(name.toLowerCase())) return undefined
  const [mediaType, content] = [...(part.get('content')?.entries() ?? [])][0] ?? []
  const schemaPart = content === undefined ? part.get('schema') : content.get('schema')
  const schema = schemaPart && schemas.at(schemaPart.pointer, schemaPart.value, 'request')
  const required = part.is('required') || place === 'path'
  const label = (at: string) => {
    const inside = dotted(at)
    return `${name}${inside === '' || inside.startsWith('[') ? '' : '.'}${inside} (${place})`
  }
  const fault = (reason: string): Fault => ({
    kind: 'invalid',
    reason: `${label('')}: ${reason}`,
    pointer: part.pointer,
  })
  const form = serializationOf(part, schemaPart, place, name)
  const parse =
    content === undefined || mediaType === undefined
      ? styles.reader(form)
      : contentReader(mediaType, place, { schema: schemaPart, encoding: content.get('encoding') })
  const spans = content === undefined && styles.spansParameters(form)
  const absent = { value: undefined, faults: required ? [fault('is required')] : none }
  const mayBeEmpty = place === 'query' && part.is('allowEmptyValue')

  return {
    name,
    in: place,
    required,
    pointer: part.pointer,
    schema,
    examples: [...examplesOf(part), ...schemaExamples(schemaPart)],
    read: sent => {
      const raw = rawOf(sent, place, name)
      if (raw.length === 0 && !spans) return absent
      if (mayBeEmpty && raw[0] === '') return { value: '', faults: none }
      const parsed = parse(raw, sent)
      if (parsed === undefined) return { value: undefined, faults: none }
      if (parsed.says !== undefined) return { value: undefined, faults: [fault(parsed.says)] }
      return parsed.value === undefined ? absent : judge(parsed.value, parsed.otherwise)
    },
  }

  function judge(value: unknown, otherwise?: () => Parsed): { value: unknown; faults: readonly Fault[] } {
    if (schema === undefined || schema.accepts(value)) return { value, faults: none }
    const other = otherwise?.().value
    if (other !== undefined && schema.accepts(other)) return { value: other, faults: none }
    return { value, faults: faultsOf(schema.mismatches(value), label) }
  }
}

/** Reads a value that is sent as a media type says. */
function contentReader(mediaType: string, place: ParameterPlace, shape: BodyShape): StyleReader {
  const essence = parseMediaType(mediaType)?.essence ?? mediaType
  const isForm = essence === 'application/x-www-form-urlencoded' && place === 'querystring'
  return raw => {
    const text = isForm ? raw[0] : decodeAt[place](raw[0] ?? '')
    if (text === undefined) return badEscape
    const decoded = decodeBody(mediaType, Buffer.from(text), shape)
    if (decoded.kind === 'opaque') return undefined
    if (decoded.kind === 'value') return { value: decoded.value }
    return { says: isJson(essence) ? 'is not JSON' : decoded.says }
  }
}

/** What was sent under the name, still in its encoded form. */
function rawOf(sent: Sent, place: ParameterPlace, name: string): readonly string[] {
  switch (place) {
    case 'path': {
      const value = sent.path[name]
      return value === undefined ? [] : [value]
    }
    case 'query':
      return sent.query().all(name)
    case 'querystring': {
      const { text } = sent.query()
      return text === '' ? [] : [text]
    }
    case 'header': {
      const value = headerOf(sent.request.headers, name.toLowerCase())
      return value === undefined ? [] : [value]
    }
    case 'cookie':
      return cookiesOf(sent.request, name)
  }
}

function isPlace(text: string | undefined): text is ParameterPlace {
  return text === 'path' || text === 'query' || text === 'querystring' || text === 'header' || text === 'cookie'
}
