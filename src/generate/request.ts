import { type HttpRequest, isJson, noBytes, parseMediaType } from '../http/index.ts'
import { type Api, type Operation, type Parameter, Part } from '../model/index.ts'
import { sample } from './sample.ts'
import { hash } from './seed.ts'

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
  const query: string[] = []
  const cookies: string[] = []
  let path = operation.path
  for (const parameter of operation.parameters) {
    const value = known.get(parameter.name) ?? (parameter.required ? valueFor(api, parameter) : undefined)
    if (value === undefined) continue
    const text = Array.isArray(value) ? value.join(',') : String(value)
    if (parameter.in === 'path') path = path.replace(`{${parameter.name}}`, encodeURIComponent(text))
    if (parameter.in === 'query') query.push(`${encodeURIComponent(parameter.name)}=${encodeURIComponent(text)}`)
    if (parameter.in === 'header') headers.push(parameter.name, text)
    if (parameter.in === 'cookie') cookies.push(`${parameter.name}=${text}`)
  }
  for (const scheme of operation.security[0] ?? []) {
    const credential = scheme.credential(token)
    if (credential?.in === 'header') headers.push(credential.name, credential.value)
    if (credential?.in === 'query')
      query.push(`${encodeURIComponent(credential.name)}=${encodeURIComponent(credential.value)}`)
    if (credential?.in === 'cookie') cookies.push(`${credential.name}=${credential.value}`)
  }
  if (cookies.length > 0) headers.push('Cookie', cookies.join('; '))
  const body = bodyFor(api, operation)
  if (body !== undefined) headers.push('Content-Type', body.mediaType)
  const target = query.length === 0 ? path : `${path}?${query.join('&')}`
  return { method: operation.method, target, headers, body: body?.bytes ?? noBytes }
}

function valueFor(api: Api, parameter: Parameter): unknown {
  const { schema } = parameter
  const good = parameter.examples.find(({ value }) => schema === undefined || schema.accepts(value))
  if (good !== undefined || schema === undefined) return good?.value ?? parameter.name
  return made(api, schema.pointer, schema)
}

function bodyFor(api: Api, operation: Operation): { mediaType: string; bytes: Uint8Array } | undefined {
  const contents = operation.requestBody?.content ?? []
  const content = contents.find(({ mediaType }) => isJson(parseMediaType(mediaType)?.essence ?? '')) ?? contents[0]
  if (content === undefined) return undefined
  const { schema, mediaType } = content
  const good = content.examples.find(({ value }) => schema === undefined || schema.accepts(value))
  const value = good === undefined && schema !== undefined ? made(api, schema.pointer, schema) : good?.value
  if (value === undefined) return undefined
  return { mediaType, bytes: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)) }
}

function made(api: Api, pointer: string, schema: Parameters<typeof sample>[0]): unknown {
  const part = Part.of(api.document.root).at(pointer)
  const outcome = part && sample(schema, part, hash(pointer))
  return outcome?.kind === 'made' ? outcome.value : undefined
}
