import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'

/** What became of the bytes of a message when its codings were taken off. */
export type Uncoded =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'unknown'; readonly coding: string }
  | { readonly kind: 'malformed'; readonly coding: string }
  | { readonly kind: 'too-large' }

type Decoder = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Uint8Array

/** Many senders mean the bare form of RFC 1951 by "deflate", which stands without the header of RFC 1950. */
const inflate: Decoder = (bytes, options) => {
  const isWrapped = ((bytes[0] ?? 0) & 0x0f) === 8 && (((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)) % 31 === 0
  return isWrapped ? inflateSync(bytes, options) : inflateRawSync(bytes, options)
}

const decoders: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ['gzip', gunzipSync],
  ['x-gzip', gunzipSync],
  ['deflate', inflate],
  ['br', brotliDecompressSync],
  ['identity', bytes => bytes],
])

/** The content codings that are taken, as an `Accept-Encoding` field names them. Source: RFC 9110, section 12.5.3. */
export const acceptedCodings = 'gzip, deflate, br'

/** Codings that are taken one upon the other; each could make a thousand bytes of one. */
const maxCodings = 4

/**
 * Takes off the codings that a `Content-Encoding` field names, the last first. Source: RFC 9110, section 8.4.
 *
 * @param limit bytes that may come of it, at each step
 */
export function takeOffCodings(field: string, body: Uint8Array, limit: number): Uncoded {
  const codings = field
    .toLowerCase()
    .split(',', maxCodings + 1)
    .map(name => name.trim())
    .filter(name => name !== '')
  const unknown = codings.find(name => !decoders.has(name)) ?? codings[maxCodings]
  if (unknown !== undefined) return { kind: 'unknown', coding: unknown.slice(0, 40) }
  let bytes = body
  for (const coding of codings.reverse()) {
    try {
      bytes = decoders.get(coding)?.(bytes, { maxOutputLength: limit }) ?? bytes
    } catch (error) {
      const isLong = error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
      return isLong ? { kind: 'too-large' } : { kind: 'malformed', coding }
    }
  }
  return { kind: 'bytes', bytes }
}
