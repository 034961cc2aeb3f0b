/** An element of XML with its attributes, and what is in it: text or elements. */
export type Element = {
  readonly name: string
  readonly attributes: readonly (readonly [name: string, text: string])[]
  readonly content: string | readonly (Element | string)[]
}

/** The text of a document with this root; names and texts are made such as XML allows. Source: XML 1.0, fifth edition. */
export function writeXml(root: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${write(root, new Set(['xml']))}\n`
}

/** @param known prefixes that are declared around the element */
function write({ name, attributes, content }: Element, known: ReadonlySet<string>): string {
  const tag = nameFor(name)
  // Of two attributes with one name a reader would accept neither.
  const unique = new Map(attributes.map(([key, text]) => [nameFor(key), text]))
  const declared = new Set(known)
  for (const key of unique.keys()) if (key.startsWith('xmlns:')) declared.add(key.slice('xmlns:'.length))
  // A prefix that the document gives no namespace would keep readers from reading the rest.
  for (const prefix of [tag, ...unique.keys()].flatMap(prefixOf)) {
    if (!declared.has(prefix)) unique.set(`xmlns:${prefix}`, `urn:${prefix}`)
    declared.add(prefix)
  }
  const head = [tag, ...[...unique].map(([key, text]) => `${key}="${escapeAttribute(text)}"`)].join(' ')
  const inner =
    typeof content === 'string'
      ? escapeText(content)
      : content.map(part => (typeof part === 'string' ? escapeText(part) : write(part, declared))).join('')
  return inner === '' ? `<${head}/>` : `<${head}>${inner}</${tag}>`
}

/** Source: Namespaces in XML 1.0, section 2. */
function prefixOf(name: string): string[] {
  const colon = name.indexOf(':')
  const prefix = name.slice(0, Math.max(0, colon))
  return prefix === '' || prefix === 'xmlns' ? [] : [prefix]
}

const notInNames = /[^\p{L}\p{N}\p{M}_.:-]/gu

/** What may not stand in a name becomes `_`. Source: section 2.3, `Name`. */
function nameFor(text: string): string {
  const name = text.replace(notInNames, '_')
  return /^[\p{L}_]/u.test(name) ? name : `_${name}`
}

/** Characters that no XML document may hold, even escaped. Source: section 2.2, `Char`. */
const forbidden = /(?![\t\n\r\u007F-\u009F])[\p{Cc}\uFFFE\uFFFF]/gu

function escapeText(text: string): string {
  return text
    .replace(forbidden, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;')
}

/** White space in an attribute would be read as blanks. Source: section 3.3.3. */
function escapeAttribute(text: string): string {
  return escapeText(text).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')
}
