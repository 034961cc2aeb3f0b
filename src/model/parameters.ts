import { type HttpRequest, headerOf, isJson } from '../http/index.ts'
import { type Example, examplesOf, schemaExamples } from './content.ts'
import type { Part } from './part.ts'
import { dotted, type Fault, faultsOf } from './reading.ts'
import type { Schema, Schemas } from './schema.ts'
import { type StyleReader, styles } from './styles/index.ts'

export type ParameterPlace = 'path' | 'query' | 'header' | 'cookie'

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
  readonly query: () => URLSearchParams
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
  const holdsJson = mediaType !== undefined && isJson(mediaType)
  const parse = holdsJson ? jsonReader(place) : styles.reader(part, schemaPart, place)
  const spans = !holdsJson && styles.spansParameters(part, schemaPart, place)
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
      return parsed.value === undefined ? absent : judge(parsed.value)
    },
  }

  function judge(value: unknown): { value: unknown; faults: readonly Fault[] } {
    if (schema === undefined || schema.accepts(value)) return { value, faults: none }
    return { value, faults: faultsOf(schema.mismatches(value), label) }
  }
}

/** Reads JSON; a query is decoded already when it comes here, and a header is never encoded. */
function jsonReader(place: ParameterPlace): StyleReader {
  const isEncoded = place === 'path' || place === 'cookie'
  return raw => {
    const text = raw[0] ?? ''
    try {
      return { value: JSON.parse(isEncoded ? decodeURIComponent(text) : text) }
    } catch {
      return { says: 'is not JSON' }
    }
  }
}

/** What was sent under the name, still in its encoded form for path, decoded for query. */
function rawOf(sent: Sent, place: ParameterPlace, name: string): readonly string[] {
  switch (place) {
    case 'path': {
      const value = sent.path[name]
      return value === undefined ? [] : [value]
    }
    case 'query':
      return sent.query().getAll(name)
    case 'header': {
      const value = headerOf(sent.request.headers, name.toLowerCase())
      return value === undefined ? [] : [value]
    }
    case 'cookie':
      return cookiesOf(sent.request, name)
  }
}

/** The values of a cookie. Source: RFC 6265, section 4.2.1. */
export function cookiesOf(request: HttpRequest, name: string): string[] {
  const header = headerOf(request.headers, 'cookie') ?? ''
  return header
    .split(';')
    .map(pair => pair.trim())
    .filter(pair => pair.startsWith(`${name}=`))
    .map(pair => pair.slice(name.length + 1))
}

function isPlace(text: string | undefined): text is ParameterPlace {
  return text === 'path' || text === 'query' || text === 'header' || text === 'cookie'
}
