import { jsonFaultAt } from '../../finding/index.ts'
import { decodeUtf8, isJson } from '../../http/index.ts'
import { type Codec, malformed } from './codec.ts'

export const json: Codec = {
  takes: isJson,
  decode: bytes => {
    const text = decodeUtf8(bytes)
    if (text === undefined) return malformed('is not valid UTF-8')
    try {
      return { kind: 'value', value: JSON.parse(text) }
    } catch {
      return malformed(`is not valid JSON${placeOfFault(text)}`)
    }
  },
  encode: value => Buffer.from(value === undefined ? '' : JSON.stringify(value)),
}

/** The text itself is not repeated, it may hold secrets. */
function placeOfFault(text: string): string {
  const offset = jsonFaultAt(text)
  if (offset === undefined || offset === text.length) return ': it ends too early'
  const before = text.slice(0, offset).split('\n')
  return ` at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
}
