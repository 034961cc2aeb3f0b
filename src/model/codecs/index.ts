import { jsonFaultAt } from '../../finding/index.ts'
import { decodeUtf8, isJson } from '../../http/index.ts'

/** The value of a body, or why it has none. `opaque` is what contrato does not look into, and so does not judge. */
export type Decoded =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'opaque' }
  | { readonly kind: 'malformed'; readonly says: string }

/** Reads the bytes of one family of media types. */
export type Codec = { readonly reads: (essence: string) => boolean; readonly decode: (bytes: Uint8Array) => Decoded }

const json: Codec = {
  reads: isJson,
  decode: bytes => {
    const text = decodeUtf8(bytes)
    if (text === undefined) return { kind: 'malformed', says: 'is not valid UTF-8' }
    try {
      return { kind: 'value', value: JSON.parse(text) }
    } catch {
      return { kind: 'malformed', says: `is not valid JSON${placeOfFault(text)}` }
    }
  },
}

const text: Codec = {
  reads: essence => essence === 'text/plain',
  decode: bytes => {
    const decoded = decodeUtf8(bytes)
    return decoded === undefined ? { kind: 'malformed', says: 'is not valid UTF-8' } : { kind: 'value', value: decoded }
  },
}

const codecs: readonly Codec[] = [json, text]

/** The value of a body of this media type. */
export function decodeBody(essence: string, bytes: Uint8Array): Decoded {
  return codecs.find(codec => codec.reads(essence))?.decode(bytes) ?? { kind: 'opaque' }
}

/** The text itself is not repeated, it may hold secrets. */
function placeOfFault(text: string): string {
  const offset = jsonFaultAt(text)
  if (offset === undefined || offset === text.length) return ': it ends too early'
  const before = text.slice(0, offset).split('\n')
  return ` at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
}
