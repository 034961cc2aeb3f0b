import { isJson } from '../http/index.ts'
import type { Parameter, Part } from '../model/index.ts'

/** A name and a text as they are written into a request; for a path the text is the segment. */
export type Written = readonly [name: string, text: string]

type Place = Parameter['in']

const defaults: Readonly<Record<Place, string>> = { path: 'simple', header: 'simple', query: 'form', cookie: 'form' }

/** Signs between the items of a value that is sent in one piece, as each style has them. */
const separators: Readonly<Record<string, string>> = { spaceDelimited: '%20', pipeDelimited: '%7C' }

/** Writes the value of a parameter in its style. Source: OpenAPI 3.1.1, section 4.8.12.3. */
export function writeParameter(part: Part, { name, in: place }: Parameter, value: unknown): readonly Written[] {
  // A header is the one place that nobody decodes.
  const encode = place === 'header' ? (text: string) => text : encodeURIComponent
  const [mediaType] = [...(part.get('content')?.entries() ?? [])][0] ?? []
  if (mediaType !== undefined && isJson(mediaType)) return [[encode(name), encode(JSON.stringify(value))]]
  const style = part.text('style') ?? defaults[place]
  const explode = (part.get('explode')?.value ?? style === 'form') === true
  const text = (item: unknown): string => encode(typeof item === 'object' ? JSON.stringify(item) : String(item))
  const key = encode(name)
  if (typeof value !== 'object' || value === null) return [[key, `${prefixOf(style, key)}${text(value)}`]]

  const separator = separators[style] ?? ','
  if (Array.isArray(value)) {
    const items = value.map(text)
    if (style === 'form' && explode) return items.map(item => [key, item])
    if (style === 'matrix' && explode) return [[key, items.map(item => `;${key}=${item}`).join('')]]
    return [[key, `${prefixOf(style, key)}${items.join(style === 'label' && explode ? '.' : separator)}`]]
  }
  const members = Object.entries(value).map(([member, item]) => [encode(member), text(item)] as const)
  if (style === 'deepObject') return members.map(([member, item]) => [`${key}[${member}]`, item])
  if (style === 'form' && explode) return members
  if (style === 'matrix' && explode) return [[key, members.map(pair => `;${pair.join('=')}`).join('')]]
  if (style === 'label' && explode) return [[key, members.map(pair => `.${pair.join('=')}`).join('')]]
  const joined = explode ? members.map(pair => pair.join('=')) : members.flat()
  return [[key, `${prefixOf(style, key)}${joined.join(separator)}`]]
}

function prefixOf(style: string, key: string): string {
  return style === 'label' ? '.' : style === 'matrix' ? `;${key}=` : ''
}
