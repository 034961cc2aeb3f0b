import type { ParameterPlace } from '../parameters.ts'
import type { Part } from '../part.ts'
import { coercer, typesOf } from './coerce.ts'
import { decode, type StyleReader } from './index.ts'

/** Arrays, and objects as `name,value,…` or `name=value,…`, separated within one value or sent once per item. */
export function delimited(options: {
  readonly separator: string
  readonly explode: boolean
  readonly place: ParameterPlace
  readonly schema: Part | undefined
}): StyleReader {
  const { separator, explode, place, schema } = options
  const perItem = explode && (place === 'query' || place === 'cookie')
  const isArray = typesOf(schema).has('array')
  const coerceItem = coercer(schema?.get('items'))
  return raw => {
    const items = perItem ? raw : (raw[0] ?? '').split(separator)
    const texts = items.map(item => (place === 'path' ? decode(item) : item.trim()))
    if (texts.includes(undefined)) return { says: 'is not valid percent-encoding' }
    const known = texts as string[]
    if (isArray) return { value: known.map(coerceItem) }
    return { value: toObject(known, explode, schema) }
  }
}

function toObject(texts: readonly string[], explode: boolean, schema: Part | undefined): Record<string, unknown> {
  const pairs = explode
    ? texts.map(text => [text.split('=')[0] ?? '', text.split('=').slice(1).join('=')] as const)
    : texts.flatMap((name, at) => (at % 2 === 0 ? [[name, texts[at + 1] ?? ''] as const] : []))
  return Object.fromEntries(pairs.map(([name, text]) => [name, coercer(schema?.get('properties')?.get(name))(text)]))
}
