import type { Part } from '../../../model/index.ts'
import type { Attempt } from '../bodies.ts'
import { nameOf, type Place } from '../places.ts'

/** Nothing longer is made. */
const longest = 20_000

/** A step beyond each bound of a number. */
export function* outOfBounds({ schema, at }: Place): Generator<Attempt> {
  const beyond: Readonly<Record<string, (bound: number) => readonly number[]>> = {
    minimum: bound => [bound - 1],
    maximum: bound => [bound + 1],
    exclusiveMinimum: bound => [bound],
    exclusiveMaximum: bound => [bound],
    multipleOf: bound => [bound * 1.5, bound / 2],
  }
  for (const [keyword, make] of Object.entries(beyond)) {
    const bound = numberIn(schema, keyword)
    if (bound === undefined) continue
    yield { keyword, says: `with ${nameOf(at)} beyond its ${keyword}`, edits: () => make(bound) }
  }
}

/** A character too few or too many. */
export function* outOfLength({ schema, at }: Place): Generator<Attempt> {
  const shortest = numberIn(schema, 'minLength')
  if (shortest !== undefined && shortest > 0 && shortest <= longest) {
    yield {
      keyword: 'minLength',
      says: `with ${nameOf(at)} too short`,
      edits: value => [typeof value === 'string' ? value.slice(0, shortest - 1) : '', 'a'.repeat(shortest - 1)],
    }
  }
  const limit = numberIn(schema, 'maxLength')
  if (limit === undefined || limit > longest) return
  yield {
    keyword: 'maxLength',
    says: `with ${nameOf(at)} too long`,
    edits: value => [typeof value === 'string' ? value.padEnd(limit + 1, 'a') : 'a'.repeat(limit + 1)],
  }
}

/** Items and members too few, too many or twice. */
export function* outOfSize({ schema, at }: Place): Generator<Attempt> {
  const attempt = (keyword: string, says: string, make: (items: readonly unknown[]) => unknown[]): Attempt => ({
    keyword,
    says: `with ${nameOf(at)} of ${says}`,
    edits: value => (Array.isArray(value) ? [make(value)] : []),
  })
  const fewest = numberIn(schema, 'minItems')
  if (fewest !== undefined && fewest > 0)
    yield attempt('minItems', 'too few items', items => items.slice(0, fewest - 1))
  const most = numberIn(schema, 'maxItems')
  if (most !== undefined && most < longest) {
    yield attempt('maxItems', 'too many items', items =>
      items.length === 0 ? [] : Array.from({ length: most + 1 }, (_, index) => items[index % items.length]),
    )
  }
  if (schema.is('uniqueItems'))
    yield attempt('uniqueItems', 'items that repeat', items => [...items, ...items.slice(0, 1)])
  const members = numberIn(schema, 'minProperties')
  if (members === undefined || members === 0) return
  yield { keyword: 'minProperties', says: `with ${nameOf(at)} of too few members`, edits: () => [{}] }
}

function numberIn(schema: Part, keyword: string): number | undefined {
  const given = schema.get(keyword)?.value
  return typeof given === 'number' ? given : undefined
}
