import { decodeUtf8 } from '../../http/index.ts'
import type { Part } from '../part.ts'
import { itemOf, otherPropertiesOf, propertiesOf, typesOf } from '../styles/coerce.ts'
import { type BodyShape, type Codec, malformed, opaque } from './codec.ts'
import { whyNotXml } from './xml-check.ts'
import { type Element, writeXml } from './xml-writer.ts'

/**
 * XML is written as the `xml` of a schema says. It has to be well-formed and is not read beyond that: a schema does not say
 * enough to read it back, and a body that is not understood is not judged. Source: OpenAPI 3.1.1, section 4.8.26.
 */
export const xml: Codec = {
  takes: essence => essence === 'application/xml' || essence === 'text/xml' || essence.endsWith('+xml'),
  decode: bytes => {
    // What is in another encoding is said by its own declaration, which is not followed.
    const text = decodeUtf8(bytes)
    const fault =
      text === undefined || /^\s*<\?xml[^>]*encoding\s*=\s*["'](?!utf-?8|us-ascii)/i.test(text)
        ? undefined
        : whyNotXml(text)
    return fault === undefined ? opaque : malformed(`is not well-formed XML: ${fault}`)
  },
  encode: (value, _contentType, { schema }: BodyShape) => {
    // A documented example may be the text as it is sent.
    if (typeof value === 'string' && /^\s*</.test(value)) return Buffer.from(value)
    const [root] = elementsOf(nameOf(schema) ?? componentOf(schema) ?? 'root', value, schema, true)
    return Buffer.from(writeXml(root ?? { name: 'root', attributes: [], content: '' }))
  },
}

/** One element for a value; for an array that is not wrapped, one for each item. */
function elementsOf(name: string, value: unknown, schema: Part | undefined, isRoot = false): Element[] {
  if (!Array.isArray(value)) return [elementOf(nameOf(schema) ?? name, value, schema)]
  const item = itemOf(schema)
  const wrapped = isRoot || isWrapped(schema)
  const own = wrapped ? (nameOf(schema) ?? name) : name
  const itemName = nameOf(item) ?? (isRoot ? (componentOf(item) ?? 'item') : own)
  const items = value.flatMap(each => elementsOf(itemName, each, item))
  return wrapped ? [{ ...named(own, schema), content: items }] : items
}

function elementOf(name: string, value: unknown, schema: Part | undefined): Element {
  const element = named(name, schema)
  if (typeof value !== 'object' || value === null) return { ...element, content: textOf(value) }
  const properties = propertiesOf(schema)
  const attributes: Element['attributes'][number][] = [...element.attributes]
  const children: (Element | string)[] = []
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue
    const property = properties.get(key) ?? otherPropertiesOf(schema)
    const isScalar = typeof member !== 'object' || member === null
    const kind = nodeTypeOf(property)
    if (isScalar && kind === 'attribute')
      attributes.push(...attributeOf(nameOf(property) ?? key, textOf(member), property))
    else if (isScalar && (kind === 'text' || kind === 'cdata')) children.push(textOf(member))
    else children.push(...elementsOf(key, member, property))
  }
  return { name: element.name, attributes, content: children }
}

function attributeOf(name: string, text: string, schema: Part | undefined): Element['attributes'] {
  const { name: full, attributes } = named(name, schema)
  return [...attributes, [full, text]]
}

function named(name: string, schema: Part | undefined): Omit<Element, 'content'> {
  const mark = markOf(schema)
  const prefix = mark?.text('prefix')
  const namespace = mark?.text('namespace')
  const attributes: [string, string][] =
    namespace === undefined ? [] : [[prefix === undefined ? 'xmlns' : `xmlns:${prefix}`, namespace]]
  return { name: prefix === undefined ? name : `${prefix}:${name}`, attributes }
}

function nameOf(schema: Part | undefined): string | undefined {
  // The name of an array is that of what is wrapped around its items.
  if (typesOf(schema).has('array') && !isWrapped(schema)) return undefined
  return markOf(schema)?.text('name')
}

/** Source: OpenAPI 3.2.0, section 4.27.1; `attribute: true` is the older way to say the same. */
function nodeTypeOf(schema: Part | undefined): string | undefined {
  const mark = markOf(schema)
  return mark?.text('nodeType') ?? (mark?.is('attribute') === true ? 'attribute' : undefined)
}

function isWrapped(schema: Part | undefined): boolean {
  const mark = markOf(schema)
  return mark?.is('wrapped') === true || mark?.text('nodeType') === 'element'
}

/** The `xml` of a schema, or of what it is put together from. */
function markOf(schema: Part | undefined, depth = 0): Part | undefined {
  const own = schema?.get('xml')
  if (own !== undefined || schema === undefined || depth > 5) return own
  for (const [, branch] of schema.get('allOf')?.entries() ?? []) {
    const found = markOf(branch, depth + 1)
    if (found !== undefined) return found
  }
  return undefined
}

/** The name of a schema that stands in `components`. */
function componentOf(schema: Part | undefined): string | undefined {
  return /^#\/components\/schemas\/([^/]+)$/.exec(schema?.pointer ?? '')?.[1]
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
