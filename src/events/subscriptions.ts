import { type Exchange, headerOf, redact } from '../http/index.ts'
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
import { type Resource, resourceOf } from './resource.ts'

/** Somebody who wants events: the exchange that asked for them, as it counts now. */
export type Subscription = {
  readonly id: string
  /** The operation that made it. */
  readonly operation: Operation
  readonly callbacks: readonly Callback[]
  readonly scope: Scope
  /** Why nothing is sent any more, for example because the receiver answered 410. */
  readonly ended: string | undefined
}

/** Where an event goes for a subscription, or why it does not go there. */
export type Way = { readonly url: string } | { readonly why: string }

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
  /** By what they are told apart by. */
  readonly #kept = new Map<string, Subscription>()
  #seen: Seen[] = []
  #asked = 0
  #count = 0

  /** @param before subscriptions of an earlier reading of the document */
  constructor(api: Api, before?: Subscriptions) {
    for (const operation of api.operations) {
      const callbacks = callbacksOf(api, operation)
      if (callbacks.length === 0) continue
      const asking = { operation, callbacks, resource: resourceOf(api, operation) }
      this.#asking.set(operation, asking)
      for (const change of asking.resource.changes.keys()) this.#changing.set(change, asking)
      for (const removal of asking.resource.removals) this.#changing.set(removal, asking)
    }
    if (before !== undefined) this.#takeOver(before)
  }

  /** Everything that the operations of the document may ask for. */
  get callbacks(): readonly Callback[] {
    return [...this.#asking.values()].flatMap(({ callbacks }) => callbacks)
  }

  get all(): readonly Subscription[] {
    this.#look()
    return [...this.#kept.values()]
  }

  /**
   * Takes notice of a finished exchange, and looks at it when somebody asks for subscriptions: whoever puts the mock under
   * load does not pay for it.
   */
  observe(operation: Operation, params: Readonly<Record<string, string>>, exchange: Exchange): void {
    const isAsking = this.#asking.has(operation)
    if (!isAsking && !this.#changing.has(operation)) return
    const { status } = exchange.response
    if (status < 200 || status > 299 || exchange.request.body.length > maxRequest) return
    this.#seen.push({ operation, params, exchange })
    if (isAsking) this.#asked += 1
    if (this.#asked > 2 * maxSubscriptions) this.#forget()
    else if (this.#seen.length > 4 * maxSubscriptions) this.#look()
  }

  /** Nothing is sent for it any more. */
  end(id: string, why: string): void {
    for (const [key, kept] of this.#kept) if (kept.id === id) this.#kept.set(key, { ...kept, ended: why })
  }

  clear(): void {
    this.#seen = []
    this.#asked = 0
    this.#kept.clear()
  }

  #takeOver(before: Subscriptions): void {
    before.#look()
    const asking = new Map([...this.#asking.values()].map(each => [each.operation.id, each]))
    for (const [key, kept] of before.#kept) {
      const now = asking.get(kept.operation.id)
      if (now !== undefined) this.#kept.set(key, { ...kept, operation: now.operation, callbacks: now.callbacks })
    }
    this.#count = before.#count
  }

  /** Everything before the newest subscriptions would make room for them. */
  #forget(): void {
    this.#kept.clear()
    let from = this.#seen.length
    for (let left = maxSubscriptions; left > 0 && from > 0; from -= 1) {
      if (this.#asking.has((this.#seen[from - 1] as Seen).operation)) left -= 1
    }
    this.#seen = this.#seen.slice(from)
    this.#asked = maxSubscriptions
  }

  #look(): void {
    const seen = this.#seen
    this.#seen = []
    this.#asked = 0
    for (const { operation, params, exchange } of seen) {
      const scope = scopeIn(operation, params, exchange)
      const asking = this.#asking.get(operation)
      if (asking !== undefined) this.#add(asking, scope)
      const changing = this.#changing.get(operation)
      if (changing !== undefined) this.#change(changing, operation, scope)
    }
  }

  #add({ operation, callbacks, resource }: Asking, scope: Scope): void {
    this.#count += 1
    const id = idIn(resource, scope)
    const key = id === undefined ? `${this.#count}` : keyOf(operation, scope.request.path, id)
    // A second registration of the same thing takes the place of the first.
    const same = this.#kept.get(key)
    const [oldest] = this.#kept.keys()
    if (same === undefined && this.#kept.size >= maxSubscriptions && oldest !== undefined) this.#kept.delete(oldest)
    this.#kept.set(key, { id: same?.id ?? `sub_${this.#count}`, operation, callbacks, scope, ended: undefined })
  }

  #change({ operation, resource }: Asking, change: Operation, scope: Scope): void {
    const named = scope.request.path
    const names = [...operation.path.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name)
    const path = Object.fromEntries(names.map(name => [name, named[name]]))
    const key = keyOf(operation, path, String(named[resource.parameter]))
    const kept = this.#kept.get(key)
    if (kept === undefined) return
    if (resource.removals.has(change)) this.#kept.delete(key)
    else
      this.#kept.set(key, {
        ...kept,
        scope: changed(kept.scope, scope, resource.changes.get(change)),
        ended: undefined,
      })
  }
}

/** One thing that was created: by which operation, under which path, with which id. */
function keyOf({ id: operation }: Operation, path: Readonly<Record<string, unknown>>, id: string): string {
  return JSON.stringify([
    operation,
    Object.entries(path)
      .map(([name, value]) => [name, String(value)])
      .sort(),
    id,
  ])
}

/** Where the call of a subscription goes, or why it is not made: ended, a condition, an address that is none. */
export function wayOf({ operation, scope, ended }: Subscription, { target, when }: Callback): Way {
  if (ended !== undefined) return { why: ended }
  const missing = when.find(condition => !holds(condition, scope, operation))
  if (missing !== undefined) return { why: `${missing.text} is not true` }
  const url = target?.(scope)
  if (url === undefined) return { why: 'the exchange has no address for it' }
  return { url }
}

function scopeIn(
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
