import type { Part } from '../part.ts'
import { coercer } from './coerce.ts'
import type { StyleReader } from './index.ts'

/** `filter[state]=open`: one parameter per property. */
export function deepObject(name: string, schema: Part | undefined): StyleReader {
  return (_raw, sent) => {
    const entries: [string, unknown][] = []
    for (const [key, text] of sent.query()) {
      if (!key.startsWith(`${name}[`) || !key.endsWith(']')) continue
      const property = key.slice(name.length + 1, -1)
      entries.push([property, coercer(schema?.get('properties')?.get(property))(text)])
    }
    return { value: entries.length === 0 ? undefined : Object.fromEntries(entries) }
  }
}
