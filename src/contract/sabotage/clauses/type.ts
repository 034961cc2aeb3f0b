import type { Part } from '../../../model/index.ts'
import type { Attempt } from '../bodies.ts'
import { nameOf, type Place } from '../places.ts'

/** A value of each type; a number before a text, which validators are quicker to take for something else. */
const values: Readonly<Record<string, unknown>> = { number: 7.5, string: 'text', boolean: true, object: {}, array: [] }

/** What stands there, as a value of another type: the most alike first, as servers do it by mistake. */
export function* ofOtherType({ schema, at }: Place): Generator<Attempt> {
  if (typesOf(schema).length === 0) return
  yield {
    keyword: 'type',
    says: `with ${nameOf(at)} of another type`,
    *edits(value) {
      if (typeof value === 'boolean' || typeof value === 'number') yield String(value)
      if (typeof value === 'string') yield { value }
      if (typeof value === 'object' && value !== null) yield JSON.stringify(value)
      yield* Object.values(values)
    },
  }
}

/** Null, where the document does not allow it. */
export function* asNull({ schema, at }: Place): Generator<Attempt> {
  if (typesOf(schema).length === 0) return
  yield { keyword: 'type', says: `with ${nameOf(at)} as null`, edits: () => [null] }
}

export function typesOf(schema: Part): unknown[] {
  return [schema.get('type')?.value ?? []].flat()
}
