import type { Part } from '../part.ts'
import { decodeQuery, type Query } from '../query.ts'
import type { Bracketed } from './bracket-tree.ts'
import { readBrackets } from './brackets.ts'
import { badEscape } from './decode.ts'
import type { Parsed, StyleReader } from './index.ts'

/** `filter[state]=open`: one parameter per property. Source: OpenAPI 3.1.1, section 4.8.12.4. */
export function deepObject(name: string, schema: Part | undefined): StyleReader {
  return (raw, sent) => {
    const below = readBelow(sent.query(), name, schema)
    if (below !== undefined) return below
    // The standard has no form for a list; repeating the name is what clients do who do not write `[]`.
    return raw.length === 0
      ? { value: undefined }
      : readAll(
          raw.map(text => ['', text]),
          schema,
        )
  }
}

/** What is sent in brackets behind a name; `undefined` when nothing is. */
export function readBelow(query: Query, name: string, schema: Part | undefined): Parsed | undefined {
  const below = query.below(name)
  return below.length === 0 ? undefined : readAll(below, schema)
}

function readAll(encoded: readonly Bracketed[], schema: Part | undefined): Parsed {
  const found: Bracketed[] = []
  for (const [path, value] of encoded) {
    const text = value === undefined ? undefined : decodeQuery(value)
    if (text === undefined && value !== undefined) return badEscape
    found.push([path, text])
  }
  return readBrackets(found, schema) ?? { says: 'is nested too deeply' }
}
