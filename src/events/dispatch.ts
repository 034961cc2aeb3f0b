import { randomBytes } from 'node:crypto'
import { exitCodes, Trouble } from '../finding/index.ts'
import { hash } from '../generate/index.ts'
import type { Call } from './call.ts'
import { type Clock, makeClock } from './clock.ts'
import { attemptOf, type Delivery, type DeliveryState, isSuccess, shownUrl } from './delivery.ts'
import type { Policy } from './policy.ts'
import type { Profile } from './profiles/index.ts'
import { Queue } from './queue.ts'
import { type Outcome, sendPinned } from './send.ts'

/** Deliveries that are told; those that are done make room. */
const maxKept = 1_000

/** Deliveries that wait, for their turn or their next attempt. */
const maxWaiting = 10_000

const limits = { perTarget: 8, altogether: 64 }

/** What is to be delivered. */
export type Order = {
  readonly eventId: string
  readonly event: string
  readonly call: Call
  readonly subscription: string | undefined
}

export type DispatchOptions = {
  readonly profile: Profile
  readonly secret: string
  readonly policy: Policy
  /** Counts deliveries. */
  readonly number: () => number
  /** Told of a subscription whose receiver wants nothing any more. */
  readonly onEnd: (subscription: string) => void
}

type Kept = { told: Delivery; readonly order: Order; readonly heard: (() => void)[] }

/** Delivers: attempts, retries, and the log of both. */
export class Dispatch {
  readonly profile: Profile
  policy: Policy
  readonly clock: Clock
  readonly #close: () => void
  readonly #secret: string
  readonly #onEnd: (subscription: string) => void
  readonly #queue = new Queue(limits)
  readonly #kept = new Map<string, Kept>()
  readonly #number: () => number
  readonly #done: string[] = []
  readonly #salt = randomBytes(6).toString('hex')
  #waiting = 0

  constructor({ profile, secret, policy, number, onEnd }: DispatchOptions) {
    this.profile = profile
    this.policy = policy
    this.#secret = secret
    this.#number = number
    this.#onEnd = onEnd
    const clock = makeClock(() => this.#queue.settled())
    this.clock = clock
    this.#close = () => clock.close()
  }

  get deliveries(): readonly Delivery[] {
    return [...this.#kept.values()].map(({ told }) => told)
  }

  /** An id for an event that no other run of the mock gives out. */
  newId(seed: string): string {
    return `msg_${this.#salt}${hash(seed).toString(36)}`
  }

  /** @throws Trouble with exit code 4 when the queue has no room for so many */
  refuseMoreThan(more: number): void {
    if (this.#waiting + more <= maxWaiting) return
    const help = 'Wait until the receivers have answered, or clear the deliveries.'
    throw new Trouble(
      exitCodes.environment,
      `${this.#waiting} deliveries wait already; ${maxWaiting} is the most`,
      help,
    )
  }

  send(order: Order): Delivery {
    const told: Delivery = {
      id: `dlv_${this.#number()}`,
      eventId: order.eventId,
      event: order.event,
      ...(order.subscription !== undefined && { subscription: order.subscription }),
      url: shownUrl(order.call.url),
      state: 'waiting',
      attempts: [],
      body: Buffer.from(order.call.request.body).toString('utf8'),
    }
    const kept = { told, order, heard: [] }
    this.#kept.set(told.id, kept)
    this.#waiting += 1
    this.#enqueue(kept)
    return told
  }

  resend(id: string): Delivery | undefined {
    const kept = this.#kept.get(id)
    if (kept === undefined) return undefined
    this.refuseMoreThan(1)
    return this.send(kept.order)
  }

  async attempted(ids: readonly string[]): Promise<readonly Delivery[]> {
    const all = ids.flatMap(id => this.#kept.get(id) ?? [])
    await Promise.all(
      all.map(kept =>
        kept.told.attempts.length > 0 ? undefined : new Promise<void>(resolve => kept.heard.push(resolve)),
      ),
    )
    return all.map(({ told }) => told)
  }

  async settled(): Promise<void> {
    await this.#queue.settled()
  }

  clear(): void {
    this.#queue.clear()
    this.#close()
    this.#waiting = 0
    for (const { heard } of this.#kept.values()) for (const hear of heard) hear()
    this.#kept.clear()
    this.#done.length = 0
  }

  close(): void {
    this.clear()
  }

  /** Of what is done the oldest is forgotten. */
  #makeRoom(done: string): void {
    this.#done.push(done)
    const oldest = this.#done.length > maxKept ? this.#done.shift() : undefined
    if (oldest !== undefined) this.#kept.delete(oldest)
  }

  #enqueue(kept: Kept): void {
    this.#queue.add(kept.order.call.url.origin, () => this.#attempt(kept))
  }

  async #attempt(kept: Kept): Promise<void> {
    const { id, state } = kept.told
    if (state !== 'waiting' || !this.#kept.has(id)) return
    const { call, event, eventId } = kept.order
    const at = this.clock.now()
    const start = performance.now()
    // A receiver compares the time with its own clock, which nobody moved on.
    const fields = this.profile.sign({ id: eventId, event, body: call.request.body }, this.#secret, new Date())
    const request = { ...call.request, headers: [...call.request.headers, ...fields] }
    const outcome = await sendPinned(call.url, request, this.policy, this.profile.timeout)
    const attempt = attemptOf(call, fields, outcome, at, performance.now() - start)
    const attempts = [...kept.told.attempts, attempt]
    const wait =
      isSuccess(outcome) || outcome.kind === 'blocked'
        ? undefined
        : this.profile.retry(attempts.length, outcome, Math.random())
    const { nextAt: _, ...before } = kept.told
    if (wait === undefined) {
      kept.told = { ...before, attempts, state: this.#stateAfter(outcome) }
      this.#waiting = Math.max(0, this.#waiting - 1)
      this.#makeRoom(id)
      const { subscription } = kept.order
      if (subscription !== undefined && this.profile.ends(outcome)) this.#onEnd(subscription)
    } else {
      kept.told = { ...before, attempts, nextAt: new Date(this.clock.now() + wait).toISOString() }
      this.clock.after(wait, () => this.#enqueue(kept))
    }
    for (const hear of kept.heard.splice(0)) hear()
  }

  #stateAfter(outcome: Outcome): DeliveryState {
    if (isSuccess(outcome)) return 'delivered'
    if (outcome.kind === 'blocked') return 'blocked_by_policy'
    return this.profile.ends(outcome) ? 'ended' : 'failed'
  }
}
