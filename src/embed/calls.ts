import type { Delivery, Events, EventsOptions, SubscriptionTold, Triggered } from '../events/index.ts'
import { exitCodes, Trouble } from '../finding/index.ts'
import type { Exchange, HttpRequest, HttpResponse } from '../http/index.ts'
import { shelvesOf } from '../mock/index.ts'
import { type Api, type Match, meantOf, type Operation } from '../model/index.ts'
import type { Control, Site } from '../server/index.ts'
import { memoryStore, type Store } from '../store/index.ts'
import { type Forgotten, resetIn } from './reset.ts'
import type { State } from './state.ts'
import { triggerIn } from './trigger.ts'

/** An operation that was asked for, of which document. */
export type Asked = { readonly at: number; readonly match: Extract<Match, { kind: 'found' }> }

type Params = Readonly<Record<string, string>>
type Waiting = {
  readonly at: number
  readonly operation: Operation
  readonly params: Params
  readonly exchange: Exchange
}

/** Exchanges that are kept until somebody looks at them. */
const maxWaiting = 200

/**
 * The events of the documents that a mock serves. The part that sends them is loaded when an exchange or somebody asks for
 * it: most mocks never need it.
 */
export class Calls implements Control {
  readonly #options: EventsOptions
  readonly #store: Store
  readonly #things: State['things'] | undefined
  readonly #apis: Api[]
  #followed: ReadonlySet<Operation>
  #loading: Promise<readonly Events[]> | undefined
  #loaded: readonly Events[] = []
  #waiting: Waiting[] = []
  #bound: readonly [string, number] | undefined

  /**
   * @param store what they are remembered in; closed with the calls
   * @param things where what is created is remembered, to be forgotten together with the rest
   */
  constructor(
    apis: readonly Api[],
    options: EventsOptions = {},
    store: Store = memoryStore(),
    things?: State['things'],
  ) {
    this.#apis = [...apis]
    this.#store = store
    this.#things = things
    this.#options = options
    this.#followed = followedIn(apis)
  }

  /** Whether exchanges of an operation may make, change or end a subscription. */
  follows(operation: Operation): boolean {
    return this.#followed.has(operation)
  }

  /** Whether exchanges of any operation may. */
  get areAsked(): boolean {
    return this.#followed.size > 0
  }

  /** Whether others remember with it, which has to be asked before an exchange counts as finished. */
  get isShared(): boolean {
    return this.#store.isShared
  }

  /** Takes notice of an exchange, which counts as finished when what is returned resolves. */
  observe({ at, match }: Asked, request: HttpRequest, response: HttpResponse): Promise<void> | undefined {
    const { operation, params } = match
    const exchange = { request, response }
    const loaded = this.#loaded[at]
    if (loaded !== undefined) return loaded.observe(operation, params, exchange)
    if (this.#store.isShared) return this.load().then(all => all[at]?.observe(operation, params, exchange))
    if (this.#waiting.length >= maxWaiting) this.#waiting.shift()
    this.#waiting.push({ at, operation, params, exchange })
    // Loading is for when the answer is on its way; what is wrong with it is told to whoever asks for events.
    if (this.#loading === undefined) setImmediate(() => void this.load().catch(() => {}))
    return undefined
  }

  /** Puts another reading of a document in the place of the one before. */
  replace(at: number, api: Api): void {
    this.#apis[at] = api
    this.#followed = followedIn(this.#apis)
    this.#loaded[at]?.replace(api)
  }

  /** Says where the mock listens. */
  bind(host: string, port: number): void {
    this.#bound = [host, port]
    for (const events of this.#loaded) events.bind(host, port)
  }

  /** @throws Trouble with exit code 2 for options that cannot be used */
  load(): Promise<readonly Events[]> {
    this.#loading ??= this.#load()
    return this.#loading
  }

  /** @param session the one of which they are told; by default all, and those in none */
  async subscriptions(session?: string): Promise<readonly SubscriptionTold[]> {
    return inSession((await ofAll(await this.load(), events => events.subscriptions())).flat(), session)
  }

  async events(): Promise<readonly unknown[]> {
    return (await this.load()).flatMap(events => events.events)
  }

  /** @param session as with the subscriptions */
  async deliveries(session?: string): Promise<readonly Delivery[]> {
    return inSession((await ofAll(await this.load(), events => events.deliveries())).flat(), session)
  }

  /** What was delivered until now. */
  get delivered(): readonly Delivery[] {
    return this.#loaded.flatMap(events => events.delivered)
  }

  /** Resolves when no attempt is under way. */
  async settled(): Promise<void> {
    await Promise.all(this.#loaded.map(events => events.settled()))
  }

  async trigger(wanted: unknown, until: 'tried' | 'accepted' = 'tried', session?: string): Promise<Triggered> {
    const trigger = { ...triggerIn(wanted), ...(session !== undefined && { session }) }
    const all = await this.load()
    const events = all.find(each => each.knows(trigger.event)) ?? all[0]
    if (events === undefined) throw new Trouble(exitCodes.unusable, 'No document is served', 'Name one.')
    const triggered = await events.trigger(trigger)
    if (until === 'accepted') return triggered
    return { ...triggered, deliveries: await events.attempted(triggered.deliveries) }
  }

  async resend(id: string): Promise<Delivery | undefined> {
    for (const events of await this.load()) {
      const again = await events.resend(id)
      if (again !== undefined) return (await events.attempted([again]))[0]
    }
    return undefined
  }

  async advance(duration: unknown): Promise<void> {
    const by = typeof duration === 'object' && duration !== null && 'by' in duration ? duration.by : duration
    await ofAll(await this.load(), events => events.advance(typeof by === 'number' ? by : String(by)))
  }

  async reset(wanted?: unknown, session?: string): Promise<{ readonly forgotten: readonly Forgotten[] }> {
    const { forget } = resetIn(wanted)
    for (const part of forget) {
      if (part === 'created') await this.#things?.clear(session && shelvesOf(session))
      else await ofAll(await this.load(), events => events.forget(part, session))
    }
    return { forgotten: forget }
  }

  /** Sends nothing any more; what is under way may end, for some seconds where others remember too. */
  async close(): Promise<void> {
    await this.#store.close()
    // A receiver that hangs keeps nobody from ending.
    await ofAll(this.#loaded, events => events.abort())
  }

  async #load(): Promise<readonly Events[]> {
    const { Events } = await import('../events/index.ts')
    const loaded = this.#apis.map((api, at) => {
      return new Events(api, this.#options, { store: this.#store, name: `events-${at}` })
    })
    if (this.#bound !== undefined) for (const events of loaded) events.bind(...this.#bound)
    for (const { at, operation, params, exchange } of this.#waiting) {
      void loaded[at]?.observe(operation, params, exchange)
    }
    this.#waiting = []
    this.#loaded = loaded
    return loaded
  }
}

/** A site whose finished exchanges are followed; where no operation asks for events, the site itself. */
export function followed<Found>(
  site: Site<Found>,
  calls: Calls,
  askedIn: (found: Found) => Asked | undefined,
): Site<Found> {
  return {
    find: (method, target, headers) => site.find(method, target, headers),
    missing: request => site.missing(request),
    reply: (found, request) => {
      const answered = site.reply(found, request)
      const asked = meantIn(askedIn(found), request)
      if (asked === undefined || !calls.follows(asked.match.operation)) return answered
      if (answered instanceof Promise) return answered.then(response => seen(calls, asked, request, response))
      return seen(calls, asked, request, answered)
    },
  }
}

/** What the whole request is meant for, where several operations share path and method. */
function meantIn(asked: Asked | undefined, request: HttpRequest): Asked | undefined {
  const overloads = asked?.match.overloads
  if (asked === undefined || overloads === undefined) return asked
  return { ...asked, match: { ...asked.match, ...meantOf(overloads, request) } }
}

function seen(
  calls: Calls,
  asked: Asked,
  request: HttpRequest,
  response: HttpResponse,
): HttpResponse | Promise<HttpResponse> {
  const noted = calls.observe(asked, request, response)
  if (noted === undefined) return response
  return noted.then(
    () => response,
    error => {
      if (error instanceof Trouble && error.exitCode === exitCodes.environment) return unavailable(error, response)
      throw error
    },
  )
}

/** What asks for events is not answered as done when it cannot be remembered. Source: RFC 9457; RFC 9110, section 15.6.4. */
function unavailable({ message, help }: Trouble, { headers }: HttpResponse): HttpResponse {
  const said = { type: 'about:blank', title: 'Service Unavailable', status: 503, detail: message, help }
  // Pages are to read it too.
  const kept: string[] = []
  for (let at = 0; at < headers.length; at += 2) {
    const [name = '', value = ''] = [headers[at], headers[at + 1]]
    if (/^(access-control-.*|vary)$/i.test(name)) kept.push(name, value)
  }
  const fields = ['content-type', 'application/problem+json', 'retry-after', '1', ...kept]
  return { status: 503, headers: fields, body: Buffer.from(JSON.stringify(said)) }
}

/** Asks every one of the events at the same time. */
async function ofAll<T>(all: readonly Events[], what: (events: Events) => Promise<T>): Promise<T[]> {
  return await Promise.all(all.map(what))
}

/** Operations with callbacks, those that may change or remove what they made, and those that cause events. */
function followedIn(apis: readonly Api[]): ReadonlySet<Operation> {
  const asking = apis.filter(({ operations }) => operations.some(asks))
  const changes = new Set(['PUT', 'PATCH', 'DELETE'])
  const causing = apis.flatMap(({ operations }) => operations.filter(causes))
  return new Set([
    ...asking.flatMap(({ operations }) => operations.filter(each => asks(each) || changes.has(each.method))),
    ...causing,
  ])
}

function causes({ part }: Operation): boolean {
  return part.get('x-contract')?.get('causes') !== undefined
}

function asks({ part }: Operation): boolean {
  return part.get('callbacks') !== undefined
}

function inSession<T extends { readonly session?: string }>(
  all: readonly T[],
  session: string | undefined,
): readonly T[] {
  return session === undefined ? all : all.filter(each => each.session === session)
}
