import type { Severity } from '../../finding/index.ts'
import type { Exchange } from '../../http/index.ts'
import type { Operation, Resource } from '../../model/index.ts'
import { type Ask, type Complaint, documented, type Ground, type Played } from '../case.ts'
import { bodiesOf } from '../ground.ts'
import { bodyOf, decodedOf, describedBy, type Thing, unlikes } from '../thing.ts'
import { type Difference, describedAnswer, differenceOf, memberOf, type Sides, spokenOf, told } from './alike.ts'

/** Values of parameters, by name. */
export type Known = ReadonlyMap<string, string>

/** Steps of a journey, with what comes of them. */
export type Leg<Result = void> = Generator<readonly Ask[], Result, readonly Played[]>

/** Whose promise is broken where two answers differ. */
export type Blame = { readonly blamed?: Operation; readonly status?: number; readonly sent?: Thing }

/** What all the legs of a journey through one resource need: how to ask, and how to complain. */
export class Way {
  readonly ground: Ground
  readonly resource: Resource
  /** Milliseconds that the instants of a member are apart at least, as far as its values have shown, by its name. */
  readonly granules = new Map<string, number>()
  /** What the document declares is a promise; what its paths and names suggest is not. */
  readonly #severity: Severity
  /** Members that whoever creates or changes the thing may set. */
  readonly #sendable: ReadonlySet<string>

  constructor(ground: Ground, resource: Resource) {
    this.ground = ground
    this.resource = resource
    this.#severity = resource.isDeclared ? 'error' : 'warning'
    const senders = [resource.create, ...resource.changes.filter(({ path }) => path === resource.read?.path)]
    const bodies = senders.flatMap(bodiesOf).flatMap(({ bytes }) => Object.keys(decodedOf(bytes) ?? {}))
    this.#sendable = new Set([...senders.flatMap(describedBy), ...bodies])
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

  /** An id that nothing has that this run has seen, one that the document takes if possible; `undefined` where none can be made. */
  strangeId(known: Known): string | undefined {
    const { read, parameter } = this.resource
    const seen = new Set([...this.ground.seen].map(id => id.toLowerCase()))
    const strange = unlikes(known.get(parameter) ?? '').filter(id => !seen.has(id.toLowerCase()))
    const isTaken = (id: string): boolean =>
      read !== undefined && !this.ground.isRefused(this.ground.requestOf(read, new Map(known).set(parameter, id)))
    return strange.find(isTaken) ?? strange[0]
  }

  /** What the document says of the answers of two operations. */
  sidesOf(one: Operation, other: Operation): Sides {
    const { api } = this.ground
    return [describedAnswer(api, one), describedAnswer(api, other)]
  }

  /** Whether a member of the thing is one that was sent, or could have been. */
  isSendable(name: string): boolean {
    return this.#sendable.has(name)
  }

  /** The first of these members in which two answers differ, as far as the document speaks of them. */
  differing(was: Thing, is: Thing, sides: Sides, names: readonly string[], sent?: Thing): Difference | undefined {
    const isSent = (name: string): boolean => (sent === undefined ? this.isSendable(name) : Object.hasOwn(sent, name))
    for (const name of spokenOf([...new Set(names)], sides, isSent)) {
      if (!Object.hasOwn(was, name) || !Object.hasOwn(is, name)) continue
      const given = sent === undefined && this.isSendable(name) ? was[name] : sent?.[name]
      const found = differenceOf(was[name], is[name], memberOf(sides, name), name, given)
      if (found !== undefined) return found
    }
    return undefined
  }

  /**
   * Of these members, those that both have must be equal; the first that is not is told.
   *
   * @param more `blamed` is the operation whose promise is broken and `status` that of its answer, where it is not the
   *   reading; `sent` is what the thing was made of
   */
  compare(
    source: Operation,
    before: Thing,
    later: Exchange,
    names: readonly string[],
    when = '',
    { blamed, status, sent }: Blame = {},
  ): boolean {
    const after = bodyOf(later)
    const { read } = this.resource
    if (after === undefined || read === undefined || later.response.status >= 300) return false
    const found = this.differing(before, after, this.sidesOf(source, read), names, sent)
    if (found === undefined) return false
    const [was, is] = told(found)
    const message = `${read.id} answered ${is} where ${source.id} had answered ${was}${when}`
    this.complain('state-lost', message, 'Keep what was stored, and answer with it.', blamed ?? read, later, status)
    return true
  }

  /** @param status the status of the answer whose promise is broken, where it is that of one answer */
  complain(
    code: 'state-lost' | 'state-leaked',
    message: string,
    help: string,
    operation: Operation,
    at: Exchange,
    status?: number,
  ): void {
    const pointer = (status === undefined ? undefined : operation.responseFor(status)?.pointer) ?? operation.pointer
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
