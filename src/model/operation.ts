import {
  acceptedCodings,
  bestMediaType,
  type HttpRequest,
  type HttpResponse,
  headerOf,
  isJson,
  parseMediaType,
  takeOffCodings,
} from '../http/index.ts'
import { type Codec, codecOf } from './codecs/index.ts'
import { type Content, readContent } from './content.ts'
import type { Scope } from './expression.ts'
import { lazily } from './lazily.ts'
import { type Parameter, readParameters, type Sent } from './parameters.ts'
import type { Part } from './part.ts'
import { Query } from './query.ts'
import { dotted, type Fault, faultsOf, type Reading } from './reading.ts'
import { emptyRecord } from './record.ts'
import { type ResponseDescription, readResponse } from './response.ts'
import { type Schema, type Schemas, SchemaUnusable } from './schema.ts'
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

/** Bytes that a body may have once its codings are taken off. */
const maxDecoded = 10 * 1024 * 1024

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
  readonly #sorts = new Map<string, Sort | string>()

  constructor(source: OperationSource) {
    const { part, pathItem, root, schemas, credentials } = source
    this.#source = source
    this.id = part.text('operationId') ?? `${source.method} ${source.path}`
    this.method = source.method
    this.path = source.path
    this.pointer = part.pointer
    this.summary = part.text('summary')
    this.deprecated = part.is('deprecated')
    // A path parameter that the template has no place for could not be sent; a fragment is not.
    const template = source.path.replace(/#.*$/, '')
    this.#parameters = lazily(() =>
      readParameters(pathItem, part, schemas).filter(
        parameter => parameter.in !== 'path' || template.includes(`{${parameter.name}}`),
      ),
    )
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

  /** Whether the schemas of its path parameters accept these values, as sent. */
  takesPath(params: Readonly<Record<string, string>>): boolean {
    const inPath = this.parameters.filter(parameter => parameter.in === 'path')
    return inPath.every(parameter => takes(parameter, params))
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
    const query = lazily(() => Query.in(request.target))
    const values: Values = { path: nothing, query: nothing, unusable: undefined }
    const parameterFaults = this.#readParameters({ path: params, query, request }, values)
    const isOpen = options?.credentials === false || this.security.length === 0
    const credentials = isOpen ? none : credentialFaults(this.security, request, query)
    const { path, query: parameters } = values
    if (credentials.length > 0) return { request, path, query: parameters, body: undefined, faults: credentials }
    const { body, faults } = this.#readBody(request, values)
    const all = parameterFaults.length === 0 ? faults : inOrder([...parameterFaults, ...faults])
    const reading = { request, path, query: parameters, body, faults: all }
    return values.unusable === undefined ? reading : { ...reading, unusable: values.unusable }
  }

  #readParameters(sent: Sent, values: Values): readonly Fault[] {
    let faults: Fault[] | undefined
    for (const parameter of this.parameters) {
      let found: ReturnType<Parameter['read']>
      try {
        found = parameter.read(sent)
      } catch (error) {
        setAside(error, values)
        continue
      }
      if (found.faults.length > 0) {
        faults ??= []
        faults.push(...found.faults)
      }
      if (found.value === undefined) continue
      if (parameter.in !== 'path' && parameter.in !== 'query') continue
      // A name may be `__proto__`, which is a member like others of what has no prototype.
      if (values[parameter.in] === nothing) values[parameter.in] = emptyRecord()
      values[parameter.in][parameter.name] = found.value
    }
    return faults ?? none
  }

  #readBody(request: HttpRequest, values: Values): { body: unknown; faults: readonly Fault[] } {
    const described = this.requestBody
    if (described === undefined) return { body: undefined, faults: none }
    const fault = (kind: Fault['kind'], reason: string, pointer = described.pointer) => ({
      body: undefined,
      faults: [{ kind, reason, pointer }],
    })
    if (described.content.length === 0) return { body: undefined, faults: none }
    if (request.bodyLimit !== undefined) return fault('too-large', `body: is longer than ${request.bodyLimit} bytes`)
    if (request.body.length === 0) {
      return described.required ? fault('syntax', 'body: is required') : { body: undefined, faults: none }
    }
    let bytes = request.body
    const field = headerOf(request.headers, 'content-encoding')
    if (field !== undefined) {
      const uncoded = takeOffCodings(field, request.body, maxDecoded)
      if (uncoded.kind === 'unknown') {
        return fault(
          'encoding',
          `Content-Encoding: ${uncoded.coding} is not supported, send ${acceptedCodings} or none`,
        )
      }
      if (uncoded.kind === 'malformed')
        return fault('syntax', `body: is not ${uncoded.coding}, as Content-Encoding says`)
      if (uncoded.kind === 'too-large')
        return fault('too-large', `body: is longer than ${maxDecoded} bytes when decoded`)
      bytes = uncoded.bytes
    }
    const contentType = headerOf(request.headers, 'content-type')
    const sort = this.#sortOf(contentType, described)
    if (typeof sort === 'string') return fault('media-type', sort)
    const decoded = sort.codec.decode(bytes, contentType ?? '', sort.content.shape)
    if (decoded.kind === 'opaque') return { body: undefined, faults: none }
    if (decoded.kind === 'malformed') return fault('syntax', `body: ${decoded.says}`, decoded.pointer)
    const ofParts =
      decoded.faults?.map(({ reason, pointer }) => ({ kind: 'invalid', reason, pointer }) as const) ?? none
    const { schema } = sort.content
    if (schema === undefined) return { body: decoded.value, faults: ofParts }
    try {
      const faults = faultsIn(schema, decoded.value)
      return { body: decoded.value, faults: ofParts.length === 0 ? faults : [...ofParts, ...faults] }
    } catch (error) {
      setAside(error, values)
      return { body: decoded.value, faults: ofParts }
    }
  }

  #sortOf(header: string | undefined, described: RequestBody): Sort | string {
    const key = header ?? ''
    const known = this.#sorts.get(key)
    if (known !== undefined) return known
    const found = chooseMediaType(header, described.content)
    if (this.#sorts.size < 100) this.#sorts.set(key, found)
    return found
  }
}

/** What a Content-Type means for an operation: how a body is read, and what it is held against. */
type Sort = { readonly content: Content; readonly codec: Codec }

type Values = {
  path: Record<string, unknown>
  query: Record<string, unknown>
  unusable: SchemaUnusable[] | undefined
}

const nothing: Record<string, unknown> = Object.freeze(Object.create(null))

/** What cannot be judged, because no validator can be made of its schema, is not held against the sender. */
function setAside(error: unknown, values: Values): void {
  if (!(error instanceof SchemaUnusable)) throw error
  values.unusable ??= []
  values.unusable.push(error)
}

function faultsIn(schema: Schema, value: unknown): readonly Fault[] {
  if (schema.accepts(value)) return none
  return faultsOf(schema.mismatches(value), at => (at === '' ? 'body' : dotted(at)))
}

/** A body that cannot be taken at all is said before what is wrong inside the rest of the request. */
function inOrder(faults: readonly Fault[]): readonly Fault[] {
  const first = faults.filter(
    fault => fault.kind === 'too-large' || fault.kind === 'media-type' || fault.kind === 'encoding',
  )
  return first.length > 0 ? first : faults
}

function chooseMediaType(header: string | undefined, documented: readonly Content[]): Sort | string {
  const offer = documented.map(content => content.mediaType).join(' or ')
  if (header === undefined) return `Content-Type: is missing, send ${offer}`
  const type = parseMediaType(header)
  const best =
    type &&
    bestMediaType(
      documented.map(content => content.mediaType),
      header,
    )
  const content = documented.find(candidate => candidate.mediaType === best)
  if (type === undefined || content === undefined) return `Content-Type: ${header} is not supported, send ${offer}`
  if (isJson(type.essence) && type.charset !== undefined && type.charset !== 'utf-8') {
    return `Content-Type: charset ${type.charset} is not supported, JSON is sent as UTF-8`
  }
  return { content, codec: codecOf(header) }
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

function takes(parameter: Parameter, path: Readonly<Record<string, string>>): boolean {
  try {
    const request = { method: '', target: '', headers: [], body: new Uint8Array() }
    return parameter.read({ path, query: () => Query.of(''), request }).faults.length === 0
  } catch (error) {
    // A schema that nothing can be held against takes everything.
    if (error instanceof SchemaUnusable) return true
    throw error
  }
}
