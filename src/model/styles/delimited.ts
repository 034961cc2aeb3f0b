import type { ParameterPlace } from '../parameters.ts'
import type { Part } from '../part.ts'
import { itemCoercer, propertyCoercers, readProperty, typesOf } from './coerce.ts'
import { decode } from './decode.ts'
import type { StyleReader } from './index.ts'

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
  const coerceItem = itemCoercer(schema)
  const properties = propertyCoercers(schema)
  return raw => {
    const items = perItem ? raw : (raw[0] ?? '').split(separator)
    const texts = items.map(item => (place === 'path' ? decode(item) : item.trim()))
    if (texts.includes(undefined)) return { says: 'is not valid percent-encoding' }
    const known = texts as string[]
    if (isArray) return { value: known.map(coerceItem) }
    const pairs = explode ? assignments(known) : neighbours(known)
    return { value: Object.fromEntries(pairs.map(([name, text]) => [name, readProperty(properties, name, [text])])) }
  }
}

/** `R=100` as name and value. */
function assignments(texts: readonly string[]): [string, string][] {
  return texts.map(text => {
    const [name = '', ...rest] = text.split('=')
    return [name, rest.join('=')]
  })
}

/** `R`, `100` as name and value. */
function neighbours(texts: readonly string[]): [string, string][] {
  return texts.flatMap((name, at) => (at % 2 === 0 ? [[name, texts[at + 1] ?? '']] : []))
}
