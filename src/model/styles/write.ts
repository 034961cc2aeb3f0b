import type { Serialization } from './index.ts'

/** A name and a text as they are written into a request; for a path the text is the segment. */
export type Written = readonly [name: string, text: string]

/** Signs between the items of a value that is sent in one piece, as each style has them. */
const separators: Readonly<Record<string, string>> = { spaceDelimited: '%20', pipeDelimited: '%7C' }

/** Reserved signs that mean nothing else where a query has them. Source: RFC 3986, sections 2.2 and 3.4. */
const reservedSigns = /%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B|3D)/gi

/**
 * Writes a value in the form that a document states. Source: OpenAPI 3.1.1, section 4.8.12.3.
 *
 * @param form with `reserved`, signs such as `/` and `:` stay as they are (`allowReserved`)
 */
export function writeValue(
  { name, style, explode, place, reserved }: Omit<Serialization, 'schema'> & { readonly reserved: boolean },
  value: unknown,
): readonly Written[] {
  // A header is the one place that nobody decodes.
  const encode = (text: string): string => {
    if (place === 'header') return text
    const encoded = encodeURIComponent(text)
    return reserved ? encoded.replace(reservedSigns, decodeURIComponent) : encoded
  }
  const text = (item: unknown): string => {
    if (item === null || item === undefined) return ''
    return encode(typeof item === 'object' ? JSON.stringify(item) : String(item))
  }
  const key = place === 'header' ? name : encodeURIComponent(name)
  const prefix = style === 'label' ? '.' : style === 'matrix' ? `;${key}=` : ''
  if (typeof value !== 'object' || value === null) return [[key, `${prefix}${text(value)}`]]

  if (style === 'deepObject') return bracketed(key, value, text)
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

/** `key[a][b]=1`; the items of lists bear their place, so that lists of objects can be told apart. */
function bracketed(key: string, value: object, text: (item: unknown) => string): Written[] {
  return Object.entries(value).flatMap(([member, item]): Written[] => {
    const inner = `${key}[${encodeURIComponent(member)}]`
    if (typeof item !== 'object' || item === null) return [[inner, text(item)]]
    return bracketed(inner, item, text)
  })
}
