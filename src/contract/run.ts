import { Judge } from '../check/index.ts'
import { type Finding, parsePointer, resolvePointer } from '../finding/index.ts'
import { breakEach, exampleRequest } from '../generate/index.ts'
import { type Exchange, type Handler, type HttpRequest, isJson, parseMediaType, redact } from '../http/index.ts'
import { type Api, decodeBody, type Operation, Part, SchemaUnusable } from '../model/index.ts'
import { type Case, type Ground, isOneOf } from './case.ts'
import { type PhaseId, phases } from './phases/index.ts'
import { type Resource, resourcesOf } from './resources.ts'

export type ContractOptions = {
  /** The phases to run; by default all. */
  readonly phases?: readonly PhaseId[]
  /** The operations to run, by id; by default all. */
  readonly include?: readonly string[]
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

  constructor(api: Api, target: Handler, options: ContractOptions) {
    this.#api = api
    this.#target = target
    this.#options = options
    this.#judge = new Judge(api)
    this.#resources = resourcesOf(api)
    this.#known = new Map(options.params)
  }

  async run(): Promise<ContractRun> {
    const operations = this.#inOrder()
    for (const operation of operations) {
      if (this.#stopped) break
      await this.#check(operation)
    }
    return {
      findings: [...this.#findings.values()],
      operations: operations.length,
      requests: this.#requests,
      skipped: this.#skipped,
      interrupted: this.#stopped,
    }
  }

  get #stopped(): boolean {
    return this.#options.signal?.aborted === true
  }

  /** What creates comes first, so that the others have something to work with. */
  #inOrder(): Operation[] {
    const { include } = this.#options
    const wanted = this.#api.operations.filter(({ id }) => include === undefined || include.includes(id))
    const creates = (operation: Operation): boolean => this.#resources.some(({ create }) => create === operation.id)
    return [...wanted.filter(creates), ...wanted.filter(operation => !creates(operation))]
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
    let succeeded = false
    let refusedAs: Exchange | undefined
    for (const phase of phases) {
      if (this.#options.phases !== undefined && !this.#options.phases.includes(phase.id)) continue
      for (const planned of phase.plan(ground)) {
        if (this.#stopped) return
        const made: Case = { ...planned, operation, id: `${operation.id}/${phase.id}/${slug(planned.says)}` }
        const exchange = await this.#ask(made)
        if (phase.id !== 'examples') continue
        succeeded ||= exchange.response.status < 400
        if (exchange.response.status >= 400) refusedAs ??= exchange
        this.#learn(operation, exchange)
      }
    }
    if (!succeeded && refusedAs !== undefined && !ground.certain) this.#unreached(operation, refusedAs)
  }

  async #ask(made: Case): Promise<Exchange> {
    const response = await this.#target(made.request)
    this.#requests += 1
    const exchange = { request: made.request, response }
    for (const finding of this.#judge.judge(exchange, made.operation)) this.#add(finding, made)
    const documented = made.operation.responseFor(response.status) !== undefined
    if (documented && made.expects.length > 0 && !isOneOf(response.status, made.expects))
      this.#unexpected(made, response.status)
    this.#options.onCase?.({ operation: made.operation.id, requests: this.#requests })
    return exchange
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
        help: status < 400 ? 'Refuse such a request.' : 'Accept such a request, or correct the document.',
        pointer,
        position: this.#api.document.locate(pointer),
      },
      made,
    )
  }

  #unreached(operation: Operation, { request, response }: Exchange): void {
    const finding: Finding = {
      code: 'success-unreached',
      severity: 'warning',
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
    const resource = this.#resources.find(({ create }) => create === operation.id)
    if (resource === undefined || response.status >= 300) return
    const match = this.#api.match(request.method, request.target)
    for (const [name, segment] of Object.entries(match.kind === 'found' ? match.params : {})) {
      this.#known.set(name, decodeURIComponent(segment))
    }
    const decoded = decodeBody('application/json', response.body)
    const id = decoded.kind === 'value' ? resolvePointer(decoded.value, parsePointer(`/${resource.id}`)) : undefined
    if (typeof id === 'string' || typeof id === 'number') this.#known.set(resource.id, String(id))
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
    const valid = exampleRequest(this.#api, operation, this.#options.token ?? 'contrato', this.#known)
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
    const broken =
      schema !== undefined && part !== undefined && decoded?.kind === 'value'
        ? breakEach(schema, part, decoded.value)
        : []
    const certain = operation.parameters.every(
      ({ in: place, name }) => place !== 'path' || this.#known.has(name) || this.#isCreate(operation),
    )
    const refuses = (value: unknown): boolean => schema !== undefined && !schema.accepts(value)
    return { operation, valid, bodies, certain, broken, refuses }
  }

  #isCreate(operation: Operation): boolean {
    return this.#resources.some(({ create }) => create === operation.id)
  }
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^-|-$/g, '')
}
