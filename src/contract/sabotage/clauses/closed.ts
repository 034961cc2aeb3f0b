import type { Attempt } from '../bodies.ts'
import { nameOf, type Place } from '../places.ts'
import { typesOf } from './type.ts'

/** A member that the document does not name; where the object is not closed, that is nobody's business. */
export function* withMore({ schema, at }: Place): Generator<Attempt> {
  if (!typesOf(schema).includes('object') && schema.get('properties') === undefined) return
  const closing = ['additionalProperties', 'unevaluatedProperties'].find(name => schema.get(name)?.value === false)
  yield {
    keyword: closing ?? 'properties',
    says: `with a member more in ${nameOf(at)}`,
    *edits(value) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return
      yield { ...value, contratoExtra: 'more' }
    },
  }
}
