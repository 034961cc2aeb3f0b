import { isUtf8 } from 'node:buffer'

/** The text of these bytes, or `undefined` when they are not UTF-8. A byte order mark is not part of the text. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const text = buffer.toString('utf8')
  // What stands for bytes that are not UTF-8 may also have been sent.
  if (text.includes('\ufffd') && !isUtf8(bytes)) return undefined
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}
