import { type Exchange, headerOf, redact, sessionOf } from '../http/index.ts'
import {
  type Api,
  type Callback,
  callbacksOf,
  decodeBody,
  holds,
  type Operation,
  type Scope,
  scopeOf,
} from '../model/index.ts'
import type { Shelf, Store } from '../store/index.ts'
import { type Resource, resourceOf } from './resource.ts'

/** Somebody who wants events: the exchange that asked for them, as it counts now. */
export type Subscription = {
  readonly id: string
  /** The operation that made it. */
  readonly operation: Operation
  readonly callbacks: readonly Callback[]
  readonly scope: Scope
  /** The session that it was made in. */
  readonly session: string | undefined
  /** Why nothing is sent any more, for example because the receiver answered 410. */
  readonly ended: string | undefined
}

/** Where an event goes for a subscription, or why it does not go there. */
export type Way = { readonly url: string } | { readonly why: string }

/** A subscription as it is remembered. */
type Registration = {
  readonly id: string
  readonly operation: string
  readonly scope: Scope
  readonly session?: string
  readonly ended?: string
}

/**
 * Subscriptions that are kept; the oldest make room. Exchanges wait to be looked at in about that number, and V8 moves each
 * that waits to its old generation: with ten times as many, a create would cost a fifth more.
 */
const maxSubscriptions = 100

/** Bytes of a request that asks for events; nobody needs as many to say where to. */
const maxRequest = 64 * 1024

/** What a document says of one operation that asks for events. */
type Asking = { readonly operation: Operation; readonly callbacks: readonly Callback[]; readonly resource: Resource }

/** A finished exchange that nobody has looked at yet. */
type Seen = {
  readonly operation: Operation
  readonly params: Readonly<Record<string, string>>
  readonly exchange: Exchange
}

/** Subscriptions, as they follow from the exchanges of an API. */
export class Subscriptions {
  readonly #asking = new Map<Operation, Asking>()
  readonly #changing = new Map<Operation, Asking>()
  readonly #store: Store
  /** By what they are told apart by. */
  readonly #kept: Shelf<Registration>
  #seen: Seen[] = []
  #asked = 0
  /** What is done with the shelf, one after the other. */
  #doing: Promise<void> = Promise.resolve()

  /**
   * @param name what the registrations of this document are kept under
   * @param before subscriptions of an earlier reading of the document
   */
  constructor(api: Api, store: Store, name: string, before?: Subscriptions) {
    this.#store = store
    this.#kept = before === undefined ? store.shelf(name, maxSubscriptions) : before.#kept
    for (const operation of api.operations) {
      const callbacks = callbacksOf(api, operation)
      if (callbacks.length === 0) continue
      const asking = { operation, callbacks, resource: resourceOf(api, operation) }
      this.#asking.set(operation, asking)
      for (const change of asking.resource.changes.keys()) this.#changing.set(change, asking)
      for (const removal of asking.resource.removals) this.#changing.set(removal, asking)
    }
    if (before !== undefined) this.#doing = before.#look()
  }

  /** Everything that the operations of the document may ask for. */
  get callbacks(): readonly Callback[] {
    return [...this.#asking.values()].flatMap(({ callbacks }) => callbacks)
  }

  /** Those whose operations are in the document. */
  async all(): Promise<readonly Subscription[]> {
    await this.#look()
    const asking = new Map([...this.#asking.values()].map(each => [each.operation.id, each]))
    return (await this.#kept.all()).flatMap(([, { id, operation, scope, session, ended }]) => {
      const now = asking.get(operation)
      if (now === undefined) return []
      return [{ id, operation: now.operation, callbacks: now.callbacks, scope, session, ended }]
    })
  }

  /**
   * Takes notice of a finished exchange. In a store of this process it is looked at when somebody asks for subscriptions:
   * whoever puts the mock under load does not pay for it. Where others remember too, they have to know before the exchange
   * counts as finished, which is when the promise resolves.
   */
  observe(
    operation: Operation,
    params: Readonly<Record<string, string>>,
    exchange: Exchange,
  ): Promise<void> | undefined {
    const isAsking = this.#asking.has(operation)
    if (!isAsking && !this.#changing.has(operation)) return undefined
    const { status } = exchange.response
    if (status < 200 || status > 299 || exchange.request.body.length > maxRequest) return undefined
    if (this.#store.isShared) return this.#note({ operation, params, exchange })
    this.#seen.push({ operation, params, exchange })
    if (isAsking) this.#asked += 1
    if (this.#asked > 2 * maxSubscriptions) this.#forget()
    else if (this.#seen.length > 4 * maxSubscriptions) void this.#look()
    return undefined
  }

  /** Nothing is sent for it any more. */
  async end(id: string, why: string): Promise<void> {
    for (const [key, kept] of await this.#kept.all()) {
      if (kept.id === id) await this.#kept.change(key, now => now && { ...now, ended: why })
    }
  }

  /** Forgets all of them, or those of a session. */
  async clear(session?: string): Promise<void> {
    if (session !== undefined) {
      await this.#look()
      for (const [key, kept] of await this.#kept.all()) {
        if (kept.session === session) await this.#kept.change(key, () => undefined)
      }
      return
    }
    this.#seen = []
    this.#asked = 0
    await this.#then(() => this.#kept.clear())
  }

  /** Everything before the newest subscriptions would make room for them. */
  #forget(): void {
    void this.#then(() => this.#kept.clear())
    let from = this.#seen.length
    for (let left = maxSubscriptions; left > 0 && from > 0; from -= 1) {
      if (this.#asking.has((this.#seen[from - 1] as Seen).operation)) left -= 1
    }
    this.#seen = this.#seen.slice(from)
    this.#asked = maxSubscriptions
  }

  #look(): Promise<void> {
    const seen = this.#seen
    this.#seen = []
    this.#asked = 0
    return this.#then(async () => {
      for (const one of seen) await this.#note(one)
    })
  }

  #then(what: () => Promise<void>): Promise<void> {
    this.#doing = this.#doing.then(what)
    return this.#doing
  }

  async #note({ operation, params, exchange }: Seen): Promise<void> {
    const scope = scopeIn(operation, params, exchange)
    const session = sessionOf(exchange.request.headers)
    const asking = this.#asking.get(operation)
    if (asking !== undefined) await this.#add(asking, scope, session)
    const changing = this.#changing.get(operation)
    if (changing !== undefined) await this.#change(changing, operation, scope, session)
  }

  async #add({ operation, resource }: Asking, scope: Scope, session: string | undefined): Promise<void> {
    const count = await this.#store.numbers('subscription', 1)
    const id = idIn(resource, scope)
    const key = id === undefined ? `${count}` : keyOf(operation, scope.request.path, id, session)
    // A second registration of the same thing takes the place of the first.
    const made = { operation: operation.id, scope, ...(session !== undefined && { session }) }
    await this.#kept.change(key, same => ({ id: same?.id ?? `sub_${count}`, ...made }))
  }

  async #change(
    { operation, resource }: Asking,
    change: Operation,
    scope: Scope,
    session: string | undefined,
  ): Promise<void> {
    const named = scope.request.path
    const names = [...operation.path.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name)
    const path = Object.fromEntries(names.map(name => [name, named[name]]))
    const key = keyOf(operation, path, String(named[resource.parameter]), session)
    await this.#kept.change(key, kept => {
      if (kept === undefined || resource.removals.has(change)) return undefined
      const { ended: _, ...rest } = kept
      return { ...rest, scope: changed(kept.scope, scope, resource.changes.get(change)) }
    })
  }
}

/** One thing that was created: by which operation, under which path, with which id, in which session. */
function keyOf(
  { id: operation }: Operation,
  path: Readonly<Record<string, unknown>>,
  id: string,
  session: string | undefined,
): string {
  return JSON.stringify([
    operation,
    Object.entries(path)
      .map(([name, value]) => [name, String(value)])
      .sort(),
    id,
    ...(session === undefined ? [] : [session]),
  ])
}

/** Where the call of a subscription goes, or why it is not made: ended, a condition, an address that is none. */
export function wayOf(
  { operation, scope, ended }: Pick<Subscription, 'operation' | 'scope' | 'ended'>,
  { target, when }: Callback,
): Way {
  if (ended !== undefined) return { why: ended }
  const missing = when.find(condition => !holds(condition, scope, operation))
  if (missing !== undefined) return { why: `${missing.text} is not true` }
  const found = target?.(scope) ?? { why: 'it is a webhook' }
  return 'url' in found ? found : { why: `the exchange has no address for it: ${found.why}` }
}

/** What the expressions of a document are read against. */
export function scopeIn(
  operation: Operation,
  params: Readonly<Record<string, string>>,
  { request, response }: Exchange,
): Scope {
  const reading = operation.read(request, params, { credentials: false })
  const type = headerOf(response.headers, 'content-type')
  const decoded = type === undefined || response.body.length === 0 ? undefined : decodeBody(type, response.body)
  const body = decoded?.kind === 'value' ? decoded.value : undefined
  // Credentials are not kept longer than the exchange.
  const scope = scopeOf(
    { ...reading, request: redact(request) },
    { status: response.status, headers: response.headers, body },
  )
  return { ...scope, url: `http://${headerOf(request.headers, 'host') ?? 'mock'}${request.target}` }
}

function idIn({ ids }: Resource, { response }: Scope): string | undefined {
  for (const name of ids) {
    const value = memberOf(response.body, name)
    if (typeof value === 'string' || typeof value === 'number') return String(value)
  }
  return undefined
}

/**
 * The exchange as it counts after a change. What was sent wins over what is answered beside it: a mock without memory
 * answers with its example.
 */
function changed(kept: Scope, change: Scope, member: string | undefined): Scope {
  const sent = change.request.body
  if (!isObject(sent)) return kept
  const answered = Object.fromEntries(
    Object.entries(sent).map(([name, value]) => [name, memberOf(change.response.body, name) ?? value]),
  )
  const body = isObject(kept.response.body) ? kept.response.body : {}
  if (member !== undefined) {
    const before = memberOf(body, member)
    const after = { ...(isObject(before) ? before : {}), ...answered }
    return { ...kept, response: { ...kept.response, body: { ...body, [member]: after } } }
  }
  const request = isObject(kept.request.body) ? { ...kept.request.body, ...sent } : sent
  return {
    ...kept,
    request: { ...kept.request, body: request },
    response: { ...kept.response, body: { ...body, ...answered } },
  }
}

function memberOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
