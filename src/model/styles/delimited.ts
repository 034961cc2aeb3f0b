import type { ParameterPlace } from '../parameters.ts'
import type { Part } from '../part.ts'
import { itemCoercer, loneReader, propertyReaders, readProperty, typesOf } from './coerce.ts'
import { badEscape, decodeAt } from './decode.ts'
import type { StyleReader } from './index.ts'

/** Arrays, and objects as `name,value,…` or `name=value,…`, separated within one value or sent once per item. */
export function delimited(options: {
  readonly separator: string | RegExp
  readonly explode: boolean
  readonly place: ParameterPlace
  readonly schema: Part | undefined
}): StyleReader {
  const { separator, explode, place, schema } = options
  const perItem = explode && (place === 'query' || place === 'cookie')
  const types = typesOf(schema)
  const isArray = types.has('array')
  const isEmptyNull = types.has('null')
  const coerceItem = itemCoercer(schema)
  const readLone = loneReader(schema)
  const properties = propertyReaders(schema)
  const decode = decodeAt[place]
  return raw => {
    // Parted before it is decoded, so that an encoded separator stays part of its item.
    const items = perItem ? raw : split(raw[0] ?? '', separator, place)
    const texts = items.map(decode)
    if (texts.includes(undefined)) return badEscape
    const known = texts as string[]
    if (isEmptyNull && known.length === 0) return { value: null }
    const lone = isArray && known.length === 1 ? readLone(known[0] as string, 'ambiguous') : undefined
    if (lone !== undefined) return lone
    if (isArray) return { value: known.map(coerceItem) }
    const pairs = explode ? assignments(known) : neighbours(known)
    return { value: Object.fromEntries(pairs.map(([name, text]) => [name, readProperty(properties, name, [text])])) }
  }
}

/** Nothing between no separators is no item. Clients that encode a whole query encode the commas in it as well. */
function split(text: string, separator: string | RegExp, place: ParameterPlace): readonly string[] {
  if (text === '') return []
  const isEncoded = place === 'query' && separator === ',' && !text.includes(',')
  return text.split(isEncoded ? /%2C/i : separator)
}

/** `R=100` as name and value. */
function assignments(texts: readonly string[]): [string, string][] {
  return texts.map(text => {
    const at = text.indexOf('=')
    return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
  })
}

/** `R`, `100` as name and value. */
function neighbours(texts: readonly string[]): [string, string][] {
  return texts.flatMap((name, at) => (at % 2 === 0 ? [[name, texts[at + 1] ?? '']] : []))
}
