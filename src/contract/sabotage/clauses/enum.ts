import type { Attempt } from '../bodies.ts'
import { nameOf, type Place } from '../places.ts'

/** A value of the same type that is not on the list. */
export function* unlisted({ schema, at }: Place): Generator<Attempt> {
  for (const keyword of ['enum', 'const']) {
    const listed: unknown = schema.get(keyword)?.value
    if (listed === undefined) continue
    const values: unknown[] = keyword === 'enum' && Array.isArray(listed) ? listed : [listed]
    yield { keyword, says: `with ${nameOf(at)} as a value that is not listed`, edits: () => others(values) }
  }
}

function* others(values: readonly unknown[]): Generator<unknown> {
  const [text] = values.filter(value => typeof value === 'string')
  if (text !== undefined) {
    yield text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase()
    yield `${text}-contrato`
  }
  const numbers = values.filter(value => typeof value === 'number')
  if (numbers.length > 0) yield Math.max(...numbers) + 1
  if (values.some(value => typeof value === 'boolean')) yield* [true, false]
}
