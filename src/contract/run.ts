import { Judge } from '../check/index.ts'
import { type Finding, resolvePointer } from '../finding/index.ts'
import { exampleRequest } from '../generate/index.ts'
import {
  type Exchange,
  type Handler,
  type HttpRequest,
  type HttpResponse,
  headerOf,
  isJson,
  noBytes,
  parseMediaType,
  redact,
  takeOffCodings,
  Unreachable,
} from '../http/index.ts'
import { type Api, decodeBody, type Operation, Part, SchemaUnusable } from '../model/index.ts'
import { type Case, type Complaint, type Ground, isOneOf, type Phase } from './case.ts'
import { type PhaseId, phases } from './phases/index.ts'
import { journeys } from './phases/journeys.ts'
import { type Resource, resourcesOf } from './resources.ts'

export type ContractOptions = {
  /** The phases to run; by default all. */
  readonly phases?: readonly PhaseId[]
  /** The operations to run, by id; by default all. */
  readonly include?: readonly string[]
  /** `false` holds answers against nothing that names and types merely suggest. */
  readonly infer?: boolean
  /** Operations to leave out, by id. */
  readonly exclude?: readonly string[]
  /** Ends the run with the first error that is found. */
  readonly bail?: boolean
  /** Ends the run before it makes more requests than this. */
  readonly maxRequests?: number
  /** What to send as credentials. */
  readonly token?: string
  /** Values for parameters of these names, for example ids that exist. */
  readonly params?: ReadonlyMap<string, string>
  /** The line that repeats a request, made of its redacted form. */
  readonly curl?: (request: HttpRequest) => string
  /** Stops the run before the next request. */
  readonly signal?: AbortSignal
  readonly onCase?: (done: { readonly operation: string; readonly requests: number }) => void
}

/** What came of a run. */
export type ContractRun = {
  readonly findings: readonly Finding[]
  readonly operations: number
  readonly requests: number
  readonly skipped: readonly { readonly what: string; readonly why: string }[]
  readonly interrupted: boolean
}

/**
 * Holds an implementation against a document: makes its own requests, judges every answer.
 *
 * @param target the implementation: a mock in process, or {@link sendTo} a server
 * @throws what the target throws when it cannot be reached
 */
export async function runContract(api: Api, target: Handler, options: ContractOptions = {}): Promise<ContractRun> {
  return await new Run(api, target, options).run()
}

/** Bytes of an answer that a coding may make. */
const maxInflated = 10 * 1024 * 1024

class Run {
  readonly #api: Api
  readonly #target: Handler
  readonly #options: ContractOptions
  readonly #judge: Judge
  readonly #resources: readonly Resource[]
  /** Values of parameters that are known to lead somewhere: given, or taken from what was created. */
  readonly #known: Map<string, string>
  readonly #findings = new Map<string, Finding>()
  readonly #skipped: { what: string; why: string }[] = []
  #requests = 0
  /** Whether the target has ever answered; if not, it is not there. */
  #isReached = false

  constructor(api: Api, target: Handler, options: ContractOptions) {
    this.#api = api
    this.#target = target
    this.#options = options
    this.#judge = new Judge(api, { infer: options.infer !== false })
    this.#resources = resourcesOf(api)
    this.#known = new Map(options.params)
  }

  async run(): Promise<ContractRun> {
    const operations = this.#inOrder()
    for (const operation of operations) {
      if (this.#stopped) break
      await this.#check(operation)
    }
    await this.#travel()
    const { maxRequests, signal } = this.#options
    if (maxRequests !== undefined && this.#requests >= maxRequests) {
      this.#skipped.push({ what: 'further requests', why: `no more than ${maxRequests} were to be made` })
    }
    return {
      findings: [...this.#findings.values()],
      operations: operations.length,
      requests: this.#requests,
      skipped: this.#skipped,
      interrupted: signal?.aborted === true,
    }
  }

  get #stopped(): boolean {
    const { signal, bail, maxRequests } = this.#options
    if (signal?.aborted === true) return true
    if (maxRequests !== undefined && this.#requests >= maxRequests) return true
    return bail === true && [...this.#findings.values()].some(({ severity }) => severity === 'error')
  }

  /** What creates comes first, so that the others have something to work with, and what removes comes last. */
  #inOrder(): Operation[] {
    const wanted = this.#api.operations.filter(operation => this.#isIncluded(operation))
    const rank = (operation: Operation): number =>
      this.#isCreate(operation) ? 0 : operation.method === 'DELETE' ? 2 : 1
    return wanted.toSorted((a, b) => rank(a) - rank(b))
  }

  #isIncluded({ id }: Operation): boolean {
    const { include, exclude } = this.#options
    return (include?.includes(id) ?? true) && exclude?.includes(id) !== true
  }

  async #check(operation: Operation): Promise<void> {
    const ground = this.#groundOrReason(operation)
    if (typeof ground === 'string') {
      this.#skipped.push({ what: operation.id, why: ground })
      return
    }
    if (operation.requestBody !== undefined && ground.valid.body.length === 0 && operation.requestBody.required) {
      this.#skipped.push({ what: operation.id, why: 'no valid body could be made for it' })
      return
    }
    for (const phase of phases) {
      if (phase.id === 'journeys' || !this.#isWanted(phase.id)) continue
      const exchanges = await this.#play(phase, ground)
      if (phase.id !== 'examples') continue
      const reached = exchanges.find(({ response }) => response.status < 400 && response.status > 0)
      for (const exchange of exchanges) this.#learn(operation, exchange)
      const [refused] = exchanges
      if (reached === undefined && refused !== undefined && !ground.certain) this.#unreached(operation, refused)
    }
  }

  /** Things are created, read, changed and removed once every operation has been looked at by itself. */
  async #travel(): Promise<void> {
    if (!this.#isWanted(journeys.id)) return
    for (const { create, read, isDeclared } of this.#resources) {
      if (!this.#isIncluded(create)) continue
      const ground = this.#groundOrReason(create)
      if (typeof ground === 'string') continue
      if (!isDeclared && read === undefined) continue
      await this.#play(journeys, ground)
    }
  }

  #isWanted(phase: PhaseId): boolean {
    return this.#options.phases?.includes(phase) ?? true
  }

  /** Walks through a phase: makes the requests of each step, those of one step at the same time. */
  async #play(phase: Phase<PhaseId>, ground: Ground): Promise<Exchange[]> {
    const all: Exchange[] = []
    const steps = phase.plan(ground)
    for (let step = steps.next([]); step.done !== true; ) {
      const cases = step.value.map((ask): Case => {
        const { operation = ground.operation } = ask
        const id = `${ground.operation.id}/${phase.id}/${slug(ask.says)}`
        return { ...ask, operation, id }
      })
      if (this.#stopped) break
      const left = (this.#options.maxRequests ?? Number.POSITIVE_INFINITY) - this.#requests
      if (cases.length > left) break
      const exchanges = await Promise.all(cases.map(made => this.#ask(made)))
      all.push(...exchanges)
      step = steps.next(exchanges)
    }
    return all
  }

  async #ask(made: Case): Promise<Exchange> {
    this.#requests += 1
    const exchange = { request: made.request, response: await this.#answerTo(made) }
    const { response } = exchange
    this.#options.onCase?.({ operation: made.operation.id, requests: this.#requests })
    if (response.status === 0) return exchange
    if (made.outside === true) {
      for (const finding of this.#judge.judgeOutside(exchange, made.operation)) this.#add(finding, made)
      if (made.expects.length > 0 && !isOneOf(response.status, made.expects)) this.#unexpected(made, response.status)
      return exchange
    }
    for (const finding of this.#judge.judge(exchange, made.operation)) this.#add(finding, made)
    const documented = made.operation.responseFor(response.status) !== undefined
    if (documented && made.expects.length > 0 && !isOneOf(response.status, made.expects))
      this.#unexpected(made, response.status)
    return exchange
  }

  /** The answer, with status 0 where none came from a server that has answered before. */
  async #answerTo(made: Case): Promise<HttpResponse> {
    try {
      const response = await this.#target(made.request)
      this.#isReached = true
      return plain(response)
    } catch (error) {
      if (!this.#isReached || !(error instanceof Unreachable)) throw error
      // A server may hang up on a body that it does not want to read.
      if (made.outside !== true) this.#unanswered(made, error.message)
      return { status: 0, headers: [], body: noBytes }
    }
  }

  #unanswered(made: Case, reason: string): void {
    const { operation, says } = made
    this.#add(
      {
        code: 'answer-missing',
        severity: 'error',
        check: 'answered',
        operation: operation.id,
        message: `${operation.id} gave no answer to ${says}: ${reason}`,
        help: 'Answer every request, with as many bytes as are announced.',
        pointer: operation.pointer,
        position: this.#api.document.locate(operation.pointer),
      },
      made,
    )
  }

  #unexpected(made: Case, status: number): void {
    const { operation, says, expects } = made
    const pointer = `${operation.pointer}/responses`
    this.#add(
      {
        code: 'status-unexpected',
        severity: 'error',
        check: 'status-expected',
        operation: operation.id,
        message: `${operation.id} answered ${status} to ${says}, which calls for ${expects.join(' or ')}`,
        help: helpFor(status, expects),
        pointer,
        position: this.#api.document.locate(pointer),
      },
      made,
    )
  }

  #unreached(operation: Operation, { request, response }: Exchange): void {
    const finding: Finding = {
      code: 'success-unreached',
      severity: 'error',
      check: 'success-reached',
      operation: operation.id,
      message: `${operation.id} never succeeded: it answered ${response.status} to the requests that the document calls valid`,
      help: 'Give ids that exist with --param NAME=VALUE, so that success can be asked for.',
      pointer: operation.pointer,
      position: this.#api.document.locate(operation.pointer),
    }
    this.#add(finding, { id: `${operation.id}/examples`, request })
  }

  /** The same breach is told once, with the first case that showed it. */
  #add(finding: Finding, { id, request }: Pick<Case, 'id' | 'request'>): void {
    // An unexpected status is another breach for each clause that was broken, but the same for every valid request.
    const which = finding.code === 'status-unexpected' && !id.includes('/examples/') ? id : ''
    const key = [finding.operation, finding.code, finding.pointer, which].join('\n')
    const known = this.#findings.get(key)
    if (known !== undefined) {
      this.#findings.set(key, { ...known, count: (known.count ?? 1) + 1 })
      return
    }
    const curl = this.#options.curl?.(redact(request, this.#secretNames))
    const message = this.#masked(finding.message)
    this.#findings.set(key, { ...finding, message, caseId: id, count: 1, ...(curl !== undefined && { curl }) })
  }

  /** A server may send back what it was sent; the token is not to reach a log that way. */
  #masked(text: string): string {
    const { token } = this.#options
    return token === undefined || token === '' ? text : text.replaceAll(token, '$TOKEN')
  }

  get #secretNames(): string[] {
    const schemes = this.#api.operations.flatMap(operation => operation.security.flat())
    return [...new Set(schemes.flatMap(scheme => scheme.credential('')?.name ?? []))]
  }

  /** Remembers the id of what was created, so that the other operations of its resource can use it. */
  #learn(operation: Operation, { request, response }: Exchange): void {
    const resource = this.#resources.find(({ create }) => create.id === operation.id)
    if (resource === undefined || response.status >= 300 || response.status === 0) return
    const match = this.#api.match(request.method, request.target)
    const decoded = decodeBody('application/json', response.body)
    const id = decoded.kind === 'value' ? resolvePointer(decoded.value, [resource.id]) : undefined
    if (typeof id !== 'string' && typeof id !== 'number') return
    for (const [name, segment] of Object.entries(match.kind === 'found' ? match.params : {})) {
      this.#known.set(name, decodeURIComponent(segment))
    }
    this.#known.set(resource.parameter, String(id))
  }

  /** A schema that no validator can be made of leaves nothing to plan from; lint names its place. */
  #groundOrReason(operation: Operation): Ground | string {
    try {
      return this.#ground(operation)
    } catch (error) {
      if (error instanceof SchemaUnusable) return error.message
      throw error
    }
  }

  #ground(operation: Operation): Ground {
    const { token } = this.#options
    const requestOf = (other: Operation, known: ReadonlyMap<string, string>): HttpRequest =>
      exampleRequest(this.#api, other, token ?? 'contrato', known)
    const valid = requestOf(operation, this.#known)
    const content = operation.requestBody?.content.find(({ mediaType }) =>
      isJson(parseMediaType(mediaType)?.essence ?? ''),
    )
    const { schema } = content ?? {}
    const good = (content?.examples ?? []).filter(({ value }) => schema === undefined || schema.accepts(value))
    const bodies = good.map(({ name, value }) => ({ name, bytes: Buffer.from(JSON.stringify(value)) }))
    const part = schema && Part.of(this.#api.document.root).at(schema.pointer)
    // The fullest body has the most clauses to break.
    const fullest = bodies.map(({ bytes }) => bytes).sort((a, b) => b.length - a.length)[0] ?? valid.body
    const decoded = fullest.length === 0 ? undefined : decodeBody('application/json', fullest)
    const certain = operation.parameters.every(
      ({ in: place, name }) => place !== 'path' || this.#known.has(name) || this.#isCreate(operation),
    )
    return {
      api: this.#api,
      operation,
      valid,
      bodies,
      body:
        schema !== undefined && part !== undefined && decoded?.kind === 'value'
          ? { schema, part, value: decoded.value }
          : undefined,
      certain,
      token,
      known: this.#known,
      given: new Set(this.#options.params?.keys()),
      resource: this.#resources.find(({ create }) => create.id === operation.id),
      requestOf,
      isRefused: request => this.#isRefused(operation, request),
      complain: complaint => this.#complain(operation, complaint),
      skip: (what, why) => this.#skipped.push({ what, why }),
    }
  }

  #isRefused(operation: Operation, request: HttpRequest): boolean {
    const match = this.#api.match(request.method, request.target)
    if (match.kind !== 'found') return true
    const reading = match.operation.read(request, match.params, { credentials: false })
    return reading.faults.length > 0 || (request.method === operation.method && match.operation.path !== operation.path)
  }

  #complain(of: Operation, { operation, says, request, ...finding }: Complaint): void {
    const position = this.#api.document.locate(finding.pointer)
    this.#add({ ...finding, operation: operation.id, position }, { id: `${of.id}/journeys/${slug(says)}`, request })
  }

  #isCreate(operation: Operation): boolean {
    return this.#resources.some(({ create }) => create.id === operation.id)
  }
}

/** The answer without the codings it came in, which a server may choose when nobody asks. RFC 9110, section 12.5.3. */
function plain(response: HttpResponse): HttpResponse {
  const field = headerOf(response.headers, 'content-encoding')
  if (field === undefined) return response
  const uncoded = takeOffCodings(field, response.body, maxInflated)
  return uncoded.kind === 'bytes' ? { ...response, body: uncoded.bytes } : response
}

function helpFor(status: number, expects: readonly string[]): string {
  if (status < 400) return 'Refuse such a request.'
  const isRefusal = expects.every(code => code.startsWith('4'))
  return isRefusal
    ? `Refuse it with ${expects.join(' or ')}, or document ${status}.`
    : 'Accept such a request, or correct the document.'
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^-|-$/g, '')
}
