import type { Part } from './part.ts'
import { isForOtherSide, type Side } from './sides.ts'
import { itemOf, otherPropertiesOf, propertiesOf } from './styles/coerce.ts'

/**
 * A documented value without the members that only the other side sends: what is `writeOnly` is left out of an answer,
 * what is `readOnly` out of a request, though one example was written for both. The value itself when nothing is to be
 * left out. Source: OpenAPI 3.0.4, section 4.7.24.2.
 */
export function ofOwnSide(value: unknown, schema: Part | undefined, side: Side): unknown {
  if (typeof value !== 'object' || value === null || schema === undefined) return value
  if (Array.isArray(value)) {
    const item = itemOf(schema)
    const items = value.map(each => ofOwnSide(each, item, side))
    return items.some((each, at) => each !== value[at]) ? items : value
  }
  const properties = propertiesOf(schema)
  const other = otherPropertiesOf(schema)
  let changed = false
  const members: [string, unknown][] = []
  for (const [name, member] of Object.entries(value)) {
    if (isForOtherSide(schema.root, schema.value, name, side)) {
      changed = true
      continue
    }
    const own = ofOwnSide(member, properties.get(name) ?? other, side)
    if (own !== member) changed = true
    members.push([name, own])
  }
  return changed ? Object.fromEntries(members) : value
}
