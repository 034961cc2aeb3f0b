import type { Applying } from './discriminator.ts'
import { isDeep } from './keywords.ts'
import { limits, tooMuch } from './limits.ts'
import type { Writer } from './place.ts'
import type { Shape } from './shape.ts'
import { inside, memberOf } from './source.ts'

export const noList: Shape['list'] = {
  prefix: [],
  items: undefined,
  least: 0,
  most: Number.POSITIVE_INFINITY,
  unique: false,
  contains: [],
}

/** The list at a place; `undefined` when nothing can match. Source: JSON Schema 2020-12, section 10.3.1. */
export function listIn(
  writer: Writer,
  sources: readonly Applying[],
  name: string,
  depth: number,
): Shape['list'] | undefined {
  const numbers = (keyword: string): number[] =>
    sources.map(({ value }) => memberOf(value, keyword)).filter(value => typeof value === 'number')
  const least = Math.max(0, ...numbers('minItems'))
  if (least > limits.items) return tooMuch(writer, sources, `${least} items`, limits.items)
  let most = Math.min(Number.POSITIVE_INFINITY, ...numbers('maxItems'))
  const lengths = sources.map(({ value }) => memberOf(value, 'prefixItems')).filter(Array.isArray)
  const prefix: Shape[] = []
  for (let at = 0; at < Math.max(0, ...lengths.map(({ length }) => length)) && at < most; at += 1) {
    const found = sources.flatMap(source => {
      const own = inside(writer.root, source, 'prefixItems', at)
      return own.length > 0 ? own : inside(writer.root, source, 'items')
    })
    const isLeftOut = depth <= 0 && at >= least && found.some(isDeep)
    const shape = isLeftOut ? undefined : writer.shape(found, name, depth - 1)
    if (shape === undefined && at < least) return undefined
    if (shape === undefined) {
      // What comes after a place that is left out would stand in it.
      most = at
      break
    }
    prefix.push(shape)
  }
  const described = sources.flatMap(source => inside(writer.root, source, 'items'))
  const isWanted = depth > 0 || least > prefix.length || !described.some(isDeep)
  const items = isWanted && most > prefix.length ? writer.shape(described, name, depth - 1) : undefined
  if (items === undefined && least > prefix.length) return undefined
  const contains = sources.flatMap(source => {
    const inner = inside(writer.root, source, 'contains')
    const wanted = memberOf(source.value, 'minContains') ?? 1
    const highest = memberOf(source.value, 'maxContains')
    const most = typeof highest === 'number' ? highest : Number.POSITIVE_INFINITY
    if (inner.length === 0 || typeof wanted !== 'number') return []
    if (wanted === 0 && most === Number.POSITIVE_INFINITY) return []
    const shape = writer.shape([...described, ...inner], name, depth - 1)
    return shape === undefined ? [] : [{ shape, least: Math.min(wanted, limits.items), most }]
  })
  const unique = sources.some(({ value }) => memberOf(value, 'uniqueItems') === true)
  return { prefix, items, least, most, unique, contains }
}
