import { hash } from '../generate/index.ts'
import { type Handler, type Headers, type HttpRequest, type HttpResponse, headerOf, noBytes } from '../http/index.ts'
import {
  type Api,
  type Content,
  type Match,
  meantOf,
  type Operation,
  type Reading,
  SchemaUnusable,
  scopeOf,
} from '../model/index.ts'
import { Bodies, contentTypeOf, encodeRelated, type MadeBody } from './bodies.ts'
import { type Choice, type ChoiceOptions, type Choosing, choose } from './choose.ts'
import { answerOptions, share } from './cors.ts'
import { GeneratedBodies } from './generated.ts'
import { delayOf, later, maxDelay, withDeprecation } from './later.ts'
import { noWishes, readWishes, type Wishes, yesOrNo } from './prefer.ts'
import { problem } from './problem.ts'
import { Refusals } from './refuse.ts'
import { relateFields } from './relate.ts'
import { type Remembered, Resources } from './resources/resources.ts'
import type { Template } from './template.ts'
import { Templates } from './templates.ts'
import { type Fresh, Uniques } from './uniques.ts'

export type MockOptions = {
  /** Generates bodies for every answer instead of serving the documented examples. */
  readonly dynamic?: boolean
  /** `false` answers requests that break the document as if they kept it. */
  readonly validate?: boolean
  /** `false` asks nobody for credentials. */
  readonly auth?: boolean
  /** Reads the document as if it had given no examples. */
  readonly ignoreExamples?: boolean
  /** Changes what chance comes up with; the same seed and request give the same answer. */
  readonly seed?: string
  /** The time of day for answers that carry one. */
  readonly now?: () => Date
  /** Told once about each place where the document makes a valid answer impossible. */
  readonly onNotice?: (notice: string) => void
  /** Where values come from that are never given out twice; shared by mocks that take each other's place. */
  readonly uniques?: Uniques
  /** Where what is created is remembered; without it, the same request gets the same answer whatever was asked before. */
  readonly remembered?: Remembered
}

type Known = Exclude<Match, { kind: 'unknown-path' }>

/** `Accept` values whose choice is kept for an operation. */
const maxChoices = 50

/** Unreachable operations that are named one by one. */
const maxTold = 3

/** Answers requests as a document promises: match, read, choose, render. */
export class Mock {
  readonly api: Api
  readonly #options: MockOptions
  readonly #bodies: Bodies
  readonly #uniques: Uniques
  readonly #generated = new GeneratedBodies()
  readonly #noticed = new Set<string>()
  readonly #refusals: Refusals
  readonly #resources: Resources | undefined
  readonly #choiceOptions: ChoiceOptions
  readonly #choices = new Map<Operation, Map<string | undefined, Choosing>>()
  readonly #templates: Templates

  constructor(api: Api, options: MockOptions = {}) {
    this.api = api
    this.#options = options
    this.#uniques = options.uniques ?? new Uniques()
    this.#templates = new Templates(api)
    const notice = (text: string): void => this.#notice(text)
    this.#tellUnreachable()
    this.#bodies = new Bodies(api.document.root, notice, options.ignoreExamples === true)
    this.#choiceOptions = { dynamic: options.dynamic === true, usable: this.#bodies.usable }
    this.#refusals = new Refusals({
      bodies: this.#bodies,
      now: options.now ?? (() => new Date()),
      notice,
      fresh: (operation, { request }, status) => {
        const key = hash('refusal', options.seed ?? '', operation.id, status, request.target, request.body)
        return (place, varier) => this.#uniques.next(key, place, varier)
      },
    })
    const { now = () => new Date() } = options
    this.#resources = options.remembered && new Resources(api, options.remembered, { now, notice })
  }

  /** The mock as a handler. */
  readonly handler: Handler = async request => {
    const match = this.find(request.method, request.target, request.headers)
    return match === undefined ? this.missing(request) : this.reply(match, request)
  }

  /** What a method and a target lead to, or `undefined` when the path is none of the document's. */
  find(method: string, target: string, headers?: Headers): Known | undefined {
    const match = this.api.match(method, target, headers)
    return match.kind === 'unknown-path' ? undefined : match
  }

  /** The answer to a request whose path the document knows. */
  reply(match: Known, request: HttpRequest): HttpResponse | Promise<HttpResponse> {
    const isPreflight =
      request.method === 'OPTIONS' && headerOf(request.headers, 'access-control-request-method') !== undefined
    if (match.kind === 'found' && !isPreflight) {
      const { operation, params } = match.overloads === undefined ? match : meantOf(match.overloads, request)
      const response = this.#serve(operation, request, params)
      if (response instanceof Promise) return response.then(late => share(request, withDeprecation(operation, late)))
      return share(request, withDeprecation(operation, response))
    }
    const allow = match.kind === 'found' ? this.#allowedAt(match.operation.path) : match.allow
    if (request.method === 'OPTIONS') return answerOptions(request, allow)
    const path = match.kind === 'found' ? match.operation.path : match.path
    const detail = `${request.method} is not an operation of ${path}; there are ${allow.join(', ')}.`
    return share(request, problem(405, detail, { headers: ['allow', allow.join(', ')] }))
  }

  /**
   * The answer for a path that the document does not know, with what may have been meant.
   *
   * @param beside mocks that are served together with this one and do not know the path either
   */
  missing(request: HttpRequest, beside: readonly Mock[] = []): HttpResponse {
    if (request.method === 'OPTIONS') {
      // RFC 9110, section 9.3.7: `*` asks about the server as a whole.
      if (request.target === '*') return answerOptions(request, this.#methods())
      // A page is let through to the answer that says what is wrong with its path.
      const wanted = headerOf(request.headers, 'access-control-request-method')
      if (wanted !== undefined) return answerOptions(request, [wanted])
    }
    const others = beside.map(({ api }) => api)
    const nearest = this.api.nearest(request.method, request.target, others)
    const titles = [this.api, ...others].map(({ title }) => title).join(' or ')
    const path = request.target.split('?')[0] ?? ''
    const first = nearest[0]
    const hint = first === undefined ? '' : ` The nearest is ${first.operation}: ${first.why}.`
    const detail = `No operation of ${titles} has the path ${path}.${hint}`
    return share(request, problem(404, detail, nearest.length === 0 ? {} : { members: { nearest } }))
  }

  #methods(): string[] {
    return [...new Set([...this.api.operations.map(({ method }) => method), 'HEAD', 'OPTIONS'])]
  }

  #allowedAt(path: string): string[] {
    return this.api.operations.filter(operation => operation.path === path).map(operation => operation.method)
  }

  #serve(
    operation: Operation,
    request: HttpRequest,
    params: Readonly<Record<string, string>>,
  ): HttpResponse | Promise<HttpResponse> {
    const wishes = readWishes(request)
    const misled = wishes.server === undefined ? undefined : this.#misled(wishes.server)
    if (misled !== undefined) return misled
    const reading = this.#read(operation, request, params, wishes)
    if (reading.faults.length > 0) return this.#refusals.refuse(operation, reading)
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
    if (choosing.kind === 'nothing-promised') {
      return problem(501, `The document promises no answer for ${operation.id}: add a response to it.`)
    }
    if (wishes.strict && wishes.delay !== undefined && delayOf(wishes.delay) === undefined) {
      const detail = `Prefer: delay=${wishes.delay} is not possible; possible are milliseconds from 0 to ${maxDelay}.`
      return problem(400, detail, { members: { possible: [`0 to ${maxDelay}`] } })
    }
    const remembered = this.#resources && this.#remembered(this.#resources, operation, reading, params, choosing.choice)
    const response = remembered ?? this.#render(operation, reading, choosing.choice)
    return wishes === noWishes ? response : later(wishes.delay, response)
  }

  /** The answer with what is remembered, where the operation has to do with that. */
  #remembered(
    resources: Resources,
    operation: Operation,
    reading: Reading,
    params: Readonly<Record<string, string>>,
    choice: Choice,
  ): Promise<HttpResponse> | undefined {
    return resources.answer({
      operation,
      reading,
      params,
      choice,
      fresh: (place, varier) => this.#uniques.next(this.#seedOf(operation, reading, choice), place, varier),
      render: () => this.#render(operation, reading, choice),
      refuse: (kind, reason) => {
        if (!this.#refusals.knows(operation, kind)) return undefined
        const fault = { kind, reason, pointer: operation.pointer } as const
        return this.#refusals.refuse(operation, { ...reading, faults: [fault] })
      },
    })
  }

  /** The answer to a request that is meant for a server which the document does not name. */
  #misled(server: string): HttpResponse | undefined {
    const possible = this.api.servers()
    if (possible.includes(server.replace(/\/+$/, ''))) return undefined
    const detail = `${server} is none of the servers of ${this.api.title}: ${possible.join(', ') || 'it names none'}.`
    return problem(404, detail, { members: { possible } })
  }

  /** What cannot be judged, because the document holds a schema of which no validator can be made, passes. */
  #read(operation: Operation, request: HttpRequest, params: Readonly<Record<string, string>>, wishes: Wishes): Reading {
    const { auth = true, validate = true } = this.#options
    try {
      const reading = operation.read(
        request,
        params,
        (yesOrNo(wishes.auth) ?? auth) ? undefined : { credentials: false },
      )
      for (const { message } of reading.unusable ?? []) {
        this.#notice(`${operation.id}: ${message}; requests are not held against it`)
      }
      if (reading.faults.length === 0 || (yesOrNo(wishes.validate) ?? validate)) return reading
      return { ...reading, faults: reading.faults.filter(({ kind }) => kind === 'credentials' || kind === 'too-large') }
    } catch (error) {
      if (!(error instanceof SchemaUnusable)) throw error
      this.#notice(`${operation.id}: ${error.message}; requests are not held against it`)
      return { request, path: params, query: {}, body: undefined, faults: [] }
    }
  }

  #render(operation: Operation, reading: Reading, choice: Choice): HttpResponse {
    const { response, status, content, within, applied } = choice
    const headers = response.headers.length === 0 ? [] : [...this.#bodies.fieldsOf(response)]
    if (applied.length > 0) headers.push('preference-applied', applied.join(', '))
    const scope = scopeOf(reading, { status, headers, body: undefined })
    relateFields(response, scope, headers)
    if (content === undefined) return { status, headers, body: noBytes }
    const fresh: Fresh = (place, varier) => this.#uniques.next(this.#seedOf(operation, reading, choice), place, varier)
    if (choice.dynamic) return this.#generate(operation, reading, choice, content, headers, fresh)
    const template = this.#templateFor(operation, choice)
    const filled = template?.fill(scope, fresh)
    if (template !== undefined && filled !== undefined) {
      headers.push('content-type', content.mediaType)
      return { status, headers, body: Buffer.from(filled) }
    }
    const made = this.#bodyFor(choice)
    this.#tell(operation, status, made)
    const sent = within === undefined ? content : { ...content, mediaType: within }
    headers.push('content-type', contentTypeOf(sent.mediaType, made.value))
    return { status, headers, body: encodeRelated(sent, made.value, response.relations, scope, fresh) }
  }

  /** An answer with a body of chance, which is kept for when the same request comes again. */
  #generate(
    operation: Operation,
    reading: Reading,
    choice: Choice,
    content: Content,
    headers: string[],
    fresh: Fresh,
  ): HttpResponse {
    const { status, response } = choice
    const scope = scopeOf(reading, { status, headers, body: undefined })
    const seed = this.#seedOf(operation, reading, choice)
    const known = this.#generated.find(content, seed)
    const made = known?.made ?? this.#bodies.generated(content, seed, true)
    headers.push('content-type', contentTypeOf(content.mediaType, made.value))
    if (known !== undefined) {
      known.template ??= { made: this.#templates.make(content, response, made) }
      const filled = known.template.made?.fill(scope, fresh)
      if (filled !== undefined) return { status, headers, body: Buffer.from(filled) }
    }
    this.#tell(operation, status, made)
    const body = encodeRelated(content, made.value, response.relations, scope, fresh)
    if (known === undefined) this.#generated.keep(content, seed, made, body.length)
    return { status, headers, body }
  }

  /** Without wishes the choice depends on `Accept` alone, and clients send the same few. */
  #choose(operation: Operation, wishes: Wishes, accept: string | undefined): Choosing {
    const options = this.#choiceOptions
    if (wishes !== noWishes) return choose(operation, wishes, accept, options)
    const known = this.#choices.get(operation) ?? new Map<string | undefined, Choosing>()
    this.#choices.set(operation, known)
    const choosing = known.get(accept) ?? choose(operation, wishes, accept, options)
    if (known.size < maxChoices) known.set(accept, choosing)
    return choosing
  }

  /** The template of the example that is served, where the relations of the response allow one. */
  #templateFor(operation: Operation, { content, example, response, status }: Choice): Template | undefined {
    if (content === undefined || example !== undefined) return undefined
    const known = this.#templates.find(content)
    if (known !== undefined) return known.template
    return this.#templates.keep(content, response, () => {
      const made = this.#bodies.byExample(content)
      this.#tell(operation, status, made)
      return made
    })
  }

  #bodyFor({ content, example }: Choice): MadeBody {
    if (content === undefined) return { value: undefined }
    return example === undefined ? this.#bodies.byExample(content) : { value: structuredClone(example.value) }
  }

  /** Chance for a request: the same whatever was asked before it. */
  #seedOf(operation: Operation, { request }: Reading, choice: Choice): number {
    return hash(this.#options.seed ?? '', choice.seed ?? '', operation.id, choice.status, request.target, request.body)
  }

  #tellUnreachable(): void {
    const unreachable = this.api.unreachable()
    for (const { operation, why } of unreachable.slice(0, maxTold)) {
      this.#notice(`${operation.id} cannot be reached: ${why}`)
    }
    const more = unreachable.length - maxTold
    if (more > 0) this.#notice(`${more} more operations cannot be reached; contrato lint names them`)
  }

  #tell(operation: Operation, status: number, { says }: MadeBody): void {
    if (says !== undefined) this.#notice(`${operation.id} ${status}: ${says}`)
  }

  #notice(text: string): void {
    if (this.#noticed.has(text)) return
    this.#noticed.add(text)
    this.#options.onNotice?.(text)
  }
}
