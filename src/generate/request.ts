import { type HttpRequest, headerOf, isJson, noBytes, parseMediaType } from '../http/index.ts'
import {
  type Api,
  encodeBody,
  type Operation,
  type Parameter,
  Part,
  pairOf,
  type Schema,
  SchemaUnusable,
  targetOf,
} from '../model/index.ts'
import { sample } from './sample.ts'
import { hash } from './seed.ts'
import { writeParameter } from './write-parameter.ts'

/**
 * A request that the operation accepts: documented examples where there are some, made-up values for what is required
 * and has none.
 *
 * @param token what to send as credentials
 * @param known values of parameters by name, which win over examples
 */
export function exampleRequest(
  api: Api,
  operation: Operation,
  token: string,
  known: ReadonlyMap<string, string> = new Map(),
): HttpRequest {
  const headers: string[] = []
  const cookies: string[] = []
  const template = targetOf(operation.path)
  const inTemplate = new Set(template.query.map(pair => pair.split('=')[0]))
  const query: string[] = []
  let [path, fixed] = [template.path, template.query.join('&')]
  for (const parameter of operation.parameters) {
    const value = known.get(parameter.name) ?? (parameter.required ? exampleValue(api, parameter) : undefined)
    if (value === undefined) continue
    const part = Part.of(api.document.root).at(parameter.pointer)
    const written = part === undefined ? [] : writeParameter(part, parameter, value)
    if (parameter.in === 'path') {
      const segment = segmentOf(api, parameter, part, written[0]?.[1])
      const fill = (text: string): string => text.replace(`{${parameter.name}}`, () => segment)
      path = fill(path)
      fixed = fill(fixed)
    }
    if (parameter.in === 'query' && !inTemplate.has(parameter.name)) query.push(...written.map(pairOf))
    if (parameter.in === 'querystring') query.push(...written.map(([, text]) => text))
    if (parameter.in === 'header') headers.push(...written.flat())
    if (parameter.in === 'cookie') cookies.push(...written.map(([name, text]) => `${name}=${text}`))
  }
  // What no parameter describes is named as what it is a value of.
  path = path.replace(/\{([^{}/]+)\}/g, (_, name: string) => encodeURIComponent(known.get(name) ?? name))
  for (const scheme of operation.security[0] ?? []) {
    const isPair = scheme.challenge?.startsWith('Basic') === true && !token.includes(':')
    const credential = scheme.credential(isPair ? `user:${token}` : token)
    if (credential === undefined) continue
    // Two schemes may want the same field, as OAuth 2 in two flows does.
    const { in: place, name, value } = credential
    if (place === 'header' && headerOf(headers, name.toLowerCase()) === undefined) headers.push(name, value)
    const inQuery = `${encodeURIComponent(name)}=${encodeURIComponent(value)}`
    if (place === 'query' && !query.includes(inQuery)) query.push(inQuery)
    const inCookie = `${name}=${value}`
    if (place === 'cookie' && !cookies.includes(inCookie)) cookies.push(inCookie)
  }
  if (cookies.length > 0) headers.push('Cookie', cookies.join('; '))
  const body = bodyFor(api, operation)
  if (body !== undefined) headers.push('Content-Type', body.contentType)
  if (fixed !== '') query.unshift(fixed)
  const target = query.length === 0 ? path : `${path}?${query.join('&')}`
  return { method: operation.method, target, headers, body: body?.bytes ?? noBytes }
}

/** Values that are tried for a path parameter until one is no segment of its own meaning. */
const maxSegments = 5

/** What stands for a parameter in the path: an empty segment or one of dots would make another path. */
function segmentOf(api: Api, parameter: Parameter, part: Part | undefined, written: string | undefined): string {
  const isUsable = (text: string | undefined): text is string => text !== undefined && !/^(|\.|\.\.)$/.test(text)
  if (isUsable(written)) return written
  const { schema, name } = parameter
  const listed = (schema?.value as { enum?: unknown } | undefined)?.enum
  const others = Array.isArray(listed) ? listed : Array.from({ length: maxSegments }, (_, seed) => seed)
  for (const other of others) {
    const value = Array.isArray(listed) || schema === undefined ? other : made(api, schema, other)
    const text = part === undefined ? undefined : writeParameter(part, parameter, value)[0]?.[1]
    if (isUsable(text)) return text
  }
  return name
}

/** A value that a parameter takes: an example that its schema accepts, else a made-up one. */
export function exampleValue(api: Api, { schema, examples, name }: Parameter): unknown {
  const good = examples.find(({ value }) => accepts(schema, value))
  if (good !== undefined || schema === undefined) return good?.value ?? name
  return made(api, schema)
}

function bodyFor(api: Api, operation: Operation): { contentType: string; bytes: Uint8Array } | undefined {
  const contents = operation.requestBody?.content ?? []
  const content = contents.find(({ mediaType }) => isJson(essenceOf(mediaType))) ?? contents[0]
  if (content === undefined) return undefined
  const { schema, mediaType, examples } = content
  const good = examples.find(
    ({ value, isText, says }) => says === undefined && (isText === true || accepts(schema, value)),
  )
  const value = good === undefined && schema !== undefined ? made(api, schema) : good?.value
  if (value === undefined) return undefined
  // A range says which types may be sent, not which one is.
  const concrete = mediaType.includes('*') ? concreteOf(mediaType, value) : mediaType
  return encodeBody(concrete, value, content.shape)
}

function concreteOf(range: string, value: unknown): string {
  const family = range.split('/')[0]
  if (family === 'image') return 'image/png'
  if (family === 'text') return 'text/plain'
  if (family === 'multipart') return 'multipart/form-data'
  return family === '*' || family === 'application' || typeof value !== 'string'
    ? 'application/json'
    : `${family}/octet-stream`
}

function essenceOf(mediaType: string): string {
  return parseMediaType(mediaType)?.essence ?? ''
}

/** A schema of which no validator can be made says nothing against a value. */
function accepts(schema: Schema | undefined, value: unknown): boolean {
  try {
    return schema === undefined || schema.accepts(value)
  } catch (error) {
    if (error instanceof SchemaUnusable) return true
    throw error
  }
}

function made(api: Api, schema: Schema, seed = hash(schema.pointer)): unknown {
  const part = Part.of(api.document.root).at(schema.pointer)
  const outcome = part && sample(schema, part, seed)
  return outcome?.kind === 'made' ? outcome.value : (outcome?.nearest ?? undefined)
}
