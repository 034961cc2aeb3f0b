import { BrokenOff, NotConnected, TooLate, type Unreachable } from '../http/index.ts'

/** After so many requests in a row without an answer in time, an operation is not asked any more. */
const patience = 3

/** After so many in a row whose connection ended without an answer. */
const endurance = 20

/** After so many operations in a row that had to be given up, the target is taken for gone. */
const maxMute = 3

/** Learns from requests that got no answer whether the target is still there, so that nobody waits for it a thousand times. */
export class Presence {
  #hasAnswered = false
  #hasBegun = false
  #isGone = false
  #first: Unreachable | undefined
  #last: Unreachable | undefined
  /** Requests in a row that an operation left without an answer, by its id. */
  readonly #missed = new Map<string, number>()
  /** Operations that are not asked any more. */
  readonly #mute = new Set<string>()
  #muteInARow = 0

  /** Whether an answer has ever come. */
  get hasAnswered(): boolean {
    return this.#hasAnswered
  }

  get isGone(): boolean {
    return this.#isGone
  }

  /** Why the first request got no answer, if none ever came, nor the beginning of one. */
  get firstFault(): Unreachable | undefined {
    return this.#hasAnswered || this.#hasBegun ? undefined : this.#first
  }

  /** Why the last request got no answer. */
  get lastFault(): string {
    return this.#last?.message ?? ''
  }

  isMute(operation: string): boolean {
    return this.#mute.has(operation)
  }

  answered(operation: string): void {
    this.#hasAnswered = true
    this.#muteInARow = 0
    this.#missed.delete(operation)
  }

  missed(operation: string, why: Unreachable): void {
    this.#first ??= why
    this.#last = why
    if (why instanceof NotConnected) {
      this.#isGone = true
      return
    }
    if (why instanceof BrokenOff) this.#hasBegun = true
    const times = (this.#missed.get(operation) ?? 0) + 1
    this.#missed.set(operation, times)
    const limit = why.cause instanceof TooLate ? patience : endurance
    if (times < (this.#hasAnswered ? limit : 1) || this.#mute.has(operation)) return
    this.#mute.add(operation)
    this.#muteInARow += 1
    if (this.#muteInARow >= maxMute) this.#isGone = true
  }
}
