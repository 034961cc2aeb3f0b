/** Control characters, and those that turn the direction of writing: a server's answer must not steer a terminal. */
const steering = /(?![\t\n])[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu

const unwritable = /(?![\t\n\r])[\p{Cc}\ufffe\uffff]|\p{Surrogate}/gu

/** A text that is safe to print, over several lines where it has them. */
export function printable(text: string): string {
  return text.replace(steering, escaped)
}

/** The same on one line: a log may take a line that starts with `::` for a command. */
export function printableLine(text: string): string {
  return printable(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t')
}

/** For the text and the attributes of HTML. */
export function forHtml(text: string): string {
  return printable(text).replace(/[&<>"']/g, entity)
}

/**
 * For the text and the attributes of XML 1.0, which has no way to write most control characters. Source: XML 1.0,
 * section 2.2.
 */
export function forXml(text: string): string {
  return text.replace(unwritable, escaped).replace(/[&<>"'\t\n\r]/g, entity)
}

/** For a line of Markdown: no character of it is structure, and nobody is called by an `@`. */
export function forMarkdown(text: string): string {
  return printableLine(text)
    .replace(/[&<>"'`*_[\]|~\\#$!]/g, entity)
    .replaceAll('@', '@<!-- -->')
}

function entity(char: string): string {
  return `&#${char.charCodeAt(0)};`
}

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
}
