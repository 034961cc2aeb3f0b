import type { Job as BullJob, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { Queue } from '../queue.ts'
import { type Doing, limits } from '../store.ts'
import type { Connection, Word } from './connection.ts'
import type { Packages } from './optional.ts'
import { note, type Written } from './written.ts'

/**
 * Milliseconds after which a job whose process was killed is another's. It is renewed in half of the time, so that a
 * process which is busy with a large document for two seconds does not lose what it does.
 */
const lockDuration = 5_000

/** Milliseconds between two looks for such jobs. It takes two looks, so one is taken over within seven seconds. */
const stalledInterval = 1_000

/**
 * Jobs that a process holds: under way, or waiting for their turn among those of the same lane. To put one aside and take it
 * again costs Redis as much as doing it, so that a thousand for one receiver are held.
 */
const held = { perLane: 1_000, altogether: 2_000 }

/**
 * Milliseconds that a job is put aside when its lane is crowded, doubled each time. It is called back when there is room;
 * this is for when whoever would call it is killed.
 */
const aside = { first: 5_000, longest: 60_000 }

/** Milliseconds that what is under way is given at the end; what takes longer is taken over by another process. */
const grace = 3_000

/** Milliseconds of it between two looks whether Redis is still there. */
const look = 200

export type WorkerSettings<Task, Told> = {
  readonly connection: Connection
  readonly packages: Packages
  readonly prefix: string
  readonly name: string
  readonly how: Doing<Task, Told>
  /** Keys of the clearings and of what the clock was moved on by. */
  readonly epochKey: string
  readonly aheadKey: string
  readonly onWord: Word
  /** Told what a job has come to, before that is noted and when it is. */
  readonly onTried: (id: string, told: Told, isNoted: boolean) => void
}

/** What holds for a job that begins now. */
type Present = { readonly epoch: number; readonly ahead: number }

/** Does jobs in this process. */
export class RedisWorker<Task, Told> {
  readonly #settings: WorkerSettings<Task, Told>
  readonly #client: Redis
  readonly #worker: Worker<Written<Told>>
  readonly #lanes = new Queue(limits)
  /** Jobs of crowded lanes that this process has put aside. */
  readonly #aside = new Map<string, string[]>()
  /** Told when this process ends. */
  readonly #inLine = new Set<() => void>()
  #isEnding = false
  readonly #underWay = new Set<Promise<unknown>>()
  /** What is about to be asked. */
  #asked: Promise<Present> | undefined

  constructor(settings: WorkerSettings<Task, Told>) {
    this.#settings = settings
    const { connection, packages, prefix, name, onWord } = settings
    this.#client = connection.forWorker()
    this.#worker = new packages.Worker<Written<Told>>(name, (job, token = '') => this.#take(job, token), {
      connection: this.#client,
      prefix,
      concurrency: held.altogether,
      lockDuration,
      stalledInterval,
      // A job is not to blame for the processes that were killed while they did it.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
      runRetryDelay: 500,
      skipVersionCheck: true,
    })
    // What a lost connection breaks is done by whoever takes it over; the connection itself tells that it is lost.
    this.#worker.on('error', () => {})
    this.#worker.on('failed', (job, error) => onWord(`${job?.id} is done again in a second: ${error.stack ?? error}`))
  }

  /**
   * Takes no more jobs, gives back those that wait for their turn, and lets those under way end for a while; at once while Redis
   * is away, where nothing could be noted.
   */
  async close(): Promise<void> {
    this.#isEnding = true
    for (const leave of this.#inLine) leave()
    await this.#worker.pause(true)
    const ended = await this.#ended()
    const isThere = await this.#settings.connection.isThere()
    await soon(isThere ? 500 : 100, () => this.#worker.close(!ended))
    this.#client.disconnect()
  }

  /** Whether everything that is under way has ended, within the time that it is given and as long as Redis is there. */
  async #ended(): Promise<boolean> {
    const allEnded = async (): Promise<void> => {
      while (this.#underWay.size > 0) await Promise.allSettled([...this.#underWay])
    }
    for (const end = performance.now() + grace; performance.now() < end; ) {
      if (!(await this.#settings.connection.isThere())) return false
      if (await soon(look, allEnded)) return true
    }
    return false
  }

  #take(job: BullJob<Written<Told>>, token: string): Promise<void> {
    const doing = this.#do(job, token)
    const isUnderWay = doing.catch(() => {}).finally(() => this.#underWay.delete(isUnderWay))
    this.#underWay.add(isUnderWay)
    return doing
  }

  async #do(job: BullJob<Written<Told>>, token: string): Promise<void> {
    const { lane, done } = job.data
    // Killed before the end was told.
    if (done) return
    if (this.#isCrowded(lane)) {
      const others = this.#aside.get(lane) ?? []
      others.push(job.id ?? '')
      this.#aside.set(lane, others)
      await this.#putAside(job, token, this.#pauseFor(job))
    }
    const leave = await this.#turn(lane)
    try {
      if (leave === undefined) await this.#giveBack(job, token)
      else await this.#try(job, token)
    } finally {
      leave?.()
      await this.#callBack(lane)
    }
  }

  /**
   * Calls back what was put aside, for one that has ended another one, and two while the lane holds little: what is called back at
   * once finds no room when it comes, and is put aside again.
   */
  async #callBack(lane: string): Promise<void> {
    const all = this.#aside.get(lane) ?? []
    const inLane = this.#lanes.sizeOf(lane)
    if (all.length === 0 || inLane > held.perLane * 0.75 || this.#isCrowded(lane)) return
    const some = all.splice(0, inLane > held.perLane / 2 ? 1 : 2)
    if (all.length === 0) this.#aside.delete(lane)
    const backend = this.#worker.getBackend()
    // One that came back by itself is not aside any more.
    await Promise.all(some.map(id => backend.promote(id).catch(() => {})))
  }

  async #try(job: BullJob<Written<Told>>, token: string): Promise<void> {
    const { id = '', data } = job
    const { how, onTried } = this.#settings
    const { epoch, ahead } = await this.#present()
    if (data.epoch < epoch) {
      await this.#note(job, token, data)
      return
    }
    const now = (): number => Date.now() + ahead
    // Killed after it was tried, before it was put aside until the next time.
    if (data.due !== undefined && data.due > now()) await this.#putAsideUntil(job, token, data.due, ahead)
    const task = how.read(data.task)
    const { told, again } = await how.once({ id, lane: data.lane, task, told: data.told }, now)
    const { due: _, ...before } = data
    const due = again === undefined ? undefined : now() + again
    const next = due === undefined ? { done: true as const } : { due }
    onTried(id, told, false)
    const isOurs = await this.#note(job, token, { ...before, told, tries: data.tries + 1, ...next })
    if (isOurs) onTried(id, told, true)
    if (due !== undefined) await this.#putAsideUntil(job, token, due, ahead)
  }

  /** How often everything was cleared, and what the clock was moved on by; asked once for the jobs that begin together. */
  #present(): Promise<Present> {
    this.#asked ??= new Promise((resolve, reject) => {
      setImmediate(() => {
        this.#asked = undefined
        const { epochKey, aheadKey } = this.#settings
        this.#client
          .mget(epochKey, aheadKey)
          .then(([epoch, ahead]) => resolve({ epoch: Number(epoch), ahead: Number(ahead) }), reject)
      })
    })
    return this.#asked
  }

  async #note(job: BullJob<Written<Told>>, token: string, data: Written<Told>): Promise<boolean> {
    const { prefix, name } = this.#settings
    const key = `${prefix}:${name}:${job.id}`
    return (await this.#client.eval(note, 2, key, `${key}:lock`, token, JSON.stringify(data))) === 1
  }

  /** Puts a job aside until an instant of the clock that can be moved on, which showed so much more when the job began. */
  async #putAsideUntil(job: BullJob<Written<Told>>, token: string, due: number, ahead: number): Promise<never> {
    await job.moveToDelayed(Math.max(Date.now(), due - ahead), token)
    // Whoever moved the clock on meanwhile had those that were aside wait shorter, and did not see this one.
    const now = await this.#present()
    if (now.ahead !== ahead) await job.changeDelay(Math.max(0, due - now.ahead - Date.now())).catch(() => {})
    throw new this.#settings.packages.DelayedError()
  }

  async #putAside(job: BullJob<Written<Told>>, token: string, milliseconds: number): Promise<never> {
    await job.moveToDelayed(Date.now() + milliseconds, token)
    throw new this.#settings.packages.DelayedError()
  }

  async #giveBack(job: BullJob<Written<Told>>, token: string): Promise<never> {
    await job.moveToWait(token)
    throw new this.#settings.packages.WaitingError()
  }

  /** Whether so much of a lane is held here that more of it would keep out the others. */
  #isCrowded(lane: string): boolean {
    const inLane = this.#lanes.sizeOf(lane)
    const isFull = this.#underWay.size >= held.altogether * 0.8
    return inLane >= held.perLane || (isFull && inLane >= limits.perTarget)
  }

  #pauseFor({ attemptsStarted, data }: BullJob<Written<Told>>): number {
    const times = Math.max(0, attemptsStarted - data.tries - 1)
    return Math.min(aside.longest, aside.first * 2 ** Math.min(times, 10))
  }

  /** Waits for a turn in a lane; what it gives ends the turn. `undefined` when this process ends instead. */
  #turn(lane: string): Promise<(() => void) | undefined> {
    if (this.#isEnding) return Promise.resolve(undefined)
    return new Promise(resolve => {
      const end = (): void => resolve(undefined)
      this.#inLine.add(end)
      this.#lanes.add(
        lane,
        () =>
          new Promise(leave => {
            this.#inLine.delete(end)
            if (this.#isEnding) leave()
            else resolve(leave)
          }),
      )
    })
  }
}

/** Whether something ended within so many milliseconds, well or not. */
async function soon(milliseconds: number, what: () => Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>(resolve => {
    timer = setTimeout(() => resolve(false), milliseconds)
  })
  const ended = what().then(
    () => true,
    () => true,
  )
  const isSoon = await Promise.race([ended, late])
  clearTimeout(timer)
  return isSoon
}
