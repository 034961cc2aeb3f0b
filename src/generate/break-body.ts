import type { Broken } from './breakers/breaker.ts'
import { breakEachBy, breakOneBy, type Judge } from './breakers/index.ts'
import type { SentBody } from './sent-body.ts'

/** Bodies of which one clause is broken in what arrives, each with other bytes: a form says 7 and "7" in the same way. */
export function breakBody(sent: SentBody): readonly Broken[] {
  return breakEachBy(judgeOf(sent), sent.part, sent.value)
}

/**
 * One such body alone, which takes less time than all of them.
 *
 * @param value a body that is accepted
 * @param where which of them, from 0 up to 1; one that is accepted is passed over for the next
 * @param clause what it says, where it is to be that one
 */
export function breakBodyOnce(sent: SentBody, value: unknown, where: number, clause?: string): Broken | undefined {
  return breakOneBy(judgeOf(sent), sent.part, value, where, clause)
}

function judgeOf({ schema, accepts, refuses, keyOf }: SentBody): Judge {
  return { side: schema.side, accepts, refuses, keyOf }
}
