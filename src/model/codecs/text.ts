import { decodeUtf8, parseMediaType } from '../../http/index.ts'
import { coercer, typesOf } from '../styles/coerce.ts'
import { type Codec, malformed, opaque, plainly } from './codec.ts'

const utf8 = new Set([undefined, 'utf-8', 'utf8', 'us-ascii', 'ascii'])

export const text: Codec = {
  takes: essence => essence.startsWith('text/') && essence !== 'text/xml',
  decode: (bytes, contentType, { schema }) => {
    // Of a table or a page the document may describe what it means, which is not in the text as such.
    const types = typesOf(schema)
    if ((types.has('object') || types.has('array')) && !types.has('string')) return opaque
    const charset = parseMediaType(contentType)?.charset
    if (!utf8.has(charset)) return opaque
    const decoded = decodeUtf8(bytes)
    return decoded === undefined ? malformed('is not valid UTF-8') : { kind: 'value', value: coercer(schema)(decoded) }
  },
  encode: plainly,
}
