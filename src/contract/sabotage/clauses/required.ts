import type { Attempt } from '../bodies.ts'
import { nameOf, type Place } from '../places.ts'

/** Each required member, left out. */
export function* withoutRequired({ schema, at }: Place): Generator<Attempt> {
  const names: unknown = schema.get('required')?.value
  if (!Array.isArray(names)) return
  for (const name of names) {
    if (typeof name !== 'string') continue
    yield {
      keyword: 'required',
      says: `without ${nameOf([...at, name])}`,
      *edits(value) {
        if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return
        yield Object.fromEntries(Object.entries(value).filter(([key]) => key !== name))
      },
    }
  }
}
