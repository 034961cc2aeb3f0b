import { isUtf8 } from 'node:buffer'

/** The text of these bytes, or `undefined` when they are not UTF-8. A byte order mark is not part of the text. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  if (!isUtf8(bytes)) return undefined
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}
