import type { Headers } from '../../http/index.ts'

/** One part of a multipart body: its header, as in {@link Headers}, and its bytes. */
export type BodyPart = { readonly headers: Headers; readonly body: Uint8Array }

const maxParts = 1_000

/** Bytes of the header of one part; as much as node takes for that of a whole message. */
const maxHeader = 16 * 1024

/** Twice what RFC 2046 allows; there are clients that write longer ones. */
const maxBoundary = 140

const dash = 0x2d

/**
 * The parts of a multipart body, in time linear in its length. Source: RFC 2046, section 5.1.1.
 *
 * @returns why it is none, in words that follow "the body"
 */
export function parseMultipart(
  bytes: Uint8Array,
  boundary: string,
): { readonly parts: readonly BodyPart[] } | { readonly says: string } {
  if (boundary === '' || boundary.length > maxBoundary) {
    return { says: `has a boundary of ${boundary.length} characters; it must have 1 to ${maxBoundary}` }
  }
  const named = JSON.stringify(`--${boundary}`)
  // With a line break in front the first boundary is one like all others.
  const data = Buffer.concat([Buffer.from('\r\n'), bytes])
  const mark = Buffer.from(`\r\n--${boundary}`, 'latin1')
  const parts: BodyPart[] = []
  let line = findMark(data, mark, 0)
  if (line === undefined) return { says: `does not contain its boundary ${named}` }
  while (!line.isLast) {
    if (parts.length === maxParts) return { says: `has more than ${maxParts} parts` }
    const number = parts.length + 1
    // The line break that ends the boundary is the empty line of a part without a header.
    const blank = data.subarray(line.end, line.end + maxHeader + 4).indexOf('\r\n\r\n')
    const next = findMark(data, mark, line.end + 2)
    if (next === undefined) return { says: `ends before its closing boundary ${JSON.stringify(`--${boundary}--`)}` }
    if (blank === -1 || line.end + blank + 2 > next.start) {
      const isLong = next.start - line.end > maxHeader
      return {
        says: isLong
          ? `has a header of more than ${maxHeader} bytes in part ${number}`
          : `has no empty line after the header of part ${number}`,
      }
    }
    const headers = readHeaders(data.subarray(line.end + 2, line.end + blank).toString('utf8'))
    if (headers === undefined) return { says: `has a header that cannot be read in part ${number}` }
    const start = line.end + blank + 4
    parts.push({ headers, body: data.subarray(Math.min(start, next.start), next.start) })
    line = next
  }
  return { parts }
}

type Mark = { readonly start: number; readonly end: number; readonly isLast: boolean }

/** The next line that is the boundary; a line that only begins like it belongs to a part. */
function findMark(data: Buffer, mark: Buffer, from: number): Mark | undefined {
  for (let start = data.indexOf(mark, from); start !== -1; start = data.indexOf(mark, start + 2)) {
    let end = start + mark.length
    if (data[end] === dash && data[end + 1] === dash) return { start, end, isLast: true }
    while (data[end] === 0x20 || data[end] === 0x09) end += 1
    if (data[end] === 0x0d && data[end + 1] === 0x0a) return { start, end, isLast: false }
  }
  return undefined
}

function readHeaders(text: string): Headers | undefined {
  const headers: string[] = []
  for (const line of text.split('\r\n')) {
    if (line === '') continue
    const colon = line.indexOf(':')
    if (colon <= 0) return undefined
    headers.push(line.slice(0, colon).trim(), line.slice(colon + 1).trim())
  }
  return headers
}
