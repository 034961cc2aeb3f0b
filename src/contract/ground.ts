import type { Readings } from '../check/index.ts'
import { resolvePointer } from '../finding/index.ts'
import { exampleRequest, formBody, jsonBody } from '../generate/index.ts'
import { type Exchange, type HttpRequest, isJson, parseMediaType } from '../http/index.ts'
import {
  type Api,
  type Content,
  decodeBody,
  isFitting,
  type Operation,
  Part,
  type Resource,
  SchemaUnusable,
} from '../model/index.ts'
import type { Complaint, Ground } from './case.ts'
import type { ContractOptions, Skipped } from './options.ts'
import { bodyOf, entriesOf } from './thing.ts'

export type GroundsOptions = Pick<
  ContractOptions,
  'token' | 'tokens' | 'added' | 'base' | 'params' | 'seed' | 'workers'
> & {
  readonly resources: readonly Resource[]
  readonly complain: (operation: Operation, complaint: Complaint) => void
  readonly skip: (skipped: Skipped) => void
}

/** Lays the ground that the phases plan from, and learns which ids lead somewhere. */
export class Grounds {
  readonly #api: Api
  readonly #readings: Readings
  readonly #options: GroundsOptions
  /** The credentials that are known, by the name of the scheme. */
  readonly #tokens: ReadonlyMap<string, string>
  /** Values of parameters that are known to lead somewhere: given, or taken from what was created. */
  readonly #known: Map<string, string>
  /** Ids that answers have shown. */
  readonly #seen = new Set<string>()

  constructor(api: Api, readings: Readings, options: GroundsOptions) {
    this.#api = api
    this.#readings = readings
    this.#options = options
    const schemes = api.operations.flatMap(({ security }) => security.flat())
    const { token, tokens } = options
    const all = token === undefined ? [] : schemes.map(({ name }) => [name, token] as const)
    this.#tokens = new Map([...all, ...(tokens ?? [])])
    this.#known = new Map(options.params)
  }

  /** A schema that no validator can be made of leaves nothing to plan from; lint names its place. */
  groundOrReason(operation: Operation): Ground | string {
    try {
      const ground = this.#ground(operation)
      // What cannot be compiled shows when it is first used.
      for (const { schema } of operation.requestBody?.content ?? []) schema?.accepts(ground.body?.value)
      return ground
    } catch (error) {
      if (error instanceof SchemaUnusable) return error.message
      throw error
    }
  }

  /** Remembers the id of what was created, so that the other operations of its resource can use it. */
  learn(operation: Operation, { request, response }: Exchange): void {
    const resource = this.#createdBy(operation)
    if (resource === undefined || response.status >= 300 || response.status === 0) return
    const match = this.#readings.matchOf(request)
    const decoded = decodeBody('application/json', response.body)
    const id = decoded.kind === 'value' ? resolvePointer(decoded.value, [resource.id]) : undefined
    if (typeof id !== 'string' && typeof id !== 'number') return
    for (const [name, segment] of Object.entries(match.kind === 'found' ? match.params : {})) {
      this.#known.set(name, decodeURIComponent(segment))
    }
    this.#known.set(resource.parameter, String(id))
  }

  /** Remembers the ids that an answer shows, so that none of them is taken for one that nothing has. */
  see(operation: Operation, exchange: Exchange, isListed: boolean): void {
    if (exchange.response.status >= 300 || exchange.response.status === 0) return
    for (const { create, list, id } of this.#options.resources) {
      const made = create.id === operation.id ? [bodyOf(exchange)] : []
      const listed = isListed && list?.id === operation.id ? entriesOf(exchange) : undefined
      for (const thing of [...made, ...(listed ?? [])]) {
        const value = thing?.[id]
        if (typeof value === 'string' || typeof value === 'number') this.#seen.add(String(value))
      }
    }
  }

  #ground(operation: Operation): Ground {
    const { added, base = '', params, complain, skip } = this.#options
    const requestOf = (other: Operation, known: ReadonlyMap<string, string>): HttpRequest =>
      exampleRequest(this.#api, other, this.#tokens, known)
    const known = this.#fitting(operation, requestOf)
    const valid = requestOf(operation, known)
    const content = jsonOf(operation)
    const { schema } = content ?? {}
    const bodies = content === undefined ? [] : examplesIn(content)
    const part = schema && Part.of(this.#api.document.root).at(schema.pointer)
    // The fullest body has the most clauses to break.
    const fullest = bodies.map(({ bytes }) => bytes).sort((a, b) => b.length - a.length)[0] ?? valid.body
    const decoded = fullest.length === 0 ? undefined : decodeBody('application/json', fullest)
    const resource = this.#createdBy(operation)
    const certain = operation.parameters.every(
      ({ in: place, name }) => place !== 'path' || known.has(name) || resource !== undefined,
    )
    const body =
      schema !== undefined && part !== undefined && decoded?.kind === 'value'
        ? { schema, part, value: decoded.value }
        : undefined
    return {
      api: this.#api,
      operation,
      valid,
      bodies,
      body,
      sent: body === undefined ? formBody(this.#api, operation) : jsonBody(body.schema, body.part, body.value),
      certain,
      tokenOf: ({ name }) => this.#tokens.get(name),
      added: new Set(added?.map(name => name.toLowerCase())),
      base,
      known,
      seen: this.#seen,
      given: new Set(params?.keys()),
      seed: this.#options.seed ?? 1,
      workers: Math.max(1, this.#options.workers ?? 1),
      resource,
      requestOf,
      isRefused: request => this.#faultOf(operation, request) !== undefined,
      faultOf: request => this.#faultOf(operation, request),
      complain: complaint => complain(operation, complaint),
      skip: (what, why) => skip({ what, why }),
    }
  }

  /** What was learnt of a parameter is of no use to another one of the same name that takes other values. */
  #fitting(
    operation: Operation,
    requestOf: (operation: Operation, known: ReadonlyMap<string, string>) => HttpRequest,
  ): ReadonlyMap<string, string> {
    const given = this.#options.params ?? new Map<string, string>()
    const refuses = (known: ReadonlyMap<string, string>): boolean =>
      this.#faultOf(operation, requestOf(operation, known)) !== undefined
    return this.#known.size > given.size && refuses(this.#known) && !refuses(given) ? given : this.#known
  }

  #faultOf(operation: Operation, request: HttpRequest): string | undefined {
    const match = this.#readings.matchOf(request)
    if (match.kind !== 'found') return `${request.method} ${request.target} is no operation`
    const [fault] = this.#readings.open(request)?.faults ?? []
    if (fault !== undefined) return fault.reason
    const isOther = request.method === operation.method && match.operation.path !== operation.path
    return isOther ? `${request.method} ${request.target} is ${match.operation.id}` : undefined
  }

  #createdBy(operation: Operation): Resource | undefined {
    return this.#options.resources.find(({ create }) => create.id === operation.id)
  }
}

function jsonOf({ requestBody }: Operation): Content | undefined {
  return requestBody?.content.find(({ mediaType }) => isJson(parseMediaType(mediaType)?.essence ?? ''))
}

/** The documented JSON bodies of an operation that its schema accepts, by name. */
export function bodiesOf(operation: Operation): Ground['bodies'] {
  const content = jsonOf(operation)
  return content === undefined ? [] : examplesIn(content)
}

function examplesIn(content: Content): Ground['bodies'] {
  return content.examples
    .filter(example => isFitting(content, example))
    .map(({ name, value, isText }) => ({
      name,
      bytes: Buffer.from(isText === true ? String(value) : JSON.stringify(value)),
    }))
}
