import type { Finding } from '../finding/index.ts'
import type { SentBody } from '../generate/index.ts'
import type { Exchange, HttpRequest } from '../http/index.ts'
import type { Api, Operation, Part, Resource, Schema, SecurityScheme } from '../model/index.ts'

/** One request that a phase wants made, with what the document lets one expect of the answer. */
export type Ask = {
  /** What is special about the request: `name as a number`. */
  readonly says: string
  readonly request: HttpRequest
  /** The statuses that are right, as documented codes or ranges; empty where any documented one is. */
  readonly expects: readonly string[]
  /** The operation that the request is for, where it is another than the one the phase works on. */
  readonly operation?: Operation
  /** The request is for nothing that the document describes, so that only what holds of every answer is judged. */
  readonly outside?: boolean
  /** What calls for these statuses is no promise of the document, but what its paths and names suggest. */
  readonly isSuggested?: boolean
  /** What the id ends with, where that is not what it says. */
  readonly name?: string
  /** Where the status is not as expected, requests with the same cause have the same breach; else each has its own. */
  readonly cause?: string
  /** What becomes of what is found: `smaller` replaces what was told of the same breach, `nothing` is told to the phase alone. */
  readonly tells?: 'smaller' | 'nothing'
}

/** One planned request. */
export type Case = Ask & {
  /** Operation, phase and a name within it; stays the same from run to run. */
  readonly id: string
  readonly operation: Operation
}

/** An exchange, and what is wrong with it. */
export type Played = Exchange & {
  readonly findings: readonly Finding[]
  /** Those of them that no request has shown before and that came again when asked once more. */
  readonly fresh: readonly Finding[]
}

/**
 * What a phase does: it hands out requests and gets the exchanges back before it goes on. Those of one step are made at
 * the same time.
 */
export type Steps = Generator<readonly Ask[], void, readonly Played[]>

/** Steps of a phase that waits for something in between. */
export type LateSteps = AsyncGenerator<readonly Ask[], void, readonly Played[]>

/** Something that only several exchanges together show. */
export type Complaint = Pick<Finding, 'code' | 'severity' | 'message' | 'help'> & {
  readonly check: string
  readonly operation: Operation
  readonly pointer: string
  readonly says: string
  readonly request: HttpRequest
  /** The phase whose requests show it; by default the journeys. */
  readonly phase?: string
}

/** What a phase plans its cases from. */
export type Ground = {
  readonly api: Api
  readonly operation: Operation
  /** A request that the document calls valid. */
  readonly valid: HttpRequest
  /** Further valid bodies, by name. */
  readonly bodies: readonly { readonly name: string; readonly bytes: Uint8Array }[]
  /** The schema of the JSON body, as validator and as a place in the document. */
  readonly body: { readonly schema: Schema; readonly part: Part; readonly value: unknown } | undefined
  /** The body that is broken and drawn: the JSON body, or the form where no JSON is sent. */
  readonly sent: SentBody | undefined
  /** Whether everything that the request names is known to exist, so that only success is right. */
  readonly certain: boolean
  /** The credential of a scheme that the target is known to accept, where one was given. */
  readonly tokenOf: (scheme: SecurityScheme) => string | undefined
  /** Names of the fields, in small letters, that every request has when it arrives. */
  readonly added: ReadonlySet<string>
  /** What the target puts before the path of each request. */
  readonly base: string
  /** Values of parameters that were given or learnt, by name. */
  readonly known: ReadonlyMap<string, string>
  /** Ids of things that answers of this run have shown. */
  readonly seen: ReadonlySet<string>
  /** Names of parameters whose values were given, and which are not to be changed. */
  readonly given: ReadonlySet<string>
  /** Requests that are made at the same time. */
  readonly workers: number
  /** What chance depends on. */
  readonly seed: number
  /** The kind of thing that the operation creates. */
  readonly resource: Resource | undefined
  /** A valid request of an operation with these values of parameters. */
  readonly requestOf: (operation: Operation, known: ReadonlyMap<string, string>) => HttpRequest
  /** Whether the document finds something wrong with the request as it is written. */
  readonly isRefused: (request: HttpRequest) => boolean
  /** What the document finds wrong with the request first. */
  readonly faultOf: (request: HttpRequest) => string | undefined
  readonly complain: (complaint: Complaint) => void
  /** Says what is not asked for, and why. */
  readonly skip: (what: string, why: string) => void
}

/** A family of cases. */
export type Phase<Id extends string = string> = {
  readonly id: Id
  readonly says: string
  /** Its requests have nothing to do with one another, so that each can be made alone. */
  readonly isLoose?: boolean
  plan(ground: Ground): Steps | LateSteps
}

/** Asks one after the other, or as many at the same time as there are workers, whatever the answers are. */
export function* oneByOne(asks: readonly Ask[], { workers }: Pick<Ground, 'workers'>): Steps {
  for (let at = 0; at < asks.length; at += workers) yield asks.slice(at, at + workers)
}

/**
 * Asks what nobody has to take: where it is refused, only what holds of every answer is judged; where it is taken, the same
 * is asked again, and then the answer is held to all that the document promises.
 */
export function* lookTwice(asks: readonly Ask[], { workers, isRefused }: Pick<Ground, 'workers' | 'isRefused'>): Steps {
  for (let at = 0; at < asks.length; at += workers) {
    const some = asks.slice(at, at + workers).map(ask => ({ ...ask, expects: [], outside: true }))
    const played = yield some
    const taken = some.filter(({ request }) => {
      const { status = 0 } = played.find(each => each.request === request)?.response ?? {}
      return status >= 200 && status < 300 && !isRefused(request)
    })
    if (taken.length > 0) yield taken.map(ask => ({ ...ask, outside: false }))
  }
}

/** Documented statuses of an operation that fulfil `test`. */
export function documented(operation: Operation, test: (status: string) => boolean): string[] {
  return operation.responses.map(({ status }) => status.toUpperCase()).filter(test)
}

/** The statuses of success, where only success is right. */
export function successes({ operation, certain }: Pick<Ground, 'operation' | 'certain'>): string[] {
  return certain ? documented(operation, status => /^[23]/.test(status)) : []
}

/**
 * What a refusal is held to: those of `codes` that are documented, else the ranges that hold them; where the document says
 * nothing of refusals, that it is one.
 *
 * @param also further statuses that are right where they are documented
 */
export function refusal(
  operation: Operation,
  codes: readonly string[],
  also: readonly string[] = [],
): Pick<Ask, 'expects' | 'outside'> {
  const exact = documented(operation, status => codes.includes(status))
  const general = exact.length > 0 ? exact : documented(operation, status => status === '4XX' || status === 'DEFAULT')
  if (general.length === 0) return { expects: ['4XX'], outside: true }
  // `default` stands for whatever is not listed, success as well; a refusal is a refusal still.
  const refusals = general.map(status => (status === 'DEFAULT' ? '4XX' : status))
  return { expects: [...refusals, ...documented(operation, status => also.includes(status))] }
}

/** Whether a status is one of the documented codes or ranges. */
export function isOneOf(status: number, expected: readonly string[]): boolean {
  return expected.some(
    code => code === 'DEFAULT' || code === String(status) || (code.endsWith('XX') && code[0] === String(status)[0]),
  )
}

/** A text as a part of an id: small letters, digits and hyphens. */
export function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^-|-$/g, '')
}

/** Whether two findings are of the same breach. */
export function isSame(one: Finding, other: Finding): boolean {
  return one.code === other.code && one.pointer === other.pointer && one.status === other.status
}
