import type { Severity } from '../../finding/index.ts'
import type { Exchange } from '../../http/index.ts'
import type { Operation, Resource } from '../../model/index.ts'
import { type Ask, type Complaint, documented, type Ground, type Played } from '../case.ts'
import { bodyOf, difference, same, type Thing } from '../thing.ts'

/** Values of parameters, by name. */
export type Known = ReadonlyMap<string, string>

/** Steps of a journey, with what comes of them. */
export type Leg<Result = void> = Generator<readonly Ask[], Result, readonly Played[]>

/** What all the legs of a journey through one resource need: how to ask, and how to complain. */
export class Way {
  readonly ground: Ground
  readonly resource: Resource
  /** What the document declares is a promise; what its paths and names suggest is not. */
  readonly #severity: Severity

  constructor(ground: Ground, resource: Resource) {
    this.ground = ground
    this.resource = resource
    this.#severity = resource.isDeclared ? 'error' : 'warning'
  }

  ask(says: string, operation: Operation, known: Known, more: Partial<Ask> = {}): Ask {
    return {
      says,
      operation,
      request: this.ground.requestOf(operation, known),
      expects: [],
      isSuggested: !this.resource.isDeclared,
      ...more,
    }
  }

  /** A request that creates one, with the first of the documented bodies or another one. */
  create(says: string, parents: Known, at = 0): Ask {
    const ask = this.ask(says, this.resource.create, parents)
    const { bodies } = this.ground
    const bytes = bodies[at % Math.max(1, bodies.length)]?.bytes
    return bytes === undefined ? ask : { ...ask, request: { ...ask.request, body: bytes } }
  }

  /** Success is right for what was just created. */
  mustSucceed(operation: Operation): { expects: readonly string[] } {
    return { expects: documented(operation, status => /^[23]/.test(status)) }
  }

  /** Values of the create operation's parameters that nobody has used, where nobody has said which exist. */
  parents(value: string): Known {
    const { operation, known, given } = this.ground
    const fresh = operation.parameters.filter(({ in: place, name }) => place === 'path' && !given.has(name))
    const parents = new Map([...known, ...fresh.map(({ name }) => [name, value] as const)])
    const request = this.ground.requestOf(operation, parents)
    return fresh.length === 0 || this.ground.isRefused(request) ? known : parents
  }

  /** The id of the thing that an answer shows. */
  idIn(exchange: Exchange | undefined): string | undefined {
    const id =
      exchange === undefined || exchange.response.status >= 300 ? undefined : bodyOf(exchange)?.[this.resource.id]
    return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined
  }

  /** Of these members, those that both have must be equal; the first that is not is told. */
  compare(source: Operation, before: Thing, later: Exchange, names: readonly string[], when = ''): void {
    const after = bodyOf(later)
    const { read } = this.resource
    if (after === undefined || read === undefined || later.response.status >= 300) return
    for (const name of new Set(names)) {
      if (!Object.hasOwn(before, name) || !Object.hasOwn(after, name) || same(before[name], after[name])) continue
      const [was, is] = difference(before[name], after[name], name)
      const message = `${read.id} answered ${is} where ${source.id} had answered ${was}${when}`
      this.complain('state-lost', message, 'Keep what was stored, and answer with it.', read, later)
      return
    }
  }

  complain(
    code: 'state-lost' | 'state-leaked',
    message: string,
    help: string,
    operation: Operation,
    at: Exchange,
  ): void {
    const { pointer } = operation
    this.#tell({ code, message, help, operation, pointer, severity: this.#severity }, at)
  }

  /** Something that only names suggest. */
  suspect(message: string, help: string, operation: Operation, pointer: string, at: Exchange): void {
    this.#tell({ code: 'relation-suspect', message, help, operation, pointer, severity: 'warning' }, at)
  }

  #tell(complaint: Omit<Complaint, 'check' | 'says' | 'request'>, { request }: Exchange): void {
    this.ground.complain({ ...complaint, check: 'state-consistent', says: complaint.code, request })
  }
}

/** Whether an answer is one of success. */
export function isGood(exchange: Exchange | undefined): exchange is Exchange {
  return exchange !== undefined && exchange.response.status > 0 && exchange.response.status < 300
}
