import { hash } from '../generate/index.ts'
import {
  type Handler,
  type HttpRequest,
  type HttpResponse,
  headerOf,
  isJson,
  noBytes,
  parseMediaType,
} from '../http/index.ts'
import {
  type Api,
  type Content,
  type Match,
  type Operation,
  type Reading,
  type ResponseDescription,
  scopeOf,
} from '../model/index.ts'
import { Bodies, contentTypeOf, encodeRelated, type MadeBody } from './bodies.ts'
import { type Choice, type Choosing, choose } from './choose.ts'
import { answerOptions, share } from './cors.ts'
import { Occurrences } from './occurrences.ts'
import { noWishes, readWishes, type Wishes } from './prefer.ts'
import { problem } from './problem.ts'
import { Refusals } from './refuse.ts'
import { putInOrder } from './relate.ts'
import { makeTemplate, type Template } from './template.ts'

export type MockOptions = {
  /** Generates bodies for every answer instead of serving the documented examples. */
  readonly dynamic?: boolean
  /** Changes what chance comes up with; the same seed and request give the same answer. */
  readonly seed?: string
  /** The time of day for answers that carry one. */
  readonly now?: () => Date
  /** Told once about each place where the document makes a valid answer impossible. */
  readonly onNotice?: (notice: string) => void
}

type Known = Exclude<Match, { kind: 'unknown-path' }>

/** `Accept` values whose choice is kept for an operation. */
const maxChoices = 50

/** Longest delay that a request may ask for, in milliseconds. */
const maxDelay = 60_000

/** Answers requests as a document promises: match, read, choose, render. */
export class Mock {
  readonly api: Api
  readonly #options: MockOptions
  readonly #bodies: Bodies
  readonly #occurrences = new Occurrences()
  readonly #noticed = new Set<string>()
  readonly #refusals: Refusals
  readonly #choices = new Map<Operation, Map<string | undefined, Choosing>>()
  readonly #templates = new Map<Content, { readonly template: Template | undefined }>()

  constructor(api: Api, options: MockOptions = {}) {
    this.api = api
    this.#options = options
    this.#bodies = new Bodies(api.document.root)
    this.#refusals = new Refusals(this.#bodies, options.now ?? (() => new Date()))
  }

  /** The mock as a handler. */
  readonly handler: Handler = async request => {
    const match = this.find(request.method, request.target)
    return match === undefined ? this.missing(request) : this.reply(match, request)
  }

  /** What a method and a target lead to, or `undefined` when the path is none of the document's. */
  find(method: string, target: string): Known | undefined {
    const match = this.api.match(method, target)
    return match.kind === 'unknown-path' ? undefined : match
  }

  /** The answer to a request whose path the document knows. */
  reply(match: Known, request: HttpRequest): HttpResponse | Promise<HttpResponse> {
    const isPreflight =
      request.method === 'OPTIONS' && headerOf(request.headers, 'access-control-request-method') !== undefined
    if (match.kind === 'found' && !isPreflight) {
      const response = this.#serve(match.operation, request, match.params)
      return response instanceof Promise ? response.then(late => share(request, late)) : share(request, response)
    }
    const allow = match.kind === 'found' ? this.#allowedAt(match.operation.path) : match.allow
    if (request.method === 'OPTIONS') return answerOptions(request, allow)
    const path = match.kind === 'found' ? match.operation.path : match.path
    const detail = `${request.method} is not an operation of ${path}; there are ${allow.join(', ')}.`
    return share(request, problem(405, detail, { headers: ['allow', allow.join(', ')] }))
  }

  /** The answer for a path that the document does not know, with what may have been meant. */
  missing(request: HttpRequest): HttpResponse {
    const match = this.api.match(request.method, request.target)
    const nearest = match.kind === 'unknown-path' ? match.nearest : []
    const path = request.target.split('?')[0] ?? ''
    const first = nearest[0]
    const hint = first === undefined ? '' : ` The nearest is ${first.operation}: ${first.why}.`
    const detail = `No operation of ${this.api.title} has the path ${path}.${hint}`
    return share(request, problem(404, detail, nearest.length === 0 ? {} : { members: { nearest } }))
  }

  #allowedAt(path: string): string[] {
    return this.api.operations.filter(operation => operation.path === path).map(operation => operation.method)
  }

  #serve(
    operation: Operation,
    request: HttpRequest,
    params: Readonly<Record<string, string>>,
  ): HttpResponse | Promise<HttpResponse> {
    const reading = operation.read(request, params)
    if (reading.faults.length > 0) return this.#refusals.refuse(operation, reading)
    const wishes = readWishes(request)
    const accept = headerOf(request.headers, 'accept')
    const choosing = this.#choose(operation, wishes, accept)
    if (choosing.kind === 'not-acceptable') {
      const offered = choosing.offered.join(', ')
      return problem(406, `Accept: ${accept} leaves nothing of what ${operation.id} offers: ${offered}.`, {
        members: { offered: choosing.offered },
      })
    }
    if (choosing.kind === 'not-possible') {
      const possible = choosing.possible.join(', ') || 'none'
      return problem(400, `Prefer: ${choosing.wish} is not possible for ${operation.id}; possible are: ${possible}.`, {
        members: { possible: choosing.possible },
      })
    }
    const response = this.#render(operation, reading, choosing.choice)
    return wishes === noWishes ? response : this.#later(wishes.delay, response)
  }

  #render(operation: Operation, reading: Reading, choice: Choice): HttpResponse {
    const { response, status, content, applied } = choice
    const headers = response.headers.length === 0 ? [] : this.#headersOf(response)
    if (applied.length > 0) headers.push('preference-applied', applied.join(', '))
    if (content === undefined) return { status, headers, body: noBytes }
    const scope = scopeOf(reading, { status, headers, body: undefined })
    const seed = () => {
      const key = this.#seedOf(operation, reading, choice)
      return hash('unique', key, this.#occurrences.next(key))
    }
    const template = this.#templateFor(choice)
    const filled = template?.fill(scope, seed)
    if (template !== undefined && filled !== undefined) {
      headers.push('content-type', content.mediaType)
      return { status, headers, body: Buffer.from(filled) }
    }
    const made = this.#bodyFor(operation, reading, choice)
    if (made.says !== undefined) this.#notice(`${operation.id} ${status}: ${made.says}`)
    headers.push('content-type', contentTypeOf(content.mediaType, made.value))
    return { status, headers, body: encodeRelated(content, made.value, response.relations, scope, seed) }
  }

  /** Without wishes the choice depends on `Accept` alone, and clients send the same few. */
  #choose(operation: Operation, wishes: Wishes, accept: string | undefined): Choosing {
    const byDefault = { dynamic: this.#options.dynamic === true }
    if (wishes !== noWishes) return choose(operation, wishes, accept, byDefault)
    const known = this.#choices.get(operation) ?? new Map<string | undefined, Choosing>()
    this.#choices.set(operation, known)
    const choosing = known.get(accept) ?? choose(operation, wishes, accept, byDefault)
    if (known.size < maxChoices) known.set(accept, choosing)
    return choosing
  }

  /** The template of the example that is served, where the relations of the response allow one. */
  #templateFor({ content, example, dynamic, response }: Choice): Template | undefined {
    if (
      content === undefined ||
      example !== undefined ||
      dynamic ||
      !isJson(parseMediaType(content.mediaType)?.essence ?? '')
    )
      return undefined
    const known = this.#templates.get(content)
    if (known !== undefined) return known.template
    const made = this.#bodies.byExample(content)
    putInOrder(response.relations, made.value)
    const template =
      made.says === undefined ? makeTemplate(this.api, content, made.value, response.relations) : undefined
    this.#templates.set(content, { template })
    return template
  }

  #bodyFor(operation: Operation, reading: Reading, choice: Choice): MadeBody {
    const { content, example, dynamic } = choice
    if (content === undefined) return { value: undefined }
    if (dynamic) return this.#bodies.generated(content, this.#seedOf(operation, reading, choice))
    if (example === undefined) return this.#bodies.byExample(content)
    if (content.schema === undefined || content.schema.accepts(example.value))
      return { value: structuredClone(example.value) }
    return {
      ...this.#bodies.byExample(content),
      says: `the example "${example.name}" does not match its schema, another body was sent`,
    }
  }

  /** Chance for a request: the same whatever was asked before it. */
  #seedOf(operation: Operation, { request }: Reading, choice: Choice): number {
    return hash(this.#options.seed ?? '', choice.seed ?? '', operation.id, choice.status, request.target, request.body)
  }

  #headersOf(response: ResponseDescription): string[] {
    return response.headers.flatMap(header => {
      const value = header.example?.value ?? this.#bodies.forHeader(header)
      return value === undefined
        ? []
        : [header.name.toLowerCase(), Array.isArray(value) ? value.join(',') : String(value)]
    })
  }

  #later(delay: string | undefined, response: HttpResponse): HttpResponse | Promise<HttpResponse> {
    const milliseconds = Number(delay)
    if (delay === undefined || delay === '' || !(milliseconds >= 0)) return response
    const waited = Math.min(milliseconds, maxDelay)
    return new Promise(resolve => setTimeout(() => resolve(applied(response, `delay=${waited}`)), waited))
  }

  #notice(text: string): void {
    if (this.#noticed.has(text)) return
    this.#noticed.add(text)
    this.#options.onNotice?.(text)
  }
}

function applied(response: HttpResponse, preference: string): HttpResponse {
  const headers = [...response.headers]
  const at = headers.indexOf('preference-applied')
  if (at === -1) headers.push('preference-applied', preference)
  else headers[at + 1] = `${headers[at + 1]}, ${preference}`
  return { ...response, headers }
}
