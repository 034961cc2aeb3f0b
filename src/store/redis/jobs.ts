import { setTimeout as sleep } from 'node:timers/promises'
import type { Queue } from 'bullmq'
import { millisecondsIn } from '../clock.ts'
import { type Doing, type Job, type Jobs, maxDone } from '../store.ts'
import { batch, batchesOf } from './batches.ts'
import type { Connection, Word } from './connection.ts'
import { KnownJobs } from './known.ts'
import { WaitingLoad } from './load.ts'
import type { Packages } from './optional.ts'
import { RedisWorker } from './worker.ts'
import { drop, dropped, triedYet, type Written } from './written.ts'

/** Milliseconds between two looks whether jobs were done, how many are looked at, and after how many milliseconds all are. */
const look = { first: 10, longest: 100, atOnce: 20, all: 500 }

/** Where BullMQ keeps a job that is not done for good. */
const waiting = ['wait', 'prioritized', 'active', 'delayed'] as const

type State = 'completed' | 'failed' | (typeof waiting)[number]

type Found<Told> = { readonly id: string; readonly written: Written<Told> }

/** Jobs of BullMQ, which any process that shares the store does, and takes over from one that was killed. */
export class RedisJobs<Task, Told> implements Jobs<Task, Told> {
  readonly #connection: Connection
  readonly #how: Doing<Task, Told>
  readonly #queue: Queue
  readonly #key: string
  readonly #makeWorker: () => RedisWorker<Task, Told>
  readonly #known = new KnownJobs<Told>()
  readonly #load: WaitingLoad
  /** Told of jobs that were done once, and that everybody can see that. */
  readonly #hearing = new Set<(id: string, told: Told) => void>()
  #epoch = 0
  #worker: RedisWorker<Task, Told> | undefined
  #isClosing = false

  constructor(
    connection: Connection,
    packages: Packages,
    prefix: string,
    name: string,
    how: Doing<Task, Told>,
    onWord: Word,
  ) {
    this.#connection = connection
    this.#how = how
    this.#key = `${prefix}:${name}`
    this.#queue = new packages.Queue(name, {
      connection: connection.client,
      prefix,
      skipVersionCheck: true,
      streams: { events: { maxLen: 100 } },
      defaultJobOptions: {
        removeOnComplete: { count: maxDone },
        // Nothing is given up for a fault of ours; it is done again.
        attempts: Number.MAX_SAFE_INTEGER,
        backoff: 1_000,
      },
    })
    this.#queue.on('error', () => {})
    this.#load = new WaitingLoad(place => this.#queue.toKey(place))
    this.#makeWorker = () =>
      new RedisWorker({
        connection,
        packages,
        prefix,
        name,
        how,
        onWord,
        epochKey: this.#epochKey,
        aheadKey: this.#aheadKey,
        onTried: (id, told, isNoted) => this.#know(id, told, isNoted),
      })
  }

  get known(): readonly Told[] {
    return this.#known.all
  }

  async add(jobs: readonly Job<Task, Told>[]): Promise<void> {
    const sizes = jobs.map(({ task }) => this.#how.sizeOf(task))
    const bytes = sizes.reduce((sum, size) => sum + size, 0)
    await this.#connection.ask(async client => {
      const count = await this.#queue.getJobCountByTypes(...waiting)
      await this.#load.take(client, { count: jobs.length, bytes }, count)
      this.#cleared(Number(await client.get(this.#epochKey)))
    })
    const epoch = this.#epoch
    // Before they are written: they may be done before that is answered.
    for (const [at, { id, told }] of jobs.entries()) this.#known.add(id, { told, epoch, bytes: sizes[at] ?? 0 })
    try {
      for (const [from, to] of batchesOf(sizes)) {
        const written = jobs.slice(from, to).map(({ id, lane, task, told }, at) => {
          const data: Written<Told> = { lane, task: this.#how.write(task), told, tries: 0, epoch }
          return { name: String(sizes[from + at]), data, opts: { jobId: id } }
        })
        await this.#connection.ask(() => this.#queue.addBulk(written))
      }
    } catch (error) {
      for (const { id } of jobs) this.#known.delete(id)
      throw error
    }
    this.start()
  }

  start(): void {
    if (!this.#isClosing) this.#worker ??= this.#makeWorker()
  }

  async get(id: string): Promise<Job<Task, Told> | undefined> {
    const text = await this.#connection.ask(client => client.hget(`${this.#key}:${id}`, 'data'))
    await this.#askWhatWasCleared()
    if (text === null) return undefined
    const { lane, task, told, epoch } = JSON.parse(text) as Written<Told>
    if (epoch < this.#epoch) return undefined
    return { id, lane, task: this.#how.read(task), told }
  }

  async all(): Promise<readonly Told[]> {
    return (await this.#written([...waiting, 'completed', 'failed'])).map(({ told }) => told)
  }

  async tried(ids: readonly string[]): Promise<readonly Told[]> {
    const found = new Map<string, Told>()
    const wanted = new Set(ids)
    const hear = (id: string, told: Told): void => {
      if (wanted.has(id)) found.set(id, told)
    }
    this.#hearing.add(hear)
    try {
      await this.#waitFor(ids, found)
    } catch {
      // They were accepted and will be tried; that Redis went away since is no reason to say otherwise.
    } finally {
      this.#hearing.delete(hear)
    }
    return ids.flatMap(id => found.get(id) ?? this.#known.told(id) ?? [])
  }

  /**
   * Waits until jobs were done once, or are gone. What this process does itself it knows; of others it looks at the first few,
   * since jobs are done in about their order, and now and then at all.
   */
  async #waitFor(ids: readonly string[], found: Map<string, Told>): Promise<void> {
    let left = ids
    let all = performance.now() + look.all
    for (let pause = look.first; !this.#isClosing; pause = Math.min(look.longest, pause * 1.5)) {
      left = left.filter(id => !found.has(id))
      if (left.length === 0) return
      const isForAll = performance.now() >= all
      if (isForAll) all = performance.now() + look.all
      const size = isForAll ? left.length : look.atOnce
      const still: string[] = []
      for (let at = 0; at < size; at += batch) {
        still.push(...(await this.#look(left.slice(at, Math.min(size, at + batch)), found)))
      }
      left = [...still, ...left.slice(size)]
      if (still.length > 0) await sleep(pause)
    }
  }

  async settled(): Promise<void> {
    await this.#untilNothingIsDue()
  }

  async advance(duration: string | number): Promise<void> {
    const by = millisecondsIn(duration)
    this.start()
    const ahead = await this.#ahead()
    const until = Date.now() + ahead + by
    for (;;) {
      const next = await this.#untilNothingIsDue()
      if (next > until || this.#isClosing) break
      await this.#moveOnTo(next)
    }
    await this.#moveOnTo(until)
  }

  async clear(isMeant?: (told: Told) => boolean): Promise<void> {
    if (isMeant !== undefined) {
      await this.#drop(isMeant)
      return
    }
    await this.#connection.ask(async client => {
      const said = await client.multi().incr(this.#epochKey).del(this.#aheadKey).exec()
      const [error, epoch] = said?.[0] ?? []
      if (error) throw error
      this.#cleared(Number(epoch))
      await this.#queue.drain(true)
      await this.#queue.clean(0, 0, 'completed')
      await this.#queue.clean(0, 0, 'failed')
    }, true)
  }

  /** Forgets some; one that is under way cannot be taken away, and is marked. */
  async #drop(isMeant: (told: Told) => boolean): Promise<void> {
    for (const { id, written } of await this.#found([...waiting, 'completed', 'failed'])) {
      if (!isMeant(written.told)) continue
      const data = JSON.stringify({ ...written, epoch: dropped })
      await this.#connection.ask(async client => {
        await client.eval(drop, 1, `${this.#key}:${id}`, data)
        await this.#queue.remove(id)
      })
    }
    this.#known.forget(({ told }) => isMeant(told))
  }

  async close(): Promise<void> {
    this.#isClosing = true
    await this.#worker?.close()
    await this.#queue.close()
  }

  get #epochKey(): string {
    return `${this.#key}:contrato-epoch`
  }

  get #aheadKey(): string {
    return `${this.#key}:contrato-ahead`
  }

  /** Notes what a job that this process took on has come to. */
  #know(id: string, told: Told, isNoted: boolean): void {
    this.#known.update(id, told)
    if (isNoted) for (const hear of this.#hearing) hear(id, told)
  }

  /** Takes notice of how often everything was cleared, by whichever process. */
  #cleared(times: number): void {
    if (times <= this.#epoch) return
    this.#epoch = times
    this.#known.forget(({ epoch }) => epoch < times)
  }

  async #ahead(): Promise<number> {
    return Number(await this.#connection.ask(client => client.get(this.#aheadKey)))
  }

  /** Has the clock show an instant that it does not show yet; what waits for that or a later one waits shorter. */
  async #moveOnTo(instant: number): Promise<void> {
    const before = await this.#ahead()
    const ahead = Math.max(before, instant - Date.now())
    await this.#connection.ask(client => client.set(this.#aheadKey, ahead))
    const delayed = await this.#queue.getJobs(['delayed'])
    const moved = delayed.filter(job => job?.data.due !== undefined)
    for (const job of moved) {
      const left = Math.max(0, job.data.due - Date.now() - ahead)
      // One that was taken meanwhile waits no more.
      await this.#connection.ask(() => job.changeDelay(left).catch(() => {}))
    }
  }

  /** Those of some jobs that were not done yet; what the others have come to is put with what was found. */
  async #look(ids: readonly string[], found: Map<string, Told>): Promise<string[]> {
    const keys = ids.map(id => `${this.#key}:${id}`)
    const said = await this.#connection.ask(
      async client => (await client.eval(triedYet, keys.length, ...keys)) as string[],
    )
    return ids.filter((id, at) => {
      const text = said[at] ?? '-'
      if (text === '') return true
      if (text !== '-') {
        const { told } = JSON.parse(text) as Written<Told>
        found.set(id, told)
        this.#know(id, told, true)
      }
      return false
    })
  }

  /** Waits until no job is under way or due; what it gives is when the next one is, which may be never. */
  async #untilNothingIsDue(): Promise<number> {
    while (!this.#isClosing) {
      const next = await this.#nextDue()
      if (next !== undefined) return next
      await sleep(look.longest)
    }
    return Number.POSITIVE_INFINITY
  }

  /**
   * When the next job is due; nothing while one is under way or due. Where jobs are is asked in one step: asked one after the
   * other, a job that comes to another place in between is in none.
   */
  async #nextDue(): Promise<number | undefined> {
    const [ready = 0, active = 0, delayed = []] = await this.#connection.ask(async client => {
      const key = (name: string): string => this.#queue.toKey(name)
      const said = await client.multi().llen(key('wait')).llen(key('active')).zrange(key('delayed'), 0, '-1').exec()
      return (said ?? []).map(([error, value]) => {
        if (error) throw error
        return value
      }) as [number, number, string[]]
    })
    if (ready > 0 || active > 0) return undefined
    const now = Date.now() + (await this.#ahead())
    const dues = (await this.#read(delayed)).map(({ written }) => written.due ?? now)
    const next = Math.min(...dues)
    return next > now ? next : undefined
  }

  /** Jobs in some states, in the order in which they were taken on. */
  async #written(states: State[]): Promise<Written<Told>[]> {
    return (await this.#found(states)).map(({ written }) => written)
  }

  async #found(states: State[]): Promise<Found<Told>[]> {
    return await this.#read(await this.#connection.ask(() => this.#queue.getRanges(states, 0, -1, true)))
  }

  async #read(ids: readonly string[]): Promise<Found<Told>[]> {
    const sorted = [...new Set(ids)].sort((one, other) => numberIn(one) - numberIn(other))
    const found: Found<Told>[] = []
    for (let at = 0; at < sorted.length; at += batch) {
      const some = sorted.slice(at, at + batch)
      const said = await this.#connection.ask(client => {
        const asked = client.pipeline()
        for (const id of some) asked.hget(`${this.#key}:${id}`, 'data')
        return asked.exec()
      })
      for (const [at, [, text]] of (said ?? []).entries()) {
        const id = some[at] ?? ''
        if (typeof text === 'string') found.push({ id, written: JSON.parse(text) as Written<Told> })
      }
    }
    await this.#askWhatWasCleared()
    return found.filter(({ written }) => written.epoch >= this.#epoch)
  }

  async #askWhatWasCleared(): Promise<void> {
    this.#cleared(Number(await this.#connection.ask(client => client.get(this.#epochKey))))
  }
}

/** The number at the end of an id, by which ids are in order. */
function numberIn(id: string): number {
  return Number(/\d+$/.exec(id)?.[0] ?? 0)
}
