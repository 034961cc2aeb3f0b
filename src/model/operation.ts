import { bestMediaType, type HttpRequest, type HttpResponse, headerOf, isJson, parseMediaType } from '../http/index.ts'
import { decodeBody } from './codecs/index.ts'
import { type Content, readContent } from './content.ts'
import type { Scope } from './expression.ts'
import { lazily } from './lazily.ts'
import { type Parameter, readParameters, type Sent } from './parameters.ts'
import type { Part } from './part.ts'
import { dotted, type Fault, faultsOf, type Reading } from './reading.ts'
import { type ResponseDescription, readResponse } from './response.ts'
import type { Schemas } from './schema.ts'
import { type CredentialOptions, credentialFaults, readSecurity, type Security } from './security/index.ts'

export type RequestBody = { readonly required: boolean; readonly pointer: string; readonly content: readonly Content[] }

/** What an operation is made from. */
export type OperationSource = {
  readonly method: string
  readonly path: string
  readonly root: Part
  readonly pathItem: Part
  readonly part: Part
  readonly schemas: Schemas
  readonly credentials: CredentialOptions
}

const none: readonly Fault[] = []

/** How closely a request is looked at. */
export type ReadOptions = {
  /** `false` lets every request in, with or without credentials. */
  readonly credentials?: boolean
}

/** One method of one path template. Everything but its name is read from the document when it is first asked for. */
export class Operation {
  /** The operationId, or method and path where the document gives none. */
  readonly id: string
  readonly method: string
  /** The path template. */
  readonly path: string
  readonly pointer: string
  readonly summary: string | undefined
  readonly deprecated: boolean
  readonly #source: OperationSource
  readonly #parameters: () => readonly Parameter[]
  readonly #requestBody: () => RequestBody | undefined
  readonly #responses: () => readonly ResponseDescription[]
  readonly #security: () => Security
  /** Content-Type values seen, with what they mean here: clients send the same few. */
  readonly #mediaTypes = new Map<string, { essence: string; content: Content } | string>()

  constructor(source: OperationSource) {
    const { part, pathItem, root, schemas, credentials } = source
    this.#source = source
    this.id = part.text('operationId') ?? `${source.method} ${source.path}`
    this.method = source.method
    this.path = source.path
    this.pointer = part.pointer
    this.summary = part.text('summary')
    this.deprecated = part.is('deprecated')
    this.#parameters = lazily(() => readParameters(pathItem, part, schemas))
    this.#requestBody = lazily(() => readRequestBody(part, schemas))
    this.#responses = lazily(() =>
      [...(part.get('responses')?.entries() ?? [])]
        .filter(([status]) => !status.startsWith('x-'))
        .map(([status, response]) => readResponse(status, response, schemas)),
    )
    this.#security = lazily(() => readSecurity(root, part, credentials))
  }

  get parameters(): readonly Parameter[] {
    return this.#parameters()
  }

  get requestBody(): RequestBody | undefined {
    return this.#requestBody()
  }

  get responses(): readonly ResponseDescription[] {
    return this.#responses()
  }

  get security(): Security {
    return this.#security()
  }

  /** The part of the document that describes it. */
  get part(): Part {
    return this.#source.part
  }

  /** What is promised for a status: by the code itself, else its range, else `default`. OpenAPI 3.1.1, section 4.8.16. */
  responseFor(status: number): ResponseDescription | undefined {
    const range = `${Math.trunc(status / 100)}XX`
    const named = (name: string) => this.responses.find(response => response.status.toUpperCase() === name)
    return named(String(status)) ?? named(range) ?? named('DEFAULT')
  }

  /**
   * Reads a request as this operation understands it. Credentials are looked at first, and nothing else when they are
   * wanting; then the body's size and media type; then parameters and body, all faults of them at once.
   *
   * @param params the raw path segments, as the router found them
   */
  read(request: HttpRequest, params: Readonly<Record<string, string>>, options?: ReadOptions): Reading {
    const query = lazily(
      () =>
        new URLSearchParams(request.target.includes('?') ? request.target.slice(request.target.indexOf('?') + 1) : ''),
    )
    const values: Values = { path: {}, query: {} }
    const parameterFaults = this.#readParameters({ path: params, query, request }, values)
    const isOpen = options?.credentials === false || this.security.length === 0
    const credentials = isOpen ? none : credentialFaults(this.security, request, query)
    if (credentials.length > 0) return { request, ...values, body: undefined, faults: credentials }
    const { body, faults } = this.#readBody(request)
    return {
      request,
      ...values,
      body,
      faults: parameterFaults.length === 0 ? faults : inOrder([...parameterFaults, ...faults]),
    }
  }

  #readParameters(sent: Sent, values: Values): readonly Fault[] {
    let faults: Fault[] | undefined
    for (const parameter of this.parameters) {
      const found = parameter.read(sent)
      if (found.faults.length > 0) {
        faults ??= []
        faults.push(...found.faults)
      }
      if (found.value === undefined) continue
      if (parameter.in === 'path') values.path[parameter.name] = found.value
      if (parameter.in === 'query') values.query[parameter.name] = found.value
    }
    return faults ?? none
  }

  #readBody(request: HttpRequest): { body: unknown; faults: readonly Fault[] } {
    const described = this.requestBody
    if (described === undefined) return { body: undefined, faults: none }
    const fault = (kind: Fault['kind'], reason: string) => ({
      body: undefined,
      faults: [{ kind, reason, pointer: described.pointer }],
    })
    if (request.bodyLimit !== undefined) return fault('too-large', `body: is longer than ${request.bodyLimit} bytes`)
    if (request.body.length === 0) {
      return described.required ? fault('syntax', 'body: is required') : { body: undefined, faults: none }
    }
    const coding = headerOf(request.headers, 'content-encoding')
    if (coding !== undefined && coding.trim().toLowerCase() !== 'identity') {
      return fault('encoding', `Content-Encoding: ${coding} is not supported, send the body as it is`)
    }
    const type = this.#mediaTypeOf(headerOf(request.headers, 'content-type'), described)
    if (typeof type === 'string') return fault('media-type', type)
    const decoded = decodeBody(type.essence, request.body)
    if (decoded.kind === 'opaque') return { body: undefined, faults: none }
    if (decoded.kind === 'malformed') return fault('syntax', `body: ${decoded.says}`)
    const { schema } = type.content
    if (schema === undefined || schema.accepts(decoded.value)) return { body: decoded.value, faults: none }
    return {
      body: decoded.value,
      faults: faultsOf(schema.mismatches(decoded.value), at => (at === '' ? 'body' : dotted(at))),
    }
  }

  #mediaTypeOf(header: string | undefined, described: RequestBody): { essence: string; content: Content } | string {
    const key = header ?? ''
    const known = this.#mediaTypes.get(key)
    if (known !== undefined) return known
    const found = chooseMediaType(header, described.content)
    if (this.#mediaTypes.size < 100) this.#mediaTypes.set(key, found)
    return found
  }
}

type Values = { path: Record<string, unknown>; query: Record<string, unknown> }

/** A body that cannot be taken at all is said before what is wrong inside the rest of the request. */
function inOrder(faults: readonly Fault[]): readonly Fault[] {
  const first = faults.filter(
    fault => fault.kind === 'too-large' || fault.kind === 'media-type' || fault.kind === 'encoding',
  )
  return first.length > 0 ? first : faults
}

function chooseMediaType(
  header: string | undefined,
  documented: readonly Content[],
): { essence: string; content: Content } | string {
  const offer = documented.map(content => content.mediaType).join(' or ')
  if (header === undefined) return `Content-Type: is missing, send ${offer}`
  const type = parseMediaType(header)
  const best =
    type &&
    bestMediaType(
      documented.map(content => content.mediaType),
      type.essence,
    )
  const content = documented.find(candidate => candidate.mediaType === best)
  if (type === undefined || content === undefined) return `Content-Type: ${header} is not supported, send ${offer}`
  if (isJson(type.essence) && type.charset !== undefined && type.charset !== 'utf-8') {
    return `Content-Type: charset ${type.charset} is not supported, JSON is sent as UTF-8`
  }
  return { essence: type.essence, content }
}

function readRequestBody(part: Part, schemas: Schemas): RequestBody | undefined {
  const body = part.get('requestBody')
  if (body === undefined) return undefined
  return { required: body.is('required'), pointer: body.pointer, content: readContent(body, schemas, 'request') }
}

/** What runtime expressions are read against. */
export function scopeOf(
  reading: Reading,
  response: Pick<HttpResponse, 'status' | 'headers'> & { readonly body: unknown },
): Scope {
  const { request, path, query, body } = reading
  return {
    method: request.method,
    url: request.target,
    request: { path, query, headers: request.headers, body },
    response,
  }
}
