import type { Part } from '../part.ts'
import { decodeQuery } from '../query.ts'
import { readBrackets } from './brackets.ts'
import { coercer } from './coerce.ts'
import { badEscape } from './decode.ts'
import type { StyleReader } from './index.ts'

/** `filter[state]=open`: one parameter per property. Source: OpenAPI 3.1.1, section 4.8.12.4. */
export function deepObject(name: string, schema: Part | undefined): StyleReader {
  const coerce = coercer(schema)
  return (raw, sent) => {
    const found: [string, string][] = []
    for (const [path, encoded] of sent.query().below(name)) {
      const text = decodeQuery(encoded)
      if (text === undefined) return badEscape
      found.push([path, text])
    }
    if (found.length > 0) return readBrackets(found, schema) ?? { says: 'is nested too deeply' }
    if (raw[0] === undefined) return { value: undefined }
    const text = decodeQuery(raw[0])
    return text === undefined ? badEscape : { value: coerce(text) }
  }
}
