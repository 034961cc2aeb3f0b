import { Readings } from '../check/index.ts'
import { exitCodes, Trouble } from '../finding/index.ts'
import type { Exchange, Handler } from '../http/index.ts'
import { type Api, type Operation, type Resource, resourcesOf, SchemaUnusable } from '../model/index.ts'
import { Asker } from './asker.ts'
import { type Case, type Complaint, type Ground, type Phase, slug } from './case.ts'
import { Coverage } from './coverage.ts'
import { Elsewhere } from './elsewhere.ts'
import { Findings } from './findings.ts'
import { Grounds } from './ground.ts'
import { linksOf } from './journey/links.ts'
import { LeftOut } from './left-out.ts'
import { type ChosenCases, chosenCases, goneCase } from './one-case.ts'
import type { ContractOptions, ContractRun } from './options.ts'
import { examples } from './phases/examples.ts'
import { type PhaseId, phases, phasesByWorth } from './phases/index.ts'
import { journeys } from './phases/journeys.ts'
import { leadingTo } from './resources.ts'
import { successUnreached, targetGone } from './whole.ts'

/**
 * Holds an implementation against a document: makes its own requests, judges every answer.
 *
 * @param target the implementation: a mock in process, or {@link sendTo} a server
 * @throws what the target throws when it cannot be reached, and Trouble with exit code 2 for a case that there is not
 */
export async function runContract(api: Api, target: Handler, options: ContractOptions = {}): Promise<ContractRun> {
  return await new Run(api, target, options).run()
}

/** What came of walking through a phase. */
type Walked = { readonly first: Exchange | undefined; readonly hasSuccess: boolean }

class Run {
  readonly #api: Api
  readonly #options: ContractOptions
  readonly #resources: readonly Resource[]
  readonly #findings: Findings
  readonly #asker: Asker
  readonly #elsewhere: Elsewhere
  readonly #grounds: Grounds
  readonly #leftOut = new LeftOut()
  readonly #operations: readonly Operation[]
  readonly #coverage: Coverage
  /** The cases that are run without the others, where some are. */
  readonly #chosen: readonly ChosenCases[] | undefined
  /** Operations whose examples were all refused, with the first refusal, until something succeeds. */
  readonly #unreached = new Map<string, Exchange>()

  constructor(api: Api, target: Handler, options: ContractOptions) {
    this.#api = api
    this.#options = options
    this.#resources = resourcesOf(api)
    this.#findings = new Findings(api, options)
    this.#chosen = chosenCases(api, options, ({ what, why }) => this.#leftOut.skip(what, why))
    const inOrder = this.#inOrder()
    this.#operations =
      this.#chosen === undefined
        ? inOrder
        : inOrder.filter(each => this.#chosen?.some(({ operation }) => operation === each) === true)
    const readings = new Readings(api)
    this.#coverage = new Coverage(api, readings, this.#operations)
    this.#asker = new Asker(api, target, { findings: this.#findings, coverage: this.#coverage, readings }, options)
    this.#elsewhere = new Elsewhere(api, this.#asker, options.base)
    this.#grounds = new Grounds(api, readings, {
      ...options,
      resources: this.#resources,
      complain: (operation, complaint) => this.#complain(operation, complaint),
      skip: ({ what, why }) => this.#leftOut.skip(what, why),
    })
  }

  async run(): Promise<ContractRun> {
    const operations = this.#operations
    if (this.#chosen === undefined) await this.#runAll(operations)
    else await this.#runChosen(operations, this.#chosen)
    const { maxRequests, signal } = this.#options
    const { budget, presence } = this.#asker
    if (presence.firstFault !== undefined) throw presence.firstFault
    if (presence.isGone) this.#tellGone()
    const whyNot = (operation: Operation): string | undefined => this.#leftOut.reasonFor(operation) ?? this.#whyLess()
    const coverage = this.#coverage.table(whyNot, ({ what, why }) => this.#leftOut.skip(what, why))
    const spent = { what: 'further requests', why: `no more than ${maxRequests} were to be made` }
    return {
      findings: this.#findings.all.filter(({ caseId }) => this.#isChosen(caseId)),
      operations: operations.length,
      requests: this.#asker.requests,
      skipped: [...this.#leftOut.told(maxRequests), ...(budget.isSpent ? [spent] : [])],
      interrupted: signal?.aborted === true,
      coverage,
    }
  }

  #whyLess(): string | undefined {
    if (this.#stopped || this.#asker.budget.isSpent) return this.#whyStopped()
    if (this.#chosen !== undefined) return 'only some cases were run'
    return phases.every(({ id }) => this.#isWanted(id)) ? undefined : 'some phases were left out'
  }

  #isChosen(caseId: string | undefined): boolean {
    return this.#chosen === undefined || this.#chosen.some(({ ids }) => caseId !== undefined && ids.has(caseId))
  }

  async #runAll(operations: readonly Operation[]): Promise<void> {
    const { budget } = this.#asker
    const toMake = this.#toMake(operations)
    const toTravel = this.#isWanted(journeys.id) ? this.#toTravel(operations) : []
    budget.plan((toMake.length > 0 ? 1 : 0) + operations.length + toTravel.length)
    if (toMake.length > 0) budget.next()
    await this.#make(toMake)
    let asked = 0
    for (const operation of operations) {
      if (this.#stopped) break
      budget.next()
      await this.#check(operation)
      asked += 1
    }
    this.#leftOut.leaveAll(operations.slice(asked), this.#whyStopped())
    // Things are created, read, changed and removed once every operation has been looked at by itself.
    for (const operation of toTravel) {
      if (this.#stopped) break
      budget.next()
      const ground = this.#grounds.groundOrReason(operation)
      if (typeof ground !== 'string') await this.#play(journeys, ground)
    }
    for (const [id, exchange] of this.#unreached) this.#tellUnreached(id, exchange)
  }

  #whyStopped(): string {
    const { maxRequests, signal } = this.#options
    if (this.#asker.presence.isGone) return 'the target was gone'
    if (this.#elsewhere.isFound) return 'the target serves the document below another path'
    if (this.#asker.budget.isSpent) return `no more than ${maxRequests} requests were to be made`
    return signal?.aborted === true ? 'the run was interrupted' : 'the run ended with the first error'
  }

  /** What has to be created for these operations, where no case of the run does it. */
  #toMake(operations: readonly Operation[]): Operation[] {
    const runsExamples = this.#chosen === undefined && this.#isWanted('examples')
    return leadingTo(operations, this.#resources).filter(create => !runsExamples || !operations.includes(create))
  }

  async #make(creates: readonly Operation[]): Promise<void> {
    for (const create of creates) {
      if (this.#stopped) return
      const ground = this.#grounds.groundOrReason(create)
      if (typeof ground !== 'string') await this.#play(examples, ground, ask => ({ ...ask, tells: 'nothing' }))
    }
  }

  /** Makes the requests of these cases, after those that create what they ask for. */
  async #runChosen(operations: readonly Operation[], chosen: readonly ChosenCases[]): Promise<void> {
    await this.#make(this.#toMake(operations))
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
      for (const id of ids) this.#leftOut.skip(id, String(ground))
      return
    }
    const isWhole = chosen.isLoose !== true || ids.has(`${operation.id}/${phase}`)
    const asked = new Set<string>()
    const { first, hasSuccess } = await this.#play(chosen, ground, made => {
      if (!isWhole && !ids.has(made.id)) return undefined
      asked.add(made.id)
      return made
    })
    if (phase === 'examples' && isWhole && first !== undefined && !hasSuccess) this.#tellUnreached(operation.id, first)
    if (this.#stopped || (isWhole && first !== undefined)) return
    for (const id of ids) if (!asked.has(id)) this.#tellNoCase(operation, id)
  }

  #tellNoCase({ id: operation }: Operation, id: string): void {
    if (this.#options.case === undefined) {
      this.#leftOut.skip(id, goneCase)
      return
    }
    const help = 'Copy the id from a finding; --seed and the document have to be those of its run.'
    throw new Trouble(exitCodes.unusable, `${operation} has no case ${id}`, help)
  }

  get #stopped(): boolean {
    return this.#asker.isDone || this.#elsewhere.isFound || (this.#options.bail === true && this.#findings.hasError)
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
      this.#leftOut.leave(operation, ground)
      return
    }
    if (operation.requestBody !== undefined && ground.valid.body.length === 0 && operation.requestBody.required) {
      this.#leftOut.leave(operation, 'no valid body could be made for it')
      return
    }
    const fault = ground.faultOf(ground.valid)
    if (fault !== undefined) {
      this.#leftOut.leave(operation, `no request could be written that keeps the document: ${fault}`)
      return
    }
    const ordered = this.#options.maxRequests === undefined ? phases : phasesByWorth
    for (const phase of ordered) {
      // What a phase begins with may take long to make; but what is cut is to be told.
      if (this.#stopped && !this.#asker.budget.isSpent) return
      if (phase.id === 'journeys' || !this.#isWanted(phase.id)) continue
      if (this.#asker.presence.isMute(operation.id)) {
        const why = 'it gave no answer several times in a row, so the rest of its cases was left out'
        this.#leftOut.leave(operation, why)
        return
      }
      const { first, hasSuccess } = await this.#play(phase, ground)
      const isRefused = phase.id === 'examples' && first !== undefined && !hasSuccess
      if (!isRefused) continue
      const elsewhere = await this.#elsewhere.seek(operation, first)
      if (elsewhere !== undefined) {
        this.#findings.add(elsewhere, { id: `${operation.id}/examples`, request: first.request })
        return
      }
      if (!ground.certain) this.#unreached.set(operation.id, first)
    }
  }

  /** The operations that journeys begin with: those that create, and those whose answers say with links where to go on. */
  #toTravel(operations: readonly Operation[]): Operation[] {
    const creates = this.#resources.filter(each => this.#isTravelled(each)).map(({ create }) => create)
    const linked = operations.filter(
      operation => !this.#isCreate(operation) && linksOf(this.#api, operation).length > 0,
    )
    return [...creates, ...linked]
  }

  /** What paths and names merely suggest is not to be a thing where nothing is to be inferred. */
  #isTravelled({ create, read, isDeclared }: Resource): boolean {
    if (!this.#isIncluded(create)) return false
    return isDeclared || (read !== undefined && this.#options.infer !== false)
  }

  #isWanted(phase: PhaseId): boolean {
    return this.#options.phases?.includes(phase) ?? true
  }

  /** Walks through a phase: makes the requests of each step, those of one step at the same time. */
  async #play(
    phase: Phase<PhaseId>,
    ground: Ground,
    choose: (made: Case) => Case | undefined = made => made,
  ): Promise<Walked> {
    const { operation: own } = ground
    const { budget, presence } = this.#asker
    let [first, hasSuccess]: [Exchange | undefined, boolean] = [undefined, false]
    try {
      const steps = phase.plan(ground)
      for (let step = await steps.next([]); step.done !== true; ) {
        const cases = step.value.flatMap(ask => {
          const { operation = own, name = ask.says } = ask
          return choose({ ...ask, operation, id: `${own.id}/${phase.id}/${slug(name)}` }) ?? []
        })
        if (cases.length > budget.left) {
          this.#leftOut.cut(phase.id, own)
          break
        }
        if (this.#stopped || cases.some(({ operation }) => presence.isMute(operation.id))) break
        const exchanges = await this.#asker.askAll(cases)
        for (const [at, made] of cases.entries()) {
          const exchange = exchanges[at]
          if (exchange === undefined) continue
          first ??= exchange
          if (phase.id === 'examples') this.#grounds.learn(own, exchange)
          // Lists grow; those that journeys ask for are enough.
          this.#grounds.see(made.operation, exchange, phase.id === 'journeys')
          if (!isSuccess(exchange)) continue
          hasSuccess = true
          this.#elsewhere.settle()
          if (isGood(made)) this.#unreached.delete(made.operation.id)
        }
        step = await steps.next(exchanges)
      }
    } catch (error) {
      // Only a part of the operation needs the schema that no validator can be made of.
      if (!(error instanceof SchemaUnusable)) throw error
      this.#leftOut.skip(`${phase.id} of ${own.id}`, error.message)
    }
    return { first, hasSuccess }
  }

  #tellGone(): void {
    const { lastSent: last, presence } = this.#asker
    if (last !== undefined) this.#findings.add(targetGone(this.#api, last, presence.lastFault), last)
  }

  #tellUnreached(id: string, { request, response }: Exchange): void {
    const operation = this.#api.operation(id)
    if (operation === undefined || response.status === 0) return
    this.#findings.add(successUnreached(this.#api, operation, response.status), { id: `${id}/examples`, request })
  }

  #complain(of: Operation, { operation, says, request, phase = 'journeys', ...finding }: Complaint): void {
    const position = this.#api.document.locate(finding.pointer)
    this.#findings.add(
      { ...finding, operation: operation.id, position },
      { id: `${of.id}/${phase}/${slug(says)}`, request },
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
