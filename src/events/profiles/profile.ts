import type { Scope } from '../../model/index.ts'
import type { Outcome } from '../send.ts'

/** What is to be told: an event on its way to one receiver. */
export type Message = {
  /** The same for every attempt, so that a receiver knows what it has had. */
  readonly id: string
  /** The name of the event in the document. */
  readonly event: string
  readonly body: Uint8Array
}

/** How an API calls back: what it adds to a call, how long it waits and when it tries again. */
export type Profile = {
  readonly name: string
  /** Milliseconds that a receiver has to answer. */
  readonly timeout: number
  /** Whether receivers can tell who sent it. */
  readonly isSigned: boolean
  /** Whether the signature says when it was made, so that an old one can be told. */
  readonly isTimed: boolean
  /** Puts into the payload what it says about the subscription; for APIs whose payloads are known. */
  readonly address?: (payload: unknown, scope: Scope) => unknown
  /** Values of header parameters, by their names in lower case, that follow from the payload. */
  readonly fields?: (payload: unknown) => Readonly<Record<string, string>>
  /** Header fields of which the document may state the value, by their names in lower case; that wins over what `sign` says. */
  readonly stated?: readonly string[]
  /** Header fields that are added to one attempt; what signs comes last. Throws an error that says why when the secret cannot be used. */
  readonly sign: (message: Message, secret: string, now: Date) => readonly string[]
  /** What is wrong with the signature of a call that came in; `undefined` when nothing is. */
  readonly verify: (headers: readonly string[], body: Uint8Array, secret: string, now: Date) => string | undefined
  /**
   * Milliseconds until the next attempt, or `undefined` when there is none.
   *
   * @param attempt how many there were
   * @param chance a number in [0, 1), so that not everybody comes back at once
   */
  readonly retry: (attempt: number, outcome: Outcome, chance: number) => number | undefined
  /** Whether an answer means that nothing is wanted any more. */
  readonly ends: (outcome: Outcome) => boolean
}

export const never = (): undefined => undefined
export const no = (): boolean => false

/** A wait from a table of milliseconds, give or take a tenth. */
export function spread(waits: readonly number[], attempt: number, chance: number): number | undefined {
  const wait = waits[attempt - 1]
  return wait === undefined ? undefined : Math.round(wait * (0.9 + chance * 0.2))
}
