import type { Attempt } from '../bodies.ts'
import type { Place } from '../places.ts'
import { outOfBounds, outOfLength, outOfSize } from './bounds.ts'
import { withMore } from './closed.ts'
import { unlisted } from './enum.ts'
import { outOfFormat } from './format.ts'
import { outOfPattern } from './pattern.ts'
import { withoutRequired } from './required.ts'
import { asNull, ofOtherType } from './type.ts'

export {
  asNull,
  ofOtherType,
  outOfBounds,
  outOfFormat,
  outOfLength,
  outOfPattern,
  outOfSize,
  unlisted,
  withMore,
  withoutRequired,
}

/** Every clause of a schema that can be broken, with the values that break it. */
export function* everyClause(place: Place): Generator<Attempt> {
  yield* withoutRequired(place)
  yield* ofOtherType(place)
  yield* asNull(place)
  yield* unlisted(place)
  yield* withMore(place)
  yield* outOfFormat(place)
  yield* outOfPattern(place)
  yield* outOfBounds(place)
  yield* outOfLength(place)
  yield* outOfSize(place)
}
