import type { SentBody } from '../../generate/index.ts'
import type { Operation } from '../../model/index.ts'
import { everyClause } from './clauses/index.ts'
import { indulged } from './indulgence.ts'
import { edited, type Place, placesIn } from './places.ts'
import { always, type Passing, type Plan } from './sabotage.ts'

/**
 * Plans of a target that does not look at one clause of the bodies that it is sent, for each clause there is.
 *
 * @param bodies valid ones, which are broken to see whether a clause can be broken alone
 */
export function* acceptingPlans(operation: Operation, sent: SentBody, bodies: readonly unknown[]): Generator<Plan> {
  const seen = new Set<string>()
  for (const place of placesIn(sent.part)) {
    for (const { keyword, edits } of everyClause(place)) {
      const pointer = `${place.schema.pointer}/${keyword}`
      if (seen.has(pointer)) continue
      seen.add(pointer)
      const values = bodies.flatMap(body => [...edited(body, place.at, edits)])
      yield { ...taking(operation, pointer, place), ...told(sent, values, pointer) }
    }
  }
}

function taking(operation: Operation, pointer: string, { at }: Place): Plan {
  const where = at.length === 0 ? 'the body' : at.map(step => step ?? '0').join('.')
  return ignoring(operation, pointer, `takes bodies that break ${pointer.split('/').at(-1)} of ${where}`)
}

/**
 * A target that takes requests which break this clause and nothing else.
 *
 * @param says what it does
 */
export function ignoring(operation: Operation, pointer: string, says: string): Plan {
  return {
    says,
    pointer,
    ...always(passing => (isRefusedFor(passing, operation, pointer) ? indulged(passing, 'validate=false') : undefined)),
  }
}

/** A clause that never breaks alone is no promise of its own: whoever ignores it is not to be told from who does not. */
function told(
  { schema, arriving }: SentBody,
  values: readonly unknown[],
  pointer: string,
): Pick<Plan, 'isForbidden' | 'isProvocable'> {
  if (values.length === 0) return {}
  const alone = values.some(value => {
    const arrived = arriving(value)
    const mismatches = arrived === undefined ? [] : schema.mismatches(arrived.value)
    return mismatches.length > 0 && mismatches.every(mismatch => mismatch.pointer === pointer)
  })
  return alone ? { isProvocable: true } : { isForbidden: false }
}

function isRefusedFor(
  { operation: asked, response, reading, credentials }: Passing,
  operation: Operation,
  pointer: string,
): boolean {
  if (asked?.id !== operation.id || response.status < 400 || !credentials()) return false
  const faults = reading()?.faults ?? []
  return faults.length > 0 && faults.every(fault => fault.kind === 'invalid' && fault.pointer === pointer)
}
