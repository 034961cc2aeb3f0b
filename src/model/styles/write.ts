import type { Part } from '../part.ts'
import { itemOf, otherPropertiesOf, propertiesOf, requiredOf } from './coerce.ts'
import { percentEncoded } from './encode.ts'
import type { Serialization } from './index.ts'

/** A name and a text as they are written into a request; for a path the text is the segment. */
export type Written = readonly [name: string, text: string]

/** A name and its text as a pair of a query or form; empty brackets with nothing behind them stand for no item. */
export function pairOf([name, text]: Written): string {
  return text === '' && name.endsWith('[]') ? name : `${name}=${text}`
}

/** Signs between the items of a value that is sent in one piece, as each style has them. */
const separators: Readonly<Record<string, string>> = { spaceDelimited: '%20', pipeDelimited: '%7C' }

/** Reserved signs that mean nothing else where a query has them. Source: RFC 3986, sections 2.2 and 3.4. */
const reservedSigns = /%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B|3D)/gi

type WriteOptions = { readonly reserved: boolean; readonly required: boolean }

/**
 * Writes a value in the form that a document states. Source: OpenAPI 3.1.1, section 4.8.12.3.
 *
 * @param form with `reserved`, signs such as `/` and `:` stay as they are (`allowReserved`); `required` is written even
 *   where it is empty and the form has next to nothing for that
 */
export function writeValue(
  { name, style, explode, place, schema, reserved, required }: Serialization & WriteOptions,
  value: unknown,
): readonly Written[] {
  // A header is the one place that nobody decodes.
  const encode = (text: string): string => {
    if (place === 'header') return text
    const encoded = percentEncoded(text)
    return reserved ? encoded.replace(reservedSigns, decodeURIComponent) : encoded
  }
  const text = (item: unknown): string => {
    if (item === null || item === undefined) return ''
    return encode(typeof item === 'object' ? JSON.stringify(item) : String(item))
  }
  const key = place === 'header' ? name : percentEncoded(name)
  const prefix = style === 'label' ? '.' : style === 'matrix' ? `;${key}=` : ''
  if (typeof value !== 'object' || value === null) return [[key, `${prefix}${text(value)}`]]

  if (style === 'deepObject') {
    const written = bracketed(key, value, schema, text)
    return written.length > 0 || !required ? written : [nothing(key, value)]
  }
  const separator = separators[style] ?? ','
  if (Array.isArray(value)) {
    const items = value.map(text)
    if (explode && (place === 'query' || place === 'cookie')) return items.map(item => [key, item])
    if (style === 'matrix' && explode) return [[key, items.map(item => `;${key}=${item}`).join('')]]
    return [[key, `${prefix}${items.join(style === 'label' && explode ? '.' : separator)}`]]
  }
  const members = Object.entries(value).map(([member, item]) => [encode(member), text(item)] as const)
  if (style === 'form' && explode) return members
  if (style === 'matrix' && explode) return [[key, members.map(pair => `;${pair.join('=')}`).join('')]]
  if (style === 'label' && explode) return [[key, members.map(pair => `.${pair.join('=')}`).join('')]]
  const joined = explode ? members.map(pair => pair.join('=')) : members.flat()
  return [[key, `${prefix}${joined.join(separator)}`]]
}

/**
 * `key[a][b]=1`; the items of lists bear their place, so that lists of objects can be told apart. What is empty is left
 * out, as clients do, where its schema does not demand it; else a list is `key[]`, as qs and Rails have it, and an object
 * `key=`.
 */
function bracketed(
  key: string,
  value: object,
  schema: Part | undefined,
  text: (item: unknown) => string,
): readonly Written[] {
  const isList = Array.isArray(value)
  const item = itemOf(schema)
  const properties = propertiesOf(schema)
  const other = otherPropertiesOf(schema)
  const required = requiredOf(schema)
  return Object.entries(value).flatMap(([member, inside]): readonly Written[] => {
    const inner = `${key}[${percentEncoded(member)}]`
    if (typeof inside !== 'object' || inside === null) return [[inner, text(inside)]]
    const own = isList ? item : (properties.get(member) ?? other)
    const written = bracketed(inner, inside, own, text)
    return written.length > 0 || !(isList || required.has(member)) ? written : [nothing(inner, inside)]
  })
}

function nothing(key: string, value: object): Written {
  return [Array.isArray(value) ? `${key}[]` : key, '']
}
