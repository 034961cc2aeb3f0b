import { randomBytes } from 'node:crypto'
import { hash } from '../generate/index.ts'
import type { Job, Jobs, Tried } from '../store/index.ts'
import type { Call } from './call.ts'
import { attemptOf, type Delivery, type DeliveryState, isSuccess, shownUrl } from './delivery.ts'
import type { Memory } from './events.ts'
import { withFields } from './fields.ts'
import { readOrder, writeOrder } from './order.ts'
import type { Policy } from './policy.ts'
import type { Profile } from './profiles/index.ts'
import { type Outcome, sendPinned } from './send.ts'

/** What is to be delivered. */
export type Order = {
  readonly eventId: string
  readonly event: string
  readonly call: Call
  readonly subscription: string | undefined
  readonly session: string | undefined
}

export type DispatchOptions = {
  readonly profile: Profile
  readonly secret: string
  readonly policy: Policy
  readonly memory: Memory
  /** Told of a subscription whose receiver wants nothing any more. */
  readonly onEnd: (subscription: string) => Promise<void>
  /** Told of a delivery after each attempt. */
  readonly onAttempt?: ((delivery: Delivery) => void) | undefined
}

/** Delivers: attempts, retries, and the log of both. */
export class Dispatch {
  readonly profile: Profile
  policy: Policy
  readonly #secret: string
  readonly #onEnd: (subscription: string) => Promise<void>
  readonly #onAttempt: (delivery: Delivery) => void
  readonly #store: Memory['store']
  readonly #jobs: Jobs<Order, Delivery>
  /** What ends each attempt that is under way. */
  readonly #underWay = new Set<() => void>()
  readonly #salt = randomBytes(6).toString('hex')

  constructor({ profile, secret, policy, memory, onEnd, onAttempt = () => {} }: DispatchOptions) {
    this.profile = profile
    this.policy = policy
    this.#secret = secret
    this.#onEnd = onEnd
    this.#onAttempt = onAttempt
    this.#store = memory.store
    this.#jobs = memory.store.jobs<Order, Delivery>(memory.name, {
      once: async (job, now) => {
        const tried = await this.#attempt(job, now)
        this.#onAttempt(tried.told)
        return tried
      },
      sizeOf: ({ call }) => call.request.body.length,
      write: writeOrder,
      read: readOrder,
    })
  }

  /** Begins to deliver what is accepted, by others too. */
  start(): void {
    this.#jobs.start()
  }

  async deliveries(): Promise<readonly Delivery[]> {
    return await this.#jobs.all()
  }

  /** Those that this process knows of without asking. */
  get known(): readonly Delivery[] {
    return this.#jobs.known
  }

  /** An id for an event that no other run of the mock gives out. */
  newId(seed: string): string {
    return `msg_${this.#salt}${hash(seed).toString(36)}`
  }

  /**
   * Accepts deliveries.
   *
   * @throws Trouble with exit code 4 when there is no room for so many
   */
  async send(orders: readonly Order[]): Promise<readonly Delivery[]> {
    if (orders.length === 0) return []
    const first = await this.#store.numbers('delivery', orders.length)
    const jobs = orders.map((order, at) => jobOf(order, `dlv_${first + at}`))
    await this.#jobs.add(jobs)
    return jobs.map(({ told }) => told)
  }

  async resend(id: string): Promise<Delivery | undefined> {
    const job = await this.#jobs.get(id)
    return job && (await this.send([job.task]))[0]
  }

  async attempted(ids: readonly string[]): Promise<readonly Delivery[]> {
    return await this.#jobs.tried(ids)
  }

  async settled(): Promise<void> {
    await this.#jobs.settled()
  }

  async advance(duration: string | number): Promise<void> {
    await this.#jobs.advance(duration)
  }

  /** Gives up what is under way. */
  abort(): void {
    for (const stop of this.#underWay) stop()
  }

  /** Forgets what was sent and is to be; in one session, when that is named. */
  async clear(session?: string): Promise<void> {
    await this.#jobs.clear(session === undefined ? undefined : told => told.session === session)
  }

  async #attempt({ task, told }: Job<Order, Delivery>, now: () => number): Promise<Tried<Delivery>> {
    const { call, event, eventId, subscription } = task
    const at = now()
    const start = performance.now()
    // A receiver compares the time with its own clock, which nobody moved on.
    const fields = this.profile.sign({ id: eventId, event, body: call.request.body }, this.#secret, new Date())
    const request = withFields(call.request, fields, this.profile)
    const outcome = await sendPinned(call.url, request, this.policy, this.profile.timeout, this.#underWay)
    const attempt = attemptOf({ ...call, request }, outcome, at, performance.now() - start)
    const attempts = [...told.attempts, attempt]
    const again =
      isSuccess(outcome) || outcome.kind === 'blocked'
        ? undefined
        : this.profile.retry(attempts.length, outcome, chanceOf(`${told.id}/${event}/${attempts.length}`))
    const { nextAt: _, ...before } = told
    if (again !== undefined) {
      return { told: { ...before, attempts, nextAt: new Date(now() + again).toISOString() }, again }
    }
    if (subscription !== undefined && this.profile.ends(outcome)) await this.#onEnd(subscription)
    return { told: { ...before, attempts, state: this.#stateAfter(outcome) } }
  }

  #stateAfter(outcome: Outcome): DeliveryState {
    if (isSuccess(outcome)) return 'delivered'
    if (outcome.kind === 'blocked') return 'blocked_by_policy'
    return this.profile.ends(outcome) ? 'ended' : 'failed'
  }
}

/** A number in [0, 1), the same for the same seed. */
function chanceOf(seed: string): number {
  return (hash(seed) >>> 0) / 2 ** 32
}

function jobOf(order: Order, id: string): Job<Order, Delivery> {
  const { eventId, event, subscription, session, call } = order
  const told: Delivery = {
    id,
    eventId,
    event,
    ...(subscription !== undefined && { subscription }),
    ...(session !== undefined && { session }),
    url: shownUrl(call.url),
    state: 'waiting',
    attempts: [],
    body: Buffer.from(call.request.body).toString('utf8'),
  }
  return { id, lane: call.url.origin, task: order, told }
}
