import { type HttpRequest, headerOf, noBytes } from '../http/index.ts'
import {
  type Api,
  encodeBody,
  type Operation,
  type Parameter,
  Part,
  pairOf,
  percentEncoded,
  targetOf,
} from '../model/index.ts'
import { accepts, made } from './one.ts'
import { partFieldsOf } from './part-fields.ts'
import { bodyToSend } from './request-body.ts'
import { writeParameter } from './write-parameter.ts'

/** What is sent as credentials: one token for all that is asked for, or one for each security scheme, by its name. */
type Tokens = string | ReadonlyMap<string, string>

/** What stands for the token of a scheme that none is known for. */
const unknownToken = 'contrato'

/**
 * A request that the operation accepts: documented examples where there are some, made-up values for what is required
 * and has none.
 *
 * @param tokens what to send as credentials; of several alternatives the one that there are tokens for is chosen
 * @param known values of parameters by name, which win over examples
 */
export function exampleRequest(
  api: Api,
  operation: Operation,
  tokens: Tokens,
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
  path = path.replace(/\{([^{}/]+)\}/g, (_, name: string) => percentEncoded(known.get(name) ?? name))
  for (const scheme of alternativeFor(operation, tokens)) {
    const token = typeof tokens === 'string' ? tokens : (tokens.get(scheme.name) ?? unknownToken)
    const isPair = scheme.challenge?.startsWith('Basic') === true && !token.includes(':')
    const credential = scheme.credential(isPair ? `user:${token}` : token)
    if (credential === undefined) continue
    // Two schemes may want the same field, as OAuth 2 in two flows does.
    const { in: place, name, value } = credential
    if (place === 'header' && headerOf(headers, name.toLowerCase()) === undefined) headers.push(name, value)
    const inQuery = `${percentEncoded(name)}=${percentEncoded(value)}`
    if (place === 'query' && !query.includes(inQuery)) query.push(inQuery)
    const inCookie = `${name}=${value}`
    if (place === 'cookie' && !cookies.includes(inCookie)) cookies.push(inCookie)
  }
  if (cookies.length > 0) headers.push('Cookie', cookies.join('; '))
  const sent = bodyToSend(api, operation)
  const body = sent && encodeBody(sent.mediaType, sent.value, sent.shape, partFieldsOf(sent.shape))
  if (body !== undefined) headers.push('Content-Type', body.contentType)
  if (fixed !== '') query.unshift(fixed)
  const target = query.length === 0 ? path : `${path}?${query.join('&')}`
  return { method: operation.method, target, headers, body: body?.bytes ?? noBytes }
}

/** The first alternative that there are all tokens for, else the first that there are some for, else the first. */
function alternativeFor({ security }: Operation, tokens: Tokens): Operation['security'][number] {
  const isGiven = ({ name }: { readonly name: string }): boolean => typeof tokens !== 'string' && tokens.has(name)
  const whole = security.find(schemes => schemes.length > 0 && schemes.every(isGiven))
  return whole ?? security.find(schemes => schemes.some(isGiven)) ?? security[0] ?? []
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
    const value = Array.isArray(listed) || schema === undefined ? other : made(api.document.root, schema, other)
    const text = part === undefined ? undefined : writeParameter(part, parameter, value)[0]?.[1]
    if (isUsable(text)) return text
  }
  return name
}

/** A value that a parameter takes: an example that its schema accepts, else a made-up one. */
export function exampleValue(api: Api, { schema, examples, name }: Parameter): unknown {
  const good = examples.find(({ value }) => accepts(schema, value))
  if (good !== undefined || schema === undefined) return good?.value ?? name
  return made(api.document.root, schema)
}
