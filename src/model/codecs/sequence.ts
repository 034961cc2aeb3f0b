import { decodeUtf8 } from '../../http/index.ts'
import { typesOf } from '../styles/coerce.ts'
import { type Codec, malformed, opaque, plainly } from './codec.ts'

const lines = new Set(['application/jsonl', 'application/x-ndjson', 'application/ndjson', 'application/json-lines'])

/** Stands before each text of a sequence. Source: RFC 7464, section 2.2. */
const separator = '\u001e'

/**
 * One JSON text after the other: JSON Lines, NDJSON and JSON text sequences. They are read as the array that their schema
 * describes; a schema that is none describes each item or the stream as such, which documents before 3.2 leave open, so
 * it is written once and not held against what comes. Source: OpenAPI 3.2.0, section 4.14.1; RFC 7464.
 */
export const sequence: Codec = {
  takes: essence => lines.has(essence) || isTextSequence(essence),
  decode: (bytes, contentType, { schema }) => {
    if (!typesOf(schema).has('array')) return opaque
    const text = decodeUtf8(bytes)
    if (text === undefined) return malformed('is not valid UTF-8')
    const items: unknown[] = []
    const parts = isTextSequence(contentType) ? text.split(separator) : text.split('\n')
    for (const [at, part] of parts.entries()) {
      if (part.trim() === '') continue
      try {
        items.push(JSON.parse(part))
      } catch {
        return malformed(
          `is not JSON in its ${isTextSequence(contentType) ? 'text' : 'line'} ${at + (text.startsWith(separator) ? 0 : 1)}`,
        )
      }
    }
    return { kind: 'value', value: items }
  },
  encode: (value, contentType) => {
    if (typeof value === 'string') return plainly(value)
    const before = isTextSequence(contentType) ? separator : ''
    const items = Array.isArray(value) ? value : [value]
    return Buffer.from(items.map(item => `${before}${JSON.stringify(item ?? null)}\n`).join(''))
  },
}

function isTextSequence(mediaType: string): boolean {
  return /[/+]json-seq\s*(;|$)/i.test(mediaType)
}
