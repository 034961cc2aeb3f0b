/** An element of XML with its attributes, and what is in it: text or elements. */
export type Element = {
  readonly name: string
  readonly attributes: readonly (readonly [name: string, text: string])[]
  readonly content: string | readonly Element[]
}

/** The text of a document with this root; names and texts are made such as XML allows. Source: XML 1.0, fifth edition. */
export function writeXml(root: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${write(root)}\n`
}

function write({ name, attributes, content }: Element): string {
  const tag = nameFor(name)
  // Of two attributes with one name a reader would accept neither.
  const unique = new Map(attributes.map(([key, text]) => [nameFor(key), text]))
  const head = [tag, ...[...unique].map(([key, text]) => `${key}="${escapeAttribute(text)}"`)].join(' ')
  const inner = typeof content === 'string' ? escapeText(content) : content.map(write).join('')
  return inner === '' ? `<${head}/>` : `<${head}>${inner}</${tag}>`
}

const notInNames = /[^\p{L}\p{N}\p{M}_.:-]/gu

/** What may not stand in a name becomes `_`. Source: section 2.3, `Name`. */
function nameFor(text: string): string {
  const name = text.replace(notInNames, '_')
  return /^[\p{L}_]/u.test(name) ? name : `_${name}`
}

/** Characters that no XML document may hold, even escaped. Source: section 2.2, `Char`. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const forbidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g

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
