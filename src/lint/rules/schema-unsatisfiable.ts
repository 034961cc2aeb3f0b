import type { Part } from '../../model/index.ts'
import { isBareReference, judge, partAt, quoted } from '../judge.ts'
import { defineRule } from '../rule.ts'

/** Pairs of keywords of which the first must not be larger. */
const bounds = [
  ['minimum', 'maximum'],
  ['minLength', 'maxLength'],
  ['minItems', 'maxItems'],
  ['minProperties', 'maxProperties'],
] as const

const help = 'Correct the schema; until then no request, answer or example can match it.'

/** Some value of a finite size matches every schema, as far as that is seen without trying values. */
export const schemaUnsatisfiable = defineRule({
  code: 'schema-unsatisfiable',
  severity: 'error',
  *review({ document, places, schemaAt }) {
    const names = new Map(places.map(place => [place.pointer, place.name]))
    const done = new Set<string>()
    for (const { kind, value, pointer, name, operation, side } of places) {
      if (kind !== 'schema' || isBareReference(value)) continue
      const part = partAt(document, pointer)
      if (part === undefined) continue
      const cycle = cycleFrom(part, [], done)
      if (cycle !== undefined) {
        const message = `Nothing matches ${names.get(cycle.pointer) ?? name}: ${cycle.says}`
        yield { message, help, pointer: cycle.pointer, operation }
      }
      const why = contradictionIn(part)
      if (why !== undefined) yield { message: `Nothing matches ${name}: ${why}`, help, pointer, operation }
      if (!Object.hasOwn(value, 'const')) continue
      // The value is what const demands, so what is left to fail is the rest.
      const verdict = judge(schemaAt(pointer, side), value.const)
      if (verdict === undefined) continue
      const message = `Nothing matches ${name}: the rest of it refuses its const ${quoted(value.const)}: ${verdict.reasons}`
      yield { message, help, pointer: `${pointer}/const`, operation }
    }
  },
})

/** The schema itself and all that it is put together with. */
function togetherWith(part: Part, seen = new Set<string>()): Part[] {
  if (seen.has(part.pointer)) return []
  seen.add(part.pointer)
  return [part, ...[...(part.get('allOf')?.entries() ?? [])].flatMap(([, branch]) => togetherWith(branch, seen))]
}

function typesOf(part: Part): string[] | undefined {
  const type = part.get('type')?.value
  return type === undefined ? undefined : [type].flat().filter(one => typeof one === 'string')
}

/** A schema on the way to another, and the step that led to it. */
type Step = { readonly pointer: string; readonly by: string }

/**
 * A schema that leads back to itself by what has to be there, so that no value ends.
 *
 * @param done schemas that were followed already
 */
function cycleFrom(
  part: Part,
  trail: readonly Step[],
  done: Set<string>,
  by = '',
): { pointer: string; says: string } | undefined {
  const { pointer } = part
  const start = trail.findIndex(step => step.pointer === pointer)
  if (start !== -1) {
    const way = [...trail.slice(start + 1).map(step => step.by), by].filter(step => step !== '')
    return { pointer, says: way.length === 0 ? 'it consists of itself' : `it requires itself, by ${way.join('.')}` }
  }
  if (done.has(pointer)) return undefined
  done.add(pointer)
  const here = [...trail, { pointer, by }]
  for (const [step, next] of demandedBy(part)) {
    const found = cycleFrom(next, here, done, step)
    if (found !== undefined) return found
  }
  return undefined
}

/** The schemas that every value of a schema has to match as well, with the member that holds the value. */
function* demandedBy(part: Part): Generator<[step: string, schema: Part]> {
  for (const [, branch] of part.get('allOf')?.entries() ?? []) yield ['', branch]
  const types = typesOf(part)
  if (types?.length !== 1) return
  const required = part.get('required')?.value
  if (types[0] === 'object' && Array.isArray(required)) {
    for (const member of required.filter(one => typeof one === 'string')) {
      const property = part.get('properties')?.get(member)
      if (property !== undefined) yield [member, property]
    }
  }
  const least = part.get('minItems')?.value
  const items = part.get('items')
  if (types[0] === 'array' && typeof least === 'number' && least > 0 && items !== undefined) yield ['[]', items]
}

/** Why what stands together cannot be met at once. */
function contradictionIn(part: Part): string | undefined {
  const parts = togetherWith(part)
  const stated = parts.flatMap(one => typesOf(one) ?? [])
  const lists = parts.map(typesOf).filter(types => types !== undefined)
  const isAllowed = (type: string): boolean =>
    lists.every(types => types.includes(type) || (type === 'integer' && types.includes('number')))
  if (lists.length > 1 && !stated.some(isAllowed)) return `it has to be ${[...new Set(stated)].join(' and ')} at once`
  for (const [low, high] of bounds) {
    const numbers = (keyword: string): number[] =>
      parts.map(one => one.get(keyword)?.value).filter(value => typeof value === 'number')
    const [least, most] = [Math.max(...numbers(low)), Math.min(...numbers(high))]
    // Beside a bound on another type of value, such bounds do not matter; a schema with a type is about that type.
    if (least > most && stated.length > 0) return `${low} ${least} is above ${high} ${most}`
  }
  const enums = parts.map(one => one.get('enum')?.value).filter(Array.isArray)
  if (enums.some(list => list.length === 0)) return 'its list of values (enum) is empty'
  const texts = enums.map(list => new Set(list.map(one => JSON.stringify(one))))
  const [first, ...others] = texts
  if (first === undefined || others.length === 0) return undefined
  const isShared = [...first].some(text => others.every(list => list.has(text)))
  return isShared ? undefined : 'its lists of values (enum) have no value in common'
}
