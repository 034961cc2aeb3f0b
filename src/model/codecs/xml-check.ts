const name = /[\p{L}_:][\p{L}\p{N}\p{M}_.:·-]*/uy
const space = /[ \t\r\n]*/y
const badReference = /&(?!(?:[\p{L}_:][\p{L}\p{N}_.:-]*|#\d+|#x[\da-fA-F]+);)/u

/**
 * Why a text is no well-formed XML; `undefined` when it is, or when it has a document type, which may change what that
 * means. Source: XML 1.0, fifth edition, section 2.1.
 */
export function whyNotXml(text: string): string | undefined {
  const open: string[] = []
  let hasRoot = false
  let at = text.startsWith('\ufeff') ? 1 : 0
  while (at < text.length) {
    const next = text.indexOf('<', at)
    const between = text.slice(at, next === -1 ? text.length : next)
    if (open.length === 0 && between.trim() !== '') return 'it has text outside of its root element'
    if (badReference.test(between)) return 'it has an & that begins no reference'
    if (next === -1) break
    at = next
    if (text.startsWith('<!DOCTYPE', at)) return undefined
    const skipped = afterMarkup(text, at)
    if (skipped !== undefined) {
      if (skipped < 0) return 'a comment, CDATA section or instruction in it has no end'
      if (open.length === 0 && text.startsWith('<![CDATA[', at)) return 'it has text outside of its root element'
      at = skipped
      continue
    }
    const isEnd = text[at + 1] === '/'
    const tag = matchAt(name, text, at + (isEnd ? 2 : 1))
    if (tag === undefined) return 'it has a < that begins no tag'
    if (isEnd) {
      if (open.pop() !== tag) return `it closes ${tag}, which is not open`
      at = afterSpace(text, at + 2 + tag.length)
      if (text[at] !== '>') return `the closing tag ${tag} does not end`
      at += 1
      continue
    }
    if (open.length === 0 && hasRoot) return 'it has more than one root element'
    hasRoot = true
    const head = afterAttributes(text, at + 1 + tag.length)
    if (typeof head === 'string') return `the tag ${tag} ${head}`
    if (text.startsWith('/>', head)) at = head + 2
    else {
      open.push(tag)
      at = head + 1
    }
  }
  const unclosed = open.at(-1)
  if (unclosed !== undefined) return `it does not close ${unclosed}`
  return hasRoot ? undefined : 'it has no element'
}

/** Where a comment, CDATA section or instruction ends, -1 without an end; `undefined` when none is there. */
function afterMarkup(text: string, at: number): number | undefined {
  for (const [start, end] of [
    ['<!--', '-->'],
    ['<![CDATA[', ']]>'],
    ['<?', '?>'],
  ] as const) {
    if (!text.startsWith(start, at)) continue
    const found = text.indexOf(end, at + start.length)
    return found === -1 ? -1 : found + end.length
  }
  return undefined
}

/** Where the attributes of a tag end, at `>` or `/>`; else what is wrong with them. */
function afterAttributes(text: string, start: number): number | string {
  const seen = new Set<string>()
  let at = start
  for (;;) {
    const from = at
    at = afterSpace(text, at)
    if (text[at] === '>' || text.startsWith('/>', at)) return at
    if (at >= text.length) return 'does not end'
    const key = at > from ? matchAt(name, text, at) : undefined
    if (key === undefined) return 'has an attribute without a name'
    if (seen.has(key)) return `has the attribute ${key} twice`
    seen.add(key)
    at = afterSpace(text, at + key.length)
    if (text[at] !== '=') return `has the attribute ${key} without a value`
    at = afterSpace(text, at + 1)
    const quote = text[at]
    const end = quote === '"' || quote === "'" ? text.indexOf(quote, at + 1) : -1
    if (end === -1) return `has the attribute ${key} without quotes around its value`
    const value = text.slice(at + 1, end)
    if (value.includes('<') || badReference.test(value)) return `has a < or & in its attribute ${key}`
    at = end + 1
  }
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}

function afterSpace(text: string, at: number): number {
  space.lastIndex = at
  return at + (space.exec(text)?.[0].length ?? 0)
}
