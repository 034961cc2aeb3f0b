import type { Part } from '../part.ts'
import { coercer, itemCoercer, propertyCoercers, readProperty, typesOf } from './coerce.ts'
import type { StyleReader } from './index.ts'

/**
 * `filter[state]=open`: one parameter per property. Clients write arrays in brackets too, `expand[]=a&expand[]=b`; what
 * is nested deeper has no standard form (OpenAPI 3.1.1, section 4.8.12.4).
 */
export function deepObject(name: string, schema: Part | undefined): StyleReader {
  const types = typesOf(schema)
  const isList = types.has('array') && !types.has('object')
  const coerceItem = itemCoercer(schema)
  const properties = propertyCoercers(schema)
  const coerce = coercer(schema)
  return (raw, sent) => {
    const found = new Map<string, string[]>()
    for (const [key, text] of sent.query()) {
      if (!key.startsWith(`${name}[`) || !key.endsWith(']')) continue
      const property = key.slice(name.length + 1, -1)
      if (property.includes('[')) return undefined
      found.set(property, [...(found.get(property) ?? []), text])
    }
    if (found.size === 0) return { value: raw[0] === undefined ? undefined : coerce(raw[0]) }
    if (isList) return { value: [...found.values()].flat().map(coerceItem) }
    const members = [...found].map(([property, texts]) => [property, readProperty(properties, property, texts)])
    return { value: Object.fromEntries(members) }
  }
}
