import type { Finding, Position } from '../finding/index.ts'
import { hash } from '../generate/index.ts'
import type { Handler, HttpRequest } from '../http/index.ts'
import { type Api, type Operation, SchemaUnusable } from '../model/index.ts'
import type { ContractRun } from './options.ts'
import { phases } from './phases/index.ts'
import { runContract } from './run.ts'
import { type Kind, type KindId, kinds, type Passing, type Plan } from './sabotage/index.ts'

export type ScoreOptions = {
  /** The kinds of sabotage; by default all. */
  readonly kinds?: readonly KindId[]
  /** The operations, by id; by default all. */
  readonly include?: readonly string[]
  /** Operations to leave out, by id. */
  readonly exclude?: readonly string[]
  /** The checks whose findings count, by id; by default all. */
  readonly checks?: readonly string[]
  /** So many sabotages are tried at most; of more, each kind and operation gets its share. */
  readonly limit?: number
  /** The only credential that the target takes. */
  readonly token?: string
  /** Values for parameters of these names. */
  readonly params?: ReadonlyMap<string, string>
  /** Stops before the next sabotage. */
  readonly signal?: AbortSignal
  readonly onSabotage?: (done: { readonly tried: number; readonly of: number }) => void
}

/**
 * What became of a sabotage: the check noticed it, or not; the document does not forbid it; or no answer came that could
 * have been spoilt.
 */
export type Outcome = 'noticed' | 'unnoticed' | 'permitted' | 'unreached'

/** One clause, broken on purpose. */
export type Sabotage = {
  readonly kind: KindId
  readonly operation: string
  readonly says: string
  readonly pointer: string
  readonly position: Position
  readonly outcome: Outcome
  /** What the check said of it first. */
  readonly by?: Pick<Finding, 'code' | 'check' | 'pointer'>
}

export type Score = {
  readonly sabotages: readonly Sabotage[]
  /** Noticed, of what the document forbids and an answer showed: 0 to 1, and 1 of nothing. */
  readonly share: number
  readonly requests: number
  readonly skipped: readonly { readonly what: string; readonly why: string }[]
  readonly interrupted: boolean
}

type Candidate = { readonly kind: Kind<KindId>; readonly operation: Operation; readonly plan: Plan }

/** An operation is done with after so many requests, noticed or not. */
const maxRequests = 2_000

/** So many answers that the document allows show that it does. */
const enough = 5

/**
 * Breaks a document clause by clause, and has the check look at it each time: how much does it notice? What is broken is
 * the answers of `target`, which has to keep the document and to understand `Prefer`, as the mock of contrato does.
 */
export async function scoreContract(api: Api, target: Handler, options: ScoreOptions = {}): Promise<Score> {
  return await new Scoring(api, target, options).run()
}

class Scoring {
  readonly #api: Api
  readonly #target: Handler
  readonly #options: ScoreOptions
  readonly #skipped: { what: string; why: string }[] = []
  /** Documented statuses that the target gives when it keeps the document, by operation. */
  readonly #reached = new Set<string>()
  #requests = 0

  constructor(api: Api, target: Handler, options: ScoreOptions) {
    this.#api = api
    this.#target = target
    this.#options = options
  }

  async run(): Promise<Score> {
    const { signal, onSabotage } = this.#options
    const candidates: Candidate[] = []
    for (const operation of this.#operations()) {
      if (signal?.aborted === true) break
      if (await this.#keepsItsWord(operation)) candidates.push(...this.#candidatesOf(operation))
    }
    const chosen = this.#choose(candidates)
    const sabotages: Sabotage[] = []
    for (const candidate of chosen) {
      if (signal?.aborted === true) break
      sabotages.push(await this.#try(candidate))
      onSabotage?.({ tried: sabotages.length, of: chosen.length })
    }
    const count = (outcome: Outcome): number => sabotages.filter(each => each.outcome === outcome).length
    const forbidden = count('noticed') + count('unnoticed')
    return {
      sabotages,
      share: forbidden === 0 ? 1 : count('noticed') / forbidden,
      requests: this.#requests,
      skipped: this.#skipped,
      interrupted: signal?.aborted === true,
    }
  }

  #operations(): Operation[] {
    const { include, exclude } = this.#options
    return this.#api.operations.filter(({ id }) => include?.includes(id) !== false && exclude?.includes(id) !== true)
  }

  /** Where the check has something to say of the untouched target, it says nothing of a sabotage. */
  async #keepsItsWord(operation: Operation): Promise<boolean> {
    const run = await this.#checkOrReason(operation, async request => {
      const response = await this.#target(request)
      if (!isDescribed(request)) return response
      const match = this.#api.lead(request)
      const asked = match.kind === 'found' ? match.operation : undefined
      const status = asked?.responseFor(response.status)?.status
      if (asked?.id === operation.id) this.#reached.add(`${operation.id} ${status}`)
      return response
    })
    if (typeof run === 'string') {
      this.#skipped.push({ what: operation.id, why: run })
      return false
    }
    const left = run.skipped.find(({ what }) => what === operation.id)
    const [finding] = run.findings
    if (left !== undefined) this.#skipped.push(left)
    else if (finding !== undefined) {
      const why = `the check complains without a sabotage, too: ${finding.message}`
      this.#skipped.push({ what: operation.id, why })
    }
    return left === undefined && finding === undefined
  }

  /** Where something else than one bearer token lets people in, nobody knows which credentials are wrong. */
  #tokenFor({ security }: Operation): string | undefined {
    const [schemes] = security
    const isOne = security.length === 1 && schemes?.length === 1
    return isOne && schemes[0]?.challenge?.startsWith('Bearer') === true ? this.#options.token : undefined
  }

  #candidatesOf(operation: Operation): Candidate[] {
    const { kinds: wanted } = this.#options
    const token = this.#tokenFor(operation)
    return kinds
      .filter(({ id }) => wanted?.includes(id) ?? true)
      .flatMap(kind => {
        try {
          return [...kind.plan(this.#api, operation, token)].map((plan): Candidate => ({ kind, operation, plan }))
        } catch (error) {
          if (!(error instanceof SchemaUnusable)) throw error
          this.#skipped.push({ what: `${kind.id} of ${operation.id}`, why: error.message })
          return []
        }
      })
  }

  /** All, or of too many some of each kind, spread over the document in the same way each time. */
  #choose(candidates: readonly Candidate[]): readonly Candidate[] {
    const { limit } = this.#options
    if (limit === undefined || candidates.length <= limit) return candidates
    const ranks = new Map<string, number>()
    const keyed = candidates
      .map((candidate, at) => ({
        candidate,
        at,
        key: hash(candidate.kind.id, candidate.operation.id, candidate.plan.says),
      }))
      .sort((a, b) => a.key - b.key)
      .map(each => {
        const rank = ranks.get(each.candidate.kind.id) ?? 0
        ranks.set(each.candidate.kind.id, rank + 1)
        return { ...each, rank }
      })
    const kept = keyed.sort((a, b) => a.rank - b.rank).slice(0, limit)
    const why = `no more than ${limit} of ${candidates.length} were to be tried`
    this.#skipped.push({ what: `${candidates.length - limit} sabotages`, why })
    return kept.sort((a, b) => a.at - b.at).map(({ candidate }) => candidate)
  }

  async #try({ kind, operation, plan }: Candidate): Promise<Sabotage> {
    const told = {
      kind: kind.id,
      operation: operation.id,
      says: plan.says,
      pointer: plan.pointer,
      position: this.#api.document.locate(plan.pointer),
    }
    if (plan.isForbidden === false) return { ...told, outcome: 'permitted' }
    if (plan.status !== undefined && !this.#reached.has(`${operation.id} ${plan.status}`)) {
      return { ...told, outcome: 'unreached' }
    }
    const counts = { applied: 0, forbidden: 0 }
    const stop = new AbortController()
    const spoil = plan.begin()
    const run = await this.#check(
      operation,
      async request => {
        if (!isDescribed(request)) return await this.#target(request)
        const passing = await this.#passing(request)
        const isElsewhere = passing.operation !== undefined && passing.operation.id !== operation.id
        const spoilt = isElsewhere ? undefined : await spoil(passing)
        if (spoilt === undefined) return passing.response
        counts.applied += 1
        if (spoilt.isForbidden) counts.forbidden += 1
        if (counts.forbidden === 0 && counts.applied >= enough) stop.abort()
        if (spoilt.response instanceof Error) throw spoilt.response
        return spoilt.response
      },
      stop.signal,
    )
    const [by] = run.findings
    if (by !== undefined && counts.applied > 0) {
      const { code, check, pointer } = by
      return {
        ...told,
        outcome: 'noticed',
        by: { code, ...(check !== undefined && { check }), ...(pointer !== undefined && { pointer }) },
      }
    }
    if (counts.applied === 0) return { ...told, outcome: plan.isProvocable === true ? 'unnoticed' : 'unreached' }
    return { ...told, outcome: counts.forbidden > 0 ? 'unnoticed' : 'permitted' }
  }

  /** A schema that no validator can be made of leaves nothing to hold answers against. */
  async #checkOrReason(operation: Operation, target: Handler): Promise<ContractRun | string> {
    try {
      return await this.#check(operation, target)
    } catch (error) {
      if (error instanceof SchemaUnusable) return error.message
      throw error
    }
  }

  /** The check of one operation, up to the first finding where it does not matter which check has it. */
  async #check(operation: Operation, target: Handler, signal?: AbortSignal): Promise<ContractRun> {
    const { checks, params } = this.#options
    const token = this.#tokenFor(operation)
    const run = await runContract(this.#api, target, {
      include: [operation.id],
      // What spans several operations is judged of targets that keep what they are told, as a mock need not.
      phases: phases.map(({ id }) => id).filter(id => id !== 'journeys'),
      infer: false,
      bail: checks === undefined,
      maxRequests,
      ...(token !== undefined && { token }),
      ...(params !== undefined && { params }),
      ...(signal !== undefined && { signal }),
    })
    this.#requests += run.requests
    if (checks === undefined) return run
    return { ...run, findings: run.findings.filter(({ check }) => check === undefined || checks.includes(check)) }
  }

  async #passing(request: HttpRequest): Promise<Passing> {
    const response = await this.#target(request)
    const match = this.#api.lead(request)
    const operation = match.kind === 'found' ? match.operation : undefined
    const params = match.kind === 'found' ? match.params : {}
    return {
      request,
      response,
      operation,
      description: operation?.responseFor(response.status),
      reading: () => operation?.read(request, params, { credentials: false }),
      credentials: () => operation?.read(request, params).faults.every(({ kind }) => kind !== 'credentials') ?? true,
      ask: this.#target,
    }
  }
}

/** No document says what is answered where the path cannot be read, so that no answer breaks it. */
function isDescribed({ target }: HttpRequest): boolean {
  try {
    // The result is looked at: a bundler leaves out a call whose result nobody wants.
    return decodeURIComponent(target.replace(/\?.*/s, '')) !== ''
  } catch {
    return false
  }
}
