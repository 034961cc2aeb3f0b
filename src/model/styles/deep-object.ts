import type { Part } from '../part.ts'
import { decodeQuery } from '../query.ts'
import { readBrackets } from './brackets.ts'
import { coercer, itemCoercer, typesOf } from './coerce.ts'
import { badEscape } from './decode.ts'
import type { StyleReader } from './index.ts'

/** `filter[state]=open`: one parameter per property. Source: OpenAPI 3.1.1, section 4.8.12.4. */
export function deepObject(name: string, schema: Part | undefined): StyleReader {
  const coerce = coercer(schema)
  const readItem = itemCoercer(schema)
  const isList = typesOf(schema).has('array') && !typesOf(schema).has('object')
  return (raw, sent) => {
    const found: [string, string][] = []
    for (const [path, encoded] of sent.query().below(name)) {
      const text = decodeQuery(encoded)
      if (text === undefined) return badEscape
      found.push([path, text])
    }
    if (found.length > 0) return readBrackets(found, schema) ?? { says: 'is nested too deeply' }
    // The standard has no form for a list; repeating the name is what clients do who do not write `[]`.
    const texts = raw.map(decodeQuery)
    if (texts[0] === undefined) return raw.length === 0 ? { value: undefined } : badEscape
    if (!isList) return { value: coerce(texts[0]) }
    return texts.includes(undefined) ? badEscape : { value: (texts as string[]).map(readItem) }
  }
}
