import { Judge, type Readings } from '../check/index.ts'
import type { Finding } from '../finding/index.ts'
import {
  type Exchange,
  type Handler,
  type HttpResponse,
  headerOf,
  NotConnected,
  noBytes,
  TooLate,
  takeOffCodings,
  Unreachable,
} from '../http/index.ts'
import type { Api } from '../model/index.ts'
import { Budget } from './budget.ts'
import { type Case, isOneOf, isSame, type Played } from './case.ts'
import type { Coverage } from './coverage.ts'
import type { Findings } from './findings.ts'
import type { ContractOptions } from './options.ts'
import { Presence } from './presence.ts'
import { Taken } from './taken.ts'

/** Bytes of an answer that a coding may make. */
const maxInflated = 10 * 1024 * 1024

/** As often is asked again whether what was found comes again. */
const maxTries = 2

/** Of more breaches than this nobody needs to know whether they are there each time. */
const maxTried = 200

/** Milliseconds before each further attempt to connect: who was there before may be on the way back. */
const pauses = [200, 600, 1_200]

/** What stands for an answer where none came. */
const silence: HttpResponse = { status: 0, headers: [], body: noBytes }

/** What is kept of a run, and shared. */
type Notes = { readonly findings: Findings; readonly coverage: Coverage; readonly readings: Readings }

/** Asks the target, has its answers judged, and asks again where something is wrong. */
export class Asker {
  readonly #api: Api
  readonly #target: Handler
  readonly #options: ContractOptions
  readonly #judge: Judge
  readonly #findings: Findings
  readonly #coverage: Coverage
  readonly #readings: Readings
  #requests = 0
  /** When the next request may be made, in milliseconds of the monotonic clock. */
  #nextTurn = 0
  readonly #budget: Budget
  readonly #presence = new Presence()
  readonly #taken: Taken
  /** Methods that no operation has, and to which no answer ever came: one wait for each is enough. */
  readonly #unheard = new Set<string>()
  #lastSent: Case | undefined

  constructor(api: Api, target: Handler, { findings, coverage, readings }: Notes, options: ContractOptions) {
    this.#coverage = coverage
    this.#readings = readings
    this.#taken = new Taken(readings)
    this.#api = api
    this.#target = target
    this.#options = options
    this.#findings = findings
    this.#budget = new Budget(options.maxRequests)
    const tokens = [options.token ?? '', ...(options.tokens?.values() ?? [])].filter(token => token !== '')
    // Ids may well be numbers that count for each parent.
    this.#judge = new Judge(api, { infer: options.infer !== false, readings, tokens, uniqueBelow: 'parent' })
  }

  get requests(): number {
    return this.#requests
  }

  get budget(): Budget {
    return this.#budget
  }

  get presence(): Presence {
    return this.#presence
  }

  /** The last case whose request reached the target. */
  get lastSent(): Case | undefined {
    return this.#lastSent
  }

  /** Whether there is nobody to ask any more, or nothing to ask for. */
  get isDone(): boolean {
    return this.#options.signal?.aborted === true || this.#budget.isSpent || this.#presence.isGone
  }

  /** Asks all of these at the same time, then looks at the answers in their order. */
  async askAll(planned: readonly Case[]): Promise<Played[]> {
    const cases = planned.map(made => this.#taken.apart(made))
    const exchanges = await Promise.all(cases.map(made => this.#send(made)))
    const played: Played[] = []
    for (const [at, first] of cases.entries()) {
      const { made, exchange } = await this.#untaken(first, exchanges[at] as Exchange)
      const findings = this.#judged(made, exchange)
      played.push({ ...exchange, findings, fresh: findings.length === 0 ? findings : await this.#take(findings, made) })
    }
    return played
  }

  /**
   * A valid request that was refused, made with values that nobody sent before: where that is accepted, and the first one
   * refused again, the server takes some value once only, and the other request stands for the case.
   */
  async #untaken(made: Case, exchange: Exchange): Promise<{ readonly made: Case; readonly exchange: Exchange }> {
    const { status } = exchange.response
    if (status >= 200 && status < 300) this.#taken.note(made)
    const isDoubtful = this.#taken.mayBe(made, status) && this.#budget.left >= 2 && !this.isDone
    const fresh = isDoubtful ? this.#taken.fresh(made) : undefined
    if (fresh === undefined) return { made, exchange }
    const other = await this.#send(fresh)
    if (!isOneOf(other.response.status, made.expects)) return { made, exchange }
    const again = await this.#send(made)
    if (isOneOf(again.response.status, made.expects)) return { made, exchange }
    this.#taken.learn(made.operation)
    return { made: fresh, exchange: other }
  }

  async #take(findings: readonly Finding[], made: Case): Promise<readonly Finding[]> {
    if (made.tells === 'nothing') return []
    if (made.tells === 'smaller') {
      for (const finding of findings) this.#findings.replace(finding, made)
      return []
    }
    const fresh = findings.filter(finding => !this.#findings.knows(finding, made))
    for (const finding of findings) this.#findings.add(finding, made)
    const steady: Finding[] = []
    for (const finding of findings) {
      const isSteady = await this.#comesAgain(finding, made)
      if (isSteady && fresh.includes(finding)) steady.push(finding)
    }
    return steady
  }

  async #send(made: Case): Promise<Exchange> {
    const isUnheard = made.outside === true && this.#unheard.has(made.request.method)
    if (this.#presence.isGone || isUnheard) return { request: made.request, response: silence }
    this.#requests += 1
    this.#budget.spend()
    if (this.#options.rate !== undefined) await this.#pace(this.#options.rate)
    const exchange = { request: made.request, response: await this.#answerTo(made) }
    if (exchange.response.status > 0) this.#coverage.saw(exchange)
    this.#options.onCase?.({ operation: made.operation.id, requests: this.#requests })
    return exchange
  }

  /** Waits until the next request may be made. */
  async #pace(rate: number): Promise<void> {
    const now = performance.now()
    const turn = Math.max(this.#nextTurn, now)
    this.#nextTurn = turn + 1000 / rate
    if (turn > now) await new Promise(resolve => setTimeout(resolve, turn - now))
  }

  /** Asks the same again, once or twice: what does not come again is there only now and then. */
  async #comesAgain(finding: Finding, made: Case): Promise<boolean> {
    if (!mayRepeat(finding, made) || this.#findings.size > maxTried) return false
    if (!this.#findings.isDoubtful(finding, made)) return false
    // Who did not answer in time may take as long again.
    if (made.outside === true && this.#unheard.has(made.request.method)) return false
    const limit = finding.code === 'answer-missing' ? 1 : maxTries
    for (let tries = 1; tries <= limit; tries += 1) {
      if (this.#budget.left < 1 || this.isDone || this.#presence.isMute(made.operation.id)) return false
      const same = this.#taken.apart(made)
      const again = this.#judged(same, await this.#send(same)).some(other => isSame(other, finding))
      if (again || tries === limit) this.#findings.tried(finding, made, again, tries)
      if (again) return true
    }
    return false
  }

  /** A request that leads to another operation of the same path and method is judged as one of that. */
  #aimed(made: Case): Case {
    const match = this.#readings.matchOf(made.request)
    const isOther = match.kind === 'found' && match.overloads?.some(({ operation }) => operation === made.operation)
    return isOther && match.operation !== made.operation ? { ...made, operation: match.operation, expects: [] } : made
  }

  #judged(planned: Case, exchange: Exchange): Finding[] {
    const made = this.#aimed(planned)
    const { operation, expects, outside } = made
    const { response } = exchange
    if (response === silence) return []
    if (response.status === 0) return response.body.length === 0 ? [] : [this.#unanswered(made, exchange)]
    const findings =
      outside === true ? this.#judge.judgeOutside(exchange, operation) : this.#judge.judge(exchange, operation)
    const isKnown = outside === true || operation.responseFor(response.status) !== undefined
    const isRight = !isKnown || expects.length === 0 || isOneOf(response.status, expects)
    if (!isKnown) return findings.map(finding => withCause(finding, made))
    if (isRight) return findings
    const unexpected = this.#unexpected(made, response.status)
    // What else is odd about a success follows from it, where there was to be none.
    return response.status < 300 ? [unexpected, ...findings] : [...findings, unexpected]
  }

  /**
   * The answer; with status 0 and the reason as its body where none came.
   *
   * @throws Unreachable when nobody takes the very first connection
   */
  async #answerTo(made: Case): Promise<HttpResponse> {
    const { id } = made.operation
    for (let tries = 0; ; tries += 1) {
      try {
        const response = await this.#unlessStopped(this.#target(made.request))
        this.#lastSent = made
        if (response !== silence) this.#presence.answered(id)
        return plain(response)
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error
        const isOut = error instanceof NotConnected
        if (isOut && !this.#presence.hasAnswered) throw error
        const pause = pauses[tries]
        if (isOut && pause !== undefined && !this.isDone) {
          // Nothing of it was sent, so that it is still the same request.
          await this.#unlessStopped(new Promise(resolve => setTimeout(resolve, pause)))
          continue
        }
        if (!isOut) this.#lastSent = made
        this.#presence.missed(id, error)
        // Whoever ends the connection on nonsense has answered; to leave somebody waiting is no answer to anything.
        const isLeftWaiting = error.cause instanceof TooLate && made.request.body.length === 0
        if (isLeftWaiting && made.outside === true) this.#unheard.add(made.request.method)
        const isRude = made.outside !== true || isLeftWaiting
        return isOut ? silence : { ...silence, body: isRude ? Buffer.from(error.message) : noBytes }
      }
    }
  }

  /** What is waited for, or silence as soon as the run is stopped. */
  async #unlessStopped<T>(waited: Promise<T>): Promise<T | HttpResponse> {
    const { signal } = this.#options
    if (signal === undefined) return await waited
    if (signal.aborted) return silence
    return await new Promise((resolve, reject) => {
      const stop = (): void => resolve(silence)
      signal.addEventListener('abort', stop, { once: true })
      waited.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
    })
  }

  #unanswered({ operation, says }: Case, { response }: Exchange): Finding {
    return {
      code: 'answer-missing',
      severity: 'error',
      check: 'answered',
      operation: operation.id,
      message: `${operation.id} gave no answer to ${says}: ${Buffer.from(response.body).toString()}`,
      help: 'Answer every request, with as many bytes as are announced.',
      pointer: operation.pointer,
      position: this.#api.document.locate(operation.pointer),
    }
  }

  #unexpected({ operation, says, expects, isSuggested, request }: Case, status: number): Finding {
    // What was accepted breaks a clause of the request; what was refused, the promise of an answer.
    const broken = status < 300 ? this.#readings.guarded(request, operation).faults[0]?.pointer : undefined
    const pointer = broken ?? `${operation.pointer}/responses`
    return {
      code: 'status-unexpected',
      severity: isSuggested === true ? 'warning' : 'error',
      check: 'status-expected',
      operation: operation.id,
      message: `${operation.id} answered ${status} to ${says}, which calls for ${wanted(expects)}`,
      help: helpFor(status, expects),
      pointer,
      position: this.#api.document.locate(pointer),
      status,
    }
  }
}

/** What one answer shows by itself can be asked again; not what removes, nor a step of a journey that changes something. */
function mayRepeat({ check }: Finding, { id, request }: Case): boolean {
  if (check === 'values-unique') return false
  if (request.method === 'GET' || request.method === 'HEAD') return true
  return request.method !== 'DELETE' && !id.includes('/journeys/')
}

/** The answer without the codings it came in, which a server may choose when nobody asks. RFC 9110, section 12.5.3. */
function plain(response: HttpResponse): HttpResponse {
  const field = headerOf(response.headers, 'content-encoding')
  if (field === undefined) return response
  if (response.body.length === 0) return response
  const uncoded = takeOffCodings(field, response.body, maxInflated)
  if (uncoded.kind === 'bytes') return { ...response, body: uncoded.bytes }
  if (uncoded.kind !== 'malformed') return response
  return {
    ...response,
    framing: [...(response.framing ?? []), `the body is no ${uncoded.coding}, though Content-Encoding says so`],
  }
}

/** A status that is not documented, with what it was the answer to. */
function withCause(finding: Finding, { says, expects }: Case): Finding {
  if (finding.code !== 'status-undocumented') return finding
  const has =
    expects.length === 0 ? ' where the document has ' : `, which calls for ${wanted(expects)}; the document has `
  return { ...finding, message: finding.message.replace(' where the document has ', () => ` to ${says}${has}`) }
}

/** Statuses as a sentence names them: where all but success will do, the refusal that is meant. */
function wanted(expects: readonly string[]): string {
  const isAnything = ['3XX', '4XX', '5XX'].every(code => expects.includes(code))
  return isAnything ? '4XX' : expects.join(' or ')
}

function helpFor(status: number, expects: readonly string[]): string {
  if (status < 400) return 'Refuse such a request.'
  const isRefusal = expects.every(code => code.startsWith('4'))
  return isRefusal
    ? `Refuse it with ${wanted(expects)}, or document ${status}.`
    : 'Accept such a request, or correct the document.'
}
