import type { Attempt } from '../bodies.ts'
import { nameOf, type Place } from '../places.ts'

/** A text that its pattern does not fit. */
export function* outOfPattern({ schema, at }: Place): Generator<Attempt> {
  if (schema.text('pattern') === undefined) return
  yield {
    keyword: 'pattern',
    says: `with ${nameOf(at)} that its pattern does not fit`,
    *edits(value) {
      if (typeof value === 'string') yield* [` ${value}`, `${value}!`, value.slice(1)]
      yield* ['\u0001', '!', '', 'x', '0']
    },
  }
}
