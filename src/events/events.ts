import { exitCodes, Trouble } from '../finding/index.ts'
import { type Exchange, sessionOf } from '../http/index.ts'
import { type Api, type Callback, callbacksOf, type Operation, webhooksOf } from '../model/index.ts'
import { memoryStore, refuseTooMuch, type Store } from '../store/index.ts'
import { callFor } from './call.ts'
import { eventsNamed, type Known, knownAs, nearestTo } from './catalogue.ts'
import { type Cause, causedBy, causesOf } from './causes.ts'
import { type Delivery, shownAddress } from './delivery.ts'
import { Dispatch, type Order } from './dispatch.ts'
import { type PayloadOptions, payloadFor } from './payload.ts'
import { Policy, type Resolve } from './policy.ts'
import { checkSecret, profileFor } from './profile-for.ts'
import { defaultSecret, type Profile } from './profiles/index.ts'
import { type Receiver, receiver, receiversOf } from './receivers.ts'
import { type Subscription, Subscriptions, scopeIn, type Way, wayOf } from './subscriptions.ts'

export type EventsOptions = {
  /** How to deliver: `codechat`, `standard-webhooks`, `github` or `stripe`; by default as the document says. */
  readonly profile?: string
  /** What signs the events. */
  readonly secret?: string
  /** Where the document's `webhooks` go; without it, to every subscription. */
  readonly webhookUrl?: string
  /** Targets beyond the usual: `10.0.0.0/8`, `192.168.1.5`, `receiver.internal`. */
  readonly allowTargets?: readonly string[]
  readonly seed?: string
  /** Resolves names; by default as the system does. */
  readonly resolve?: Resolve
  /** Told of a delivery after each attempt. */
  readonly onAttempt?: (delivery: Delivery) => void
  /** Told of an event that an exchange causes and that cannot be sent, with the reason. */
  readonly onNotice?: (text: string) => void
}

/** What the events of a document are remembered in, and the name by which they are told from those of others there. */
export type Memory = { readonly store: Store; readonly name: string }

/** What to emit. */
export type Trigger = Omit<PayloadOptions, 'seed'> & {
  readonly event: string
  /** How many times; each is an event of its own. */
  readonly count?: number
  /** The session that it happens in: who asked in another does not get it. */
  readonly session?: string
}

/** What became of a trigger. */
export type Triggered = {
  readonly event: string
  readonly deliveries: readonly Delivery[]
  /** Subscriptions that do not get it, and why. */
  readonly skipped: readonly { readonly subscription: string; readonly why: string }[]
}

/** A subscription, as it is told. */
export type SubscriptionTold = {
  readonly id: string
  readonly operation: string
  readonly session?: string
  readonly events: readonly { readonly event: string; readonly url?: string; readonly why?: string }[]
}

/** Events that one trigger makes at most. */
const maxCount = 10_000

/** Calls back: who wants which events, what they carry, and how they get there. */
export class Events {
  #api: Api
  #known: readonly Known[]
  #subscriptions: Subscriptions
  /** What exchanges cause, by the operation. */
  #causes: ReadonlyMap<Operation, readonly Cause[]>
  #triggers = 0
  readonly #options: EventsOptions
  readonly #memory: Memory
  readonly #dispatch: Dispatch

  /**
   * @param memory by default this process remembers for itself
   * @throws Trouble with exit code 2 for a profile, secret or address that cannot be used
   */
  constructor(api: Api, options: EventsOptions = {}, memory: Memory = { store: memoryStore(), name: 'events' }) {
    this.#api = api
    this.#options = options
    this.#memory = memory
    this.#subscriptions = new Subscriptions(api, memory.store, memory.name)
    this.#known = eventsOf(api, this.#subscriptions)
    this.#causes = causesIn(api)
    const profile = profileFor(api, options.profile)
    const secret = options.secret ?? defaultSecret
    checkSecret(profile, secret)
    if (options.webhookUrl !== undefined) checkUrl(options.webhookUrl)
    this.#dispatch = new Dispatch({
      profile,
      secret,
      policy: this.#policy(),
      memory,
      onAttempt: options.onAttempt,
      onEnd: id => this.#subscriptions.end(id, 'its receiver answered that it wants nothing any more'),
    })
  }

  get profile(): Profile {
    return this.#dispatch.profile
  }

  /** Whether the document has an event of this name. */
  knows(event: string): boolean {
    return eventsNamed(this.#known, event).length > 0
  }

  /** Says where the mock listens, by which it is decided whom it may call, and delivers what others accepted too. */
  bind(boundTo: string, ownPort: number): void {
    this.#dispatch.policy = this.#policy(boundTo, ownPort)
    this.#dispatch.start()
  }

  /** Takes another reading of the document, and keeps the subscriptions whose operations are in it. */
  replace(api: Api): void {
    this.#api = api
    this.#subscriptions = new Subscriptions(api, this.#memory.store, this.#memory.name, this.#subscriptions)
    this.#known = eventsOf(api, this.#subscriptions)
    this.#causes = causesIn(api)
  }

  /** Takes notice of a finished exchange, which counts as finished when what is returned resolves. */
  observe(
    operation: Operation,
    params: Readonly<Record<string, string>>,
    exchange: Exchange,
  ): Promise<void> | undefined {
    const noted = this.#subscriptions.observe(operation, params, exchange)
    const causes = this.#causes.get(operation)
    if (causes === undefined) return noted
    const cause = (): Promise<void> => this.#cause(causes, operation, params, exchange)
    // Who is killed after the answer would have lost what others were to send.
    if (this.#memory.store.isShared) return Promise.resolve(noted).then(cause)
    // When the answer is on its way.
    setImmediate(() => void cause())
    return noted
  }

  async subscriptions(): Promise<readonly SubscriptionTold[]> {
    return (await this.#subscriptions.all()).map(subscription => ({
      id: subscription.id,
      operation: subscription.operation.id,
      ...(subscription.session !== undefined && { session: subscription.session }),
      events: subscription.callbacks.map(callback => ({ event: callback.name, ...shownWay(subscription, callback) })),
    }))
  }

  /** Every event of the document, with the names it goes by. */
  get events(): readonly { readonly event: string; readonly says?: string; readonly names: readonly string[] }[] {
    return this.#known.map(({ callback, wireNames }) => {
      const { summary } = callback.operation
      return { event: callback.name, ...(summary !== undefined && { says: summary }), names: wireNames }
    })
  }

  async deliveries(): Promise<readonly Delivery[]> {
    return await this.#dispatch.deliveries()
  }

  /** Those that this process knows of without asking. */
  get delivered(): readonly Delivery[] {
    return this.#dispatch.known
  }

  /**
   * Emits an event to everybody who wants it; resolves when the deliveries are accepted, each of which is then attempted.
   *
   * @throws Trouble with exit code 2 for an event that the document does not describe and a payload that it does not allow,
   *   with 4 when too many wait already or the store cannot be reached
   */
  async trigger(trigger: Trigger): Promise<Triggered> {
    const { event, count = 1, session } = trigger
    if (!Number.isInteger(count) || count < 1 || count > maxCount) {
      throw new Trouble(
        exitCodes.unusable,
        `${JSON.stringify(count)} is not a number of events`,
        `Give one from 1 to ${maxCount}.`,
      )
    }
    const found = eventsNamed(this.#known, event)
    if (found.length === 0) throw this.#unknown(event)
    const all = (await this.#subscriptions.all()).filter(subscription => subscription.session === session)
    return await this.#emit(
      trigger,
      found,
      found.flatMap(({ callback }) => receiversOf(callback, all, this.#options.webhookUrl)),
    )
  }

  async #emit(
    { event, count = 1, session, ...given }: Trigger,
    found: readonly Known[],
    receivers: readonly Receiver[],
  ): Promise<Triggered> {
    const skipped = receivers.flatMap(({ subscription, why }) =>
      why === undefined ? [] : [{ subscription: subscription?.id ?? '', why }],
    )
    const reached = receivers.filter(({ why }) => why === undefined)
    const orders: Order[] = []
    let bytes = 0
    for (let at = 0; at < count; at += 1) {
      this.#triggers += 1
      if (at > 0 && reached.length === 0) break
      const seed = `${this.#options.seed ?? ''}/${event}/${this.#triggers}`
      const eventId = this.#dispatch.newId(seed)
      for (const { callback } of found) {
        // What is not allowed is said whoever gets it.
        const payload = payloadFor(this.#api, callback, { ...given, seed })
        for (const { callback: theirs, url, subscription, scope = subscription?.scope } of reached) {
          if (theirs !== callback || url === undefined) continue
          const call = callFor(this.#api, callback, payload, this.profile, url, scope)
          orders.push({ eventId, event: callback.name, call, subscription: subscription?.id, session })
          bytes += call.request.body.length
          // So many are not even made.
          refuseTooMuch({ count: orders.length, bytes })
        }
      }
    }
    return { event: found[0]?.callback.name ?? event, deliveries: await this.#dispatch.send(orders), skipped }
  }

  /** The deliveries as they are now, when none of them is waiting for its first attempt any more. */
  async attempted(deliveries: readonly Delivery[]): Promise<readonly Delivery[]> {
    return await this.#dispatch.attempted(deliveries.map(({ id }) => id))
  }

  /** Sends a delivery once more, as a delivery of its own with the same event. */
  async resend(id: string): Promise<Delivery | undefined> {
    return await this.#dispatch.resend(id)
  }

  /** Resolves when no attempt is under way; retries that are due later are not waited for. */
  async settled(): Promise<void> {
    await this.#dispatch.settled()
  }

  /** Moves the time of retries on, as `5m` or milliseconds; what falls due on the way is sent and waited for. */
  async advance(duration: string | number): Promise<void> {
    await this.#dispatch.advance(duration)
  }

  /** Gives up the attempts that are under way; resolves when they have ended. */
  async abort(): Promise<void> {
    this.#dispatch.abort()
    await this.#dispatch.settled()
  }

  /** Forgets who asked for events, or what was sent and is to be; in one session, when that is named. */
  async forget(what: 'subscriptions' | 'deliveries', session?: string): Promise<void> {
    await (what === 'subscriptions' ? this.#subscriptions : this.#dispatch).clear(session)
  }

  /** Emits what an exchange causes: a callback of its own operation to whom it names, everything else to everybody. */
  async #cause(
    causes: readonly Cause[],
    operation: Operation,
    params: Readonly<Record<string, string>>,
    exchange: Exchange,
  ): Promise<void> {
    const scope = scopeIn(operation, params, exchange)
    const session = sessionOf(exchange.request.headers)
    const inSession = session === undefined ? {} : { session }
    for (const { event, set } of causedBy(causes, operation, scope)) {
      try {
        const own = callbacksOf(this.#api, operation).filter(({ name }) => name === event)
        if (own.length === 0) await this.trigger({ event, set, ...inSession })
        else {
          const known = knownAs(own)
          const receivers = own.map(callback => ({
            ...receiver(callback, undefined, wayOf({ operation, scope, ended: undefined }, callback)),
            scope,
          }))
          await this.#emit({ event, set, ...inSession }, known, receivers)
        }
      } catch (error) {
        const isAway = error instanceof Trouble && error.exitCode === exitCodes.environment
        if (isAway && this.#memory.store.isShared) throw error
        const says = error instanceof Error ? error.message : String(error)
        this.#options.onNotice?.(`${operation.id} causes ${event}, which cannot be sent: ${says}`)
      }
    }
  }

  #policy(boundTo?: string, ownPort?: number): Policy {
    const { allowTargets, resolve } = this.#options
    const { reachedAt } = this.#memory.store
    return new Policy({
      ...(reachedAt !== undefined && {
        ownServers: [{ what: 'the Redis of this mock', host: reachedAt.address, port: reachedAt.port }],
      }),
      ...(boundTo !== undefined && { boundTo }),
      ...(ownPort !== undefined && { ownPort }),
      ...(allowTargets !== undefined && { allowTargets }),
      ...(resolve !== undefined && { resolve }),
    })
  }

  #unknown(event: string): Trouble {
    const names = [...new Set(this.#known.map(({ callback, wireNames }) => wireNames[0] ?? callback.name))]
    const near = nearestTo(event, names)
    const help =
      names.length === 0
        ? 'It describes none: add `callbacks` or `webhooks` to it.'
        : `${near === undefined ? '' : `Did you mean ${near}? `}There are ${names.join(', ')}.`
    return new Trouble(exitCodes.unusable, `${event} is not an event of ${this.#api.title}`, help)
  }
}

/** Every event of a document, in its order: what operations may ask for, then webhooks. */
function eventsOf(api: Api, { callbacks }: Subscriptions): Known[] {
  return knownAs([...callbacks, ...webhooksOf(api)])
}

function shownWay(subscription: Subscription, callback: Callback): Way {
  const way = wayOf(subscription, callback)
  return 'url' in way ? { url: shownAddress(way.url) } : way
}

function causesIn(api: Api): ReadonlyMap<Operation, readonly Cause[]> {
  const all = api.operations.map(operation => [operation, causesOf(operation)] as const)
  return new Map(all.filter(([, causes]) => causes.length > 0))
}

function checkUrl(text: string): void {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return
  const help = 'Give it as http://127.0.0.1:3000/hooks.'
  throw new Trouble(exitCodes.unusable, `${shownAddress(text)} is not an http or https URL`, help)
}
