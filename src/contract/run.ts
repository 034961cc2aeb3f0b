import { exitCodes, Trouble } from '../finding/index.ts'
import type { Exchange, Handler } from '../http/index.ts'
import type { Api, Operation } from '../model/index.ts'
import { Asker } from './asker.ts'
import { type Case, type Complaint, type Ground, type Phase, slug } from './case.ts'
import { Coverage } from './coverage.ts'
import { Findings } from './findings.ts'
import { Grounds } from './ground.ts'
import { type ChosenCases, chosenCases, goneCase } from './one-case.ts'
import type { ContractOptions, ContractRun, Skipped } from './options.ts'
import { examples } from './phases/examples.ts'
import { type PhaseId, phases } from './phases/index.ts'
import { journeys } from './phases/journeys.ts'
import { leadingTo, type Resource, resourcesOf } from './resources.ts'

/**
 * Holds an implementation against a document: makes its own requests, judges every answer.
 *
 * @param target the implementation: a mock in process, or {@link sendTo} a server
 * @throws what the target throws when it cannot be reached, and Trouble with exit code 2 for a case that there is not
 */
export async function runContract(api: Api, target: Handler, options: ContractOptions = {}): Promise<ContractRun> {
  return await new Run(api, target, options).run()
}

/** Operations that are named where many were not asked. */
const maxNamed = 10

class Run {
  readonly #api: Api
  readonly #options: ContractOptions
  readonly #resources: readonly Resource[]
  readonly #findings: Findings
  readonly #asker: Asker
  readonly #grounds: Grounds
  readonly #skipped: Skipped[] = []
  readonly #operations: readonly Operation[]
  readonly #coverage: Coverage
  /** Operations that were left out, and why. */
  readonly #left = new Map<string, string>()
  /** The cases that are run without the others, where some are. */
  readonly #chosen: readonly ChosenCases[] | undefined
  /** Operations whose examples were all refused, with the first refusal, until something succeeds. */
  readonly #unreached = new Map<string, Exchange>()

  constructor(api: Api, target: Handler, options: ContractOptions) {
    this.#api = api
    this.#options = options
    this.#resources = resourcesOf(api)
    this.#findings = new Findings(api, options)
    this.#chosen = chosenCases(api, options, skipped => this.#skipped.push(skipped))
    const inOrder = this.#inOrder()
    this.#operations =
      this.#chosen === undefined
        ? inOrder
        : inOrder.filter(each => this.#chosen?.some(({ operation }) => operation === each) === true)
    this.#coverage = new Coverage(api, this.#operations)
    this.#asker = new Asker(api, target, this.#findings, this.#coverage, options)
    this.#grounds = new Grounds(api, {
      ...options,
      resources: this.#resources,
      complain: (operation, complaint) => this.#complain(operation, complaint),
      skip: skipped => this.#skipped.push(skipped),
    })
  }

  async run(): Promise<ContractRun> {
    const operations = this.#operations
    if (this.#chosen === undefined) await this.#runAll(operations)
    else await this.#runChosen(operations, this.#chosen)
    const { maxRequests, signal } = this.#options
    if (this.#asker.left <= 0) {
      this.#skipped.push({ what: 'further requests', why: `no more than ${maxRequests} were to be made` })
    }
    return {
      findings: this.#findings.all.filter(({ caseId }) => this.#isChosen(caseId)),
      operations: operations.length,
      requests: this.#asker.requests,
      skipped: this.#skipped,
      interrupted: signal?.aborted === true,
      coverage: this.#coverage.table(({ id }) => this.#left.get(id) ?? this.#whyLess()),
    }
  }

  #whyLess(): string | undefined {
    if (this.#chosen !== undefined) return 'only some cases were run'
    return phases.every(({ id }) => this.#isWanted(id)) ? undefined : 'some phases were left out'
  }

  #isChosen(caseId: string | undefined): boolean {
    return this.#chosen === undefined || this.#chosen.some(({ ids }) => caseId !== undefined && ids.has(caseId))
  }

  #leave(operation: Operation, why: string): void {
    this.#left.set(operation.id, why)
    this.#skipped.push({ what: operation.id, why })
  }

  async #runAll(operations: readonly Operation[]): Promise<void> {
    await this.#prepare(operations)
    let asked = 0
    for (const operation of operations) {
      if (this.#stopped) break
      await this.#check(operation)
      asked += 1
    }
    if (asked < operations.length) this.#tellUnasked(operations.slice(asked))
    await this.#travel()
    for (const [id, exchange] of this.#unreached) this.#tellUnreached(id, exchange)
  }

  #tellUnasked(operations: readonly Operation[]): void {
    const { maxRequests, signal } = this.#options
    const stopped = signal?.aborted === true ? 'the run was interrupted' : 'the run ended with the first error'
    const why = this.#asker.left <= 0 ? `no more than ${maxRequests} requests were to be made` : stopped
    for (const { id } of operations) this.#left.set(id, why)
    const names = operations.slice(0, maxNamed).map(({ id }) => id)
    const more = operations.length > maxNamed ? ` and ${operations.length - maxNamed} more` : ''
    this.#skipped.push({ what: `${names.join(', ')}${more}`, why: `${why} before it was their turn` })
  }

  /** Creates what these operations ask for, where no case of the run does it. */
  async #prepare(operations: readonly Operation[]): Promise<void> {
    const runsExamples = this.#chosen === undefined && this.#isWanted('examples')
    for (const create of leadingTo(operations, this.#resources)) {
      if (this.#stopped) return
      const ground = runsExamples && operations.includes(create) ? '' : this.#grounds.groundOrReason(create)
      if (typeof ground === 'string') continue
      const played = await this.#play(examples, ground, ask => ({ ...ask, tells: 'nothing' }))
      for (const exchange of played) this.#grounds.learn(create, exchange)
    }
  }

  /** Makes the requests of these cases, after those that create what they ask for. */
  async #runChosen(operations: readonly Operation[], chosen: readonly ChosenCases[]): Promise<void> {
    await this.#prepare(operations)
    for (const operation of operations) {
      for (const some of chosen) {
        if (some.operation === operation && !this.#stopped) await this.#runSome(some)
      }
    }
  }

  async #runSome({ operation, phase, ids }: ChosenCases): Promise<void> {
    const ground = this.#grounds.groundOrReason(operation)
    const chosen = phases.find(each => each.id === phase)
    if (chosen === undefined || typeof ground === 'string') {
      for (const what of ids) this.#skipped.push({ what, why: String(ground) })
      return
    }
    const isWhole = chosen.isLoose !== true || ids.has(`${operation.id}/${phase}`)
    const asked = new Set<string>()
    const played = await this.#play(chosen, ground, made => {
      if (!isWhole && !ids.has(made.id)) return undefined
      asked.add(made.id)
      return made
    })
    const [first] = played
    if (phase === 'examples' && isWhole && first !== undefined && !played.some(isSuccess))
      this.#tellUnreached(operation.id, first)
    if (this.#stopped || (isWhole && first !== undefined)) return
    for (const id of ids) if (!asked.has(id)) this.#tellGone(operation, id)
  }

  #tellGone({ id: operation }: Operation, id: string): void {
    if (this.#options.case === undefined) {
      this.#skipped.push({ what: id, why: goneCase })
      return
    }
    const help = 'Copy the id from a finding; --seed and the document have to be those of its run.'
    throw new Trouble(exitCodes.unusable, `${operation} has no case ${id}`, help)
  }

  get #stopped(): boolean {
    const { signal, bail } = this.#options
    return signal?.aborted === true || this.#asker.left <= 0 || (bail === true && this.#findings.hasError)
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

  #isCreate(operation: Operation): boolean {
    return this.#resources.some(({ create }) => create.id === operation.id)
  }

  async #check(operation: Operation): Promise<void> {
    const ground = this.#grounds.groundOrReason(operation)
    if (typeof ground === 'string') {
      this.#leave(operation, ground)
      return
    }
    if (operation.requestBody !== undefined && ground.valid.body.length === 0 && operation.requestBody.required) {
      this.#leave(operation, 'no valid body could be made for it')
      return
    }
    const fault = ground.faultOf(ground.valid)
    if (fault !== undefined) {
      this.#leave(operation, `no request could be written that keeps the document: ${fault}`)
      return
    }
    for (const phase of phases) {
      // What a phase begins with may take long to make.
      if (this.#stopped) return
      if (phase.id === 'journeys' || !this.#isWanted(phase.id)) continue
      const exchanges = await this.#play(phase, ground)
      if (phase.id !== 'examples') continue
      for (const exchange of exchanges) this.#grounds.learn(operation, exchange)
      const [refused] = exchanges
      const reached = exchanges.some(isSuccess)
      if (!reached && refused !== undefined && !ground.certain) this.#unreached.set(operation.id, refused)
    }
  }

  /** Things are created, read, changed and removed once every operation has been looked at by itself. */
  async #travel(): Promise<void> {
    if (!this.#isWanted(journeys.id)) return
    for (const { create, read, isDeclared } of this.#resources) {
      if (!this.#isIncluded(create)) continue
      const ground = this.#grounds.groundOrReason(create)
      if (typeof ground === 'string') continue
      if (!isDeclared && read === undefined) continue
      await this.#play(journeys, ground)
    }
  }

  #isWanted(phase: PhaseId): boolean {
    return this.#options.phases?.includes(phase) ?? true
  }

  /** Walks through a phase: makes the requests of each step, those of one step at the same time. */
  async #play(
    phase: Phase<PhaseId>,
    ground: Ground,
    choose: (made: Case) => Case | undefined = made => made,
  ): Promise<Exchange[]> {
    const all: Exchange[] = []
    const steps = phase.plan(ground)
    for (let step = await steps.next([]); step.done !== true; ) {
      const cases = step.value.flatMap(ask => {
        const { operation = ground.operation, name = ask.says } = ask
        return choose({ ...ask, operation, id: `${ground.operation.id}/${phase.id}/${slug(name)}` }) ?? []
      })
      if (this.#stopped || cases.length > this.#asker.left) break
      const exchanges = await this.#asker.askAll(cases)
      for (const [at, made] of cases.entries()) {
        const exchange = exchanges[at]
        if (exchange !== undefined && isSuccess(exchange) && isGood(made)) this.#unreached.delete(made.operation.id)
      }
      all.push(...exchanges)
      step = await steps.next(exchanges)
    }
    return all
  }

  #tellUnreached(id: string, { request, response }: Exchange): void {
    const operation = this.#api.operation(id)
    if (operation === undefined) return
    this.#findings.add(
      {
        code: 'success-unreached',
        severity: 'error',
        check: 'success-reached',
        operation: id,
        message: `${id} never succeeded: it answered ${response.status} to the requests that the document calls valid`,
        help: 'Give ids that exist with --param NAME=VALUE, so that success can be asked for.',
        pointer: operation.pointer,
        position: this.#api.document.locate(operation.pointer),
        status: response.status,
      },
      { id: `${id}/examples`, request },
    )
  }

  #complain(of: Operation, { operation, says, request, ...finding }: Complaint): void {
    const position = this.#api.document.locate(finding.pointer)
    this.#findings.add(
      { ...finding, operation: operation.id, position },
      { id: `${of.id}/journeys/${slug(says)}`, request },
    )
  }
}

function isSuccess({ response }: Exchange): boolean {
  return response.status > 0 && response.status < 400
}

/** Whether a request is one that the document calls valid. */
function isGood({ outside, expects, request, operation }: Case): boolean {
  const isRefusal = expects.some(status => status.startsWith('4'))
  return outside !== true && !isRefusal && request.method === operation.method
}
