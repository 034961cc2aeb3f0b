/** Work for one target. */
type Job = () => Promise<void>

type Target = { readonly waiting: Job[]; active: number }

/** How much is done at once. */
export type QueueLimits = {
  /** Jobs under way for one target. */
  readonly perTarget: number
  /** Jobs under way altogether. */
  readonly altogether: number
}

/** Does work in its order for each target, several targets at a time: a slow one holds up nobody else. */
export class Queue {
  readonly #limits: QueueLimits
  readonly #targets = new Map<string, Target>()
  #active = 0
  #idle: (() => void)[] = []

  constructor(limits: QueueLimits) {
    this.#limits = limits
  }

  /** Jobs of a target that wait or are under way. */
  sizeOf(target: string): number {
    const known = this.#targets.get(target)
    return known === undefined ? 0 : known.waiting.length + known.active
  }

  add(target: string, job: Job): void {
    const known = this.#targets.get(target) ?? { waiting: [], active: 0 }
    this.#targets.set(target, known)
    known.waiting.push(job)
    this.#start()
  }

  /** Resolves when nothing waits and nothing is under way. */
  async settled(): Promise<void> {
    while (this.#targets.size > 0) await new Promise<void>(resolve => this.#idle.push(resolve))
  }

  /** Drops what waits; what is under way ends by itself. */
  clear(): void {
    for (const [name, target] of this.#targets) {
      target.waiting.length = 0
      if (target.active === 0) this.#targets.delete(name)
    }
    this.#tell()
  }

  #start(): void {
    for (const [name, target] of this.#targets) {
      if (this.#active >= this.#limits.altogether) return
      while (target.active < this.#limits.perTarget && this.#active < this.#limits.altogether) {
        const job = target.waiting.shift()
        if (job === undefined) break
        this.#run(name, target, job)
      }
    }
  }

  #run(name: string, target: Target, job: Job): void {
    target.active += 1
    this.#active += 1
    const done = (): void => {
      target.active -= 1
      this.#active -= 1
      // Behind the others, so that each gets its turn.
      this.#targets.delete(name)
      if (target.active > 0 || target.waiting.length > 0) this.#targets.set(name, target)
      this.#start()
      this.#tell()
    }
    job().then(done, done)
  }

  #tell(): void {
    if (this.#targets.size > 0) return
    for (const resolve of this.#idle.splice(0)) resolve()
  }
}
