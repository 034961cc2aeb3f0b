import type { Recent } from './recent.ts'
import type { Room, Shelves } from './shelves.ts'

/**
 * What a mock remembers between requests. One that is shared is remembered with by several processes: what a method of it
 * has resolved for is known to all of them, and outlives each of them.
 *
 * Whatever needs a store that cannot be reached is refused at once with a Trouble of exit code 4.
 */
export type Store = {
  /** Whether others remember with it too, so that nothing may be put off. */
  readonly isShared: boolean
  /** Where it is reached over the network; events never go there. */
  readonly reachedAt: Reached | undefined
  /** The first of so many numbers in a row, from 1, that nobody was given before. */
  numbers(kind: string, count: number): Promise<number>
  /** Things of one kind. Of more than `most`, those that were put there first make room. */
  shelf<Thing>(name: string, most: number): Shelf<Thing>
  /** Things of one kind on many shelves. */
  shelves<Thing>(name: string, room: Room): Shelves<Thing>
  /** Names of one kind, of which so many are kept that were used last. */
  recent(kind: string, most: number): Recent
  /** Work of one kind. */
  jobs<Task, Told>(name: string, how: Doing<Task, Told>): Jobs<Task, Told>
  /**
   * Says to those that remember with it how this mock was started; what is different with others is told as the store's words are.
   * Whoever asks from then on is told soon when the store cannot be reached.
   */
  present(settings: Settings): void
  /** Lets what is under way end, within seconds, and lets go of everything. */
  close(): Promise<void>
}

/** How a mock was started: values by the names of the flags. An empty one was not given; a secret is shown to nobody. */
export type Settings = Readonly<Record<string, Setting>>

export type Setting = { readonly value: string; readonly isSecret?: boolean }

/** An address and port of a server. */
export type Reached = { readonly address: string; readonly port: number }

/** Things that are kept under keys, in the order in which their keys came. They have to be plain JSON where a store is shared. */
export type Shelf<Thing> = {
  all(): Promise<readonly (readonly [key: string, thing: Thing])[]>
  /** Puts a thing in the place of what stands there at that moment; `undefined` takes it away. May be asked more than once. */
  change(key: string, how: (before: Thing | undefined) => Thing | undefined): Promise<void>
  clear(): Promise<void>
}

/** Work for one lane: of one lane only a few jobs are done at once, so that a slow one holds up no other. */
export type Job<Task, Told> = {
  readonly id: string
  readonly lane: string
  readonly task: Task
  /** What is told of it. */
  readonly told: Told
}

/** What became of doing a job once: what is told of it now, and milliseconds until it is done again, if it is. */
export type Tried<Told> = { readonly told: Told; readonly again?: number }

/** How jobs of one kind are done. */
export type Doing<Task, Told> = {
  /** Bytes that a task carries. */
  readonly sizeOf: (task: Task) => number
  /** @param now milliseconds of the epoch, by the clock that can be moved on */
  readonly once: (job: Job<Task, Told>, now: () => number) => Promise<Tried<Told>>
  /** A task as JSON and back, for stores that need it in writing. */
  readonly write: (task: Task) => unknown
  readonly read: (written: unknown) => Task
}

/** Jobs that are done at least once each, and what is told of them. Of those that are done for good, at most the newest 1,000 are kept. */
export type Jobs<Task, Told> = {
  /**
   * Takes jobs on; when it resolves, each of them will be done at least once, in a shared store even if this process is
   * killed.
   *
   * @throws Trouble with exit code 4 when so many wait already that there is no room
   */
  add(jobs: readonly Job<Task, Told>[]): Promise<void>
  /** Begins to do jobs that others took on too, where that was not begun before; taking some on and moving the clock on do so. */
  start(): void
  get(id: string): Promise<Job<Task, Told> | undefined>
  /** What is told of every job, in the order in which they were taken on. */
  all(): Promise<readonly Told[]>
  /** The same without asking anybody; in a shared store, of those only that this process took on. */
  readonly known: readonly Told[]
  /** What is told of these jobs when each of them was done once, or forgotten. */
  tried(ids: readonly string[]): Promise<readonly Told[]>
  /** Resolves when nothing is under way or due. */
  settled(): Promise<void>
  /** Moves the clock on, as `5m` or milliseconds: whatever falls due on the way is done in its order, and is waited for. */
  advance(duration: string | number): Promise<void>
  /**
   * Forgets all of them, and that the clock was moved on; or those alone of which such a thing is told. What is under way ends by
   * itself.
   */
  clear(isMeant?: (told: Told) => boolean): Promise<void>
}

/** Jobs that wait, for their turn or to be done again. */
export const maxWaiting = 10_000

/** Bytes that they may carry together, and those that are told of when they are done may. */
export const maxWaitingBytes = 64 * 1024 * 1024

/** Jobs that are told of when they are done for good. */
export const maxDone = 1_000

/** Jobs that one process does at once. */
export const limits = { perTarget: 8, altogether: 64 }
