import { type Clock, makeClock } from './clock.ts'
import { refuseTooMuch } from './full.ts'
import { Queue } from './queue.ts'
import { memoryRecent } from './recent.ts'
import { memoryShelves } from './shelves.ts'
import { type Doing, type Job, type Jobs, limits, maxDone, maxWaitingBytes, type Shelf, type Store } from './store.ts'

/** A store in this process, which is gone with it. */
export function memoryStore(): Store {
  const counts = new Map<string, number>()
  const open: { close(): void }[] = []
  return {
    isShared: false,
    reachedAt: undefined,
    numbers: async (kind, count) => {
      const before = counts.get(kind) ?? 0
      counts.set(kind, before + count)
      return before + 1
    },
    shelf: (_, most) => memoryShelf(most),
    shelves: (_, room) => memoryShelves(room),
    recent: (_, most) => memoryRecent(most),
    jobs: (_, how) => {
      const jobs = new MemoryJobs(how)
      open.push(jobs)
      return jobs
    },
    present: () => {},
    close: async () => {
      for (const jobs of open) jobs.close()
    },
  }
}

function memoryShelf<Thing>(most: number): Shelf<Thing> {
  const kept = new Map<string, Thing>()
  return {
    all: async () => [...kept],
    change: async (key, how) => {
      const thing = how(kept.get(key))
      if (thing === undefined) kept.delete(key)
      else kept.set(key, thing)
      const [oldest] = kept.keys()
      if (kept.size > most && oldest !== undefined) kept.delete(oldest)
    },
    clear: async () => kept.clear(),
  }
}

type Kept<Task, Told> = {
  job: Job<Task, Told>
  readonly bytes: number
  tried: boolean
  done: boolean
  readonly heard: (() => void)[]
}

class MemoryJobs<Task, Told> implements Jobs<Task, Told> {
  readonly #how: Doing<Task, Told>
  readonly #queue = new Queue(limits)
  readonly #clock: Clock & { stop(): void }
  readonly #kept = new Map<string, Kept<Task, Told>>()
  readonly #done: Kept<Task, Told>[] = []
  #waiting = { count: 0, bytes: 0 }
  #doneBytes = 0

  constructor(how: Doing<Task, Told>) {
    this.#how = how
    this.#clock = makeClock(() => this.#queue.settled())
  }

  async add(jobs: readonly Job<Task, Told>[]): Promise<void> {
    const coming = jobs.map(job => ({ job, bytes: this.#how.sizeOf(job.task), tried: false, done: false, heard: [] }))
    const bytes = coming.reduce((sum, kept) => sum + kept.bytes, 0)
    refuseTooMuch({ count: jobs.length, bytes }, this.#waiting)
    for (const kept of coming) {
      this.#kept.set(kept.job.id, kept)
      this.#waits(kept, 1)
      this.#enqueue(kept)
    }
  }

  start(): void {}

  async get(id: string): Promise<Job<Task, Told> | undefined> {
    return this.#kept.get(id)?.job
  }

  async all(): Promise<readonly Told[]> {
    return this.known
  }

  get known(): readonly Told[] {
    return [...this.#kept.values()].map(({ job }) => job.told)
  }

  async tried(ids: readonly string[]): Promise<readonly Told[]> {
    const all = ids.flatMap(id => this.#kept.get(id) ?? [])
    await Promise.all(
      all.map(({ tried, heard }) => (tried ? undefined : new Promise<void>(resolve => heard.push(resolve)))),
    )
    return all.map(({ job }) => job.told)
  }

  async settled(): Promise<void> {
    await this.#queue.settled()
  }

  async advance(duration: string | number): Promise<void> {
    await this.#clock.advance(duration)
  }

  async clear(isMeant?: (told: Told) => boolean): Promise<void> {
    if (isMeant === undefined) this.close()
    else for (const kept of [...this.#kept.values()]) if (isMeant(kept.job.told)) this.#drop(kept)
  }

  close(): void {
    this.#queue.clear()
    this.#clock.stop()
    this.#waiting = { count: 0, bytes: 0 }
    this.#doneBytes = 0
    for (const { heard } of this.#kept.values()) for (const hear of heard) hear()
    this.#kept.clear()
    this.#done.length = 0
  }

  #drop(kept: Kept<Task, Told>): void {
    this.#kept.delete(kept.job.id)
    if (kept.done) {
      this.#done.splice(this.#done.indexOf(kept), 1)
      this.#doneBytes -= kept.bytes
    } else this.#waits(kept, -1)
    for (const hear of kept.heard.splice(0)) hear()
  }

  /** One more that waits, or one less. */
  #waits({ bytes }: Kept<Task, Told>, by: 1 | -1): void {
    this.#waiting.count += by
    this.#waiting.bytes += by * bytes
  }

  #enqueue(kept: Kept<Task, Told>): void {
    this.#queue.add(kept.job.lane, () => this.#do(kept))
  }

  async #do(kept: Kept<Task, Told>): Promise<void> {
    const { id } = kept.job
    if (kept.done || this.#kept.get(id) !== kept) return
    const { told, again } = await this.#how.once(kept.job, () => this.#clock.now())
    kept.job = { ...kept.job, told }
    kept.tried = true
    // What was forgotten meanwhile is not done again.
    if (this.#kept.get(id) === kept) {
      if (again === undefined) this.#end(kept)
      else this.#clock.after(again, () => this.#enqueue(kept))
    }
    for (const hear of kept.heard.splice(0)) hear()
  }

  #end(kept: Kept<Task, Told>): void {
    kept.done = true
    this.#waits(kept, -1)
    this.#done.push(kept)
    this.#doneBytes += kept.bytes
    while (this.#done.length > maxDone || this.#doneBytes > maxWaitingBytes) {
      const oldest = this.#done.shift()
      if (oldest === undefined) break
      this.#doneBytes -= oldest.bytes
      this.#kept.delete(oldest.job.id)
    }
  }
}
