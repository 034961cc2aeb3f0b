/** Requests that are told apart before counting starts again, with other numbers. */
const maxKnown = 100_000

/** Counts how often each request was made, so that the third create gets the third id whatever came between. */
export class Occurrences {
  readonly #counts = new Map<number, number>()
  #round = 0

  /** A number that never comes twice for the same key. */
  next(key: number): number {
    if (this.#counts.size >= maxKnown) {
      this.#counts.clear()
      this.#round += 1
    }
    const count = this.#counts.get(key) ?? 0
    this.#counts.set(key, count + 1)
    return this.#round * 2 ** 32 + count
  }
}
