import type { Part } from '../part.ts'
import { coercer, propertyCoercers } from './coerce.ts'
import type { StyleReader } from './index.ts'

/** `?role=admin&first=Alex`: an object spread over parameters that bear the names of its properties. */
export function formObject(schema: Part | undefined): StyleReader {
  const properties = propertyCoercers(schema)
  const coerce = coercer(schema)
  // The members of a free-form map cannot be told from other parameters.
  if (properties.size === 0) return () => undefined
  return (raw, sent) => {
    const entries: [string, unknown][] = []
    for (const [name, read] of properties) {
      const texts = sent.query().getAll(name)
      if (texts.length > 0) entries.push([name, read(texts)])
    }
    if (entries.length > 0) return { value: Object.fromEntries(entries) }
    return { value: raw[0] === undefined ? undefined : coerce(raw[0]) }
  }
}
