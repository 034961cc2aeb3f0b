/** Shares out the requests of a run, so that whoever comes first does not make them all. What one leaves goes to those after it. */
export class Budget {
  #left: number
  #turns = 0
  #share = Number.POSITIVE_INFINITY

  /** @param most requests that may be made; without it as many as anybody likes */
  constructor(most: number | undefined) {
    this.#left = most ?? Number.POSITIVE_INFINITY
  }

  /** Says how many turns there will be. Until the first one everything may be used. */
  plan(turns: number): void {
    this.#turns = turns
  }

  /** Begins the next turn, which has an equal share of what is left, and one request at least. */
  next(): void {
    this.#share = Math.max(1, Math.floor(this.#left / Math.max(1, this.#turns)))
    this.#turns -= 1
  }

  spend(): void {
    this.#left -= 1
    this.#share -= 1
  }

  /** Requests that may still be made in this turn. */
  get left(): number {
    return Math.min(this.#left, this.#share)
  }

  /** Whether there is nothing left for anybody. */
  get isSpent(): boolean {
    return this.#left <= 0
  }
}
