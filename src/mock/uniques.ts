import { hash, type Varier } from '../generate/index.ts'

/** Requests that are told apart before counting starts again, with other numbers. */
const maxKnown = 100_000

/** Values that are remembered for a place where chance alone would repeat one too soon. */
const maxRemembered = 1_000_000

/** With this many values to choose from, a million of them hold a repetition with a chance of 1 in 2,000. */
const roomy = 2 ** 50

/** How often another value is tried for one that was given out before. */
const maxTries = 1_000

/** The part of all values that one of several processes gives out. */
export type Share = {
  /** A number that no other process has, or had before it. */
  readonly part: number
  /** Which of the processes this is, from 0, and how many there are. */
  readonly index: number
  readonly of: number
}

/** Gives a value for a place that is to be unique, made by the varier. */
export type Fresh = (place: string, varier: Varier) => string | number

/**
 * Gives out values that never come twice. They depend on the request and on how often it was made, so that the third
 * create gets the third id whatever came between; only where there are few values to choose from, one that another
 * request was given is passed over.
 */
export class Uniques {
  readonly #counts = new Map<number, number>()
  readonly #given = new Map<string, Set<string | number>>()
  readonly #share: Share | undefined
  #round = 0

  /** @param share what falls to this process; by default everything */
  constructor(share?: Share) {
    this.#share = share
  }

  /** @param key the request, as a number that its repetitions share */
  next(key: number, place: string, varier: Varier): string | number {
    const first = varier.make(this.#chance(key))
    if (varier.room >= roomy) return first
    const given = this.#givenAt(place, varier.room)
    let value = first
    const isTaken = (): boolean => given.has(value) || !this.#isOurs(value)
    for (let tries = 1; isTaken() && tries < maxTries; tries += 1) value = varier.make(this.#chance(key))
    given.add(value)
    return value
  }

  /** A seed that never comes twice for the same key. */
  #chance(key: number): number {
    if (this.#counts.size >= maxKnown) {
      this.#counts.clear()
      this.#round += 1
    }
    const count = this.#counts.get(key) ?? 0
    this.#counts.set(key, count + 1)
    const number = this.#round * 2 ** 32 + count
    return this.#share === undefined ? hash('unique', key, number) : hash('unique', key, number, this.#share.part)
  }

  /** Where there are few values to choose from, each of them belongs to one process. */
  #isOurs(value: string | number): boolean {
    return this.#share === undefined || hash('owner', value) % this.#share.of === this.#share.index
  }

  #givenAt(place: string, room: number): Set<string | number> {
    const known = this.#given.get(place)
    // A full set would be searched in vain for every further value.
    const ours = Math.min(room / (this.#share?.of ?? 1), maxRemembered)
    if (known !== undefined && known.size < ours) return known
    const made = new Set<string | number>()
    this.#given.set(place, made)
    return made
  }
}
