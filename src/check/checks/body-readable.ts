import { isJson, parseMediaType } from '../../http/index.ts'
import { answered, defineCheck } from '../check.ts'

export const bodyReadable = defineCheck({
  id: 'body-readable',
  asks: 'Are the bytes of the body what its Content-Type says?',
  judge: evidence => {
    const { decoded, essence, type, bytes, content } = evidence.answer
    if (decoded === undefined || type === undefined || essence === undefined) return []
    const pointer = content?.pointer ?? evidence.description?.pointer
    if (isJson(essence) && decoded.kind === 'value' && hasMark(bytes)) {
      const message = `${answered(evidence)} with a byte order mark before the JSON`
      return [{ code: 'body-ambiguous', message, help: 'Send the JSON without it.', pointer }]
    }
    const says = decoded.kind === 'malformed' ? decoded.says : isJson(essence) ? misnamed(type, bytes) : undefined
    if (says === undefined) return []
    const message = `${answered(evidence)} with a body that ${says}, though its Content-Type is ${type}`
    const help = 'Send bytes that a parser of that media type accepts, or name the media type they are of.'
    return [{ code: 'body-unreadable', message, help, pointer }]
  },
})

/** Whoever sends JSON must not add a mark to it. Source: RFC 8259, section 8.1. */
function hasMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
}

/** JSON is UTF-8, and a charset that says otherwise misleads who believes it. Source: RFC 8259, sections 8.1 and 11. */
function misnamed(type: string, bytes: Uint8Array): string | undefined {
  const charset = parseMediaType(type)?.charset ?? 'utf-8'
  if (/^(utf-?8|us-ascii|ascii)$/.test(charset)) return undefined
  // Most charsets write ASCII alike.
  const isAlike = !/^(utf|ucs)/.test(charset) && bytes.every(byte => byte < 0x80)
  return isAlike ? undefined : 'is UTF-8'
}
