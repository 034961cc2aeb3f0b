type Expected = 'value' | 'item or end' | 'name' | 'name or end' | 'colon' | 'comma or end'

const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y
/** A quote, a backslash or a control character. */
const breaksString = /["\\]|[^ -\uffff]/g
const escapes = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y

/**
 * The offset of the first thing that keeps a text from being JSON; its length when it ends too early, `undefined` when it
 * is JSON. The parser of the platform names a place for some mistakes only.
 */
export function jsonFaultAt(text: string): number | undefined {
  const closers: string[] = []
  let expected: Expected = 'value'
  let at = afterSpace(text, 0)
  for (; at < text.length; at = afterSpace(text, at)) {
    if (expected === 'comma or end' && closers.length === 0) return at
    const char = text[at] as string
    const next = step(char, expected, closers)
    if (next !== undefined) {
      expected = next
      at += 1
      continue
    }
    if (expected === 'colon' || expected === 'comma or end') return at
    const isName: boolean = expected === 'name' || expected === 'name or end'
    const end = char === '"' ? endOfString(text, at) : isName ? -at : endOfScalar(text, at)
    if (end <= 0) return -end
    at = end
    expected = isName ? 'colon' : 'comma or end'
  }
  return expected === 'comma or end' && closers.length === 0 ? undefined : text.length
}

/** What is expected after a structural character; `undefined` when it may not stand here or is none. */
function step(char: string, expected: Expected, closers: string[]): Expected | undefined {
  const takesValue = expected === 'value' || expected === 'item or end'
  if (char === '{' && takesValue) {
    closers.push('}')
    return 'name or end'
  }
  if (char === '[' && takesValue) {
    closers.push(']')
    return 'item or end'
  }
  if (char === ':' && expected === 'colon') return 'value'
  if (char === ',' && expected === 'comma or end') return closers.at(-1) === '}' ? 'name' : 'value'
  if (expected.endsWith('end') && char === closers.at(-1)) {
    closers.pop()
    return 'comma or end'
  }
  return undefined
}

/** The offset behind the string that starts here, or the negated offset of its fault. */
function endOfString(text: string, start: number): number {
  breaksString.lastIndex = start + 1
  for (let found = breaksString.exec(text); found !== null; found = breaksString.exec(text)) {
    if (found[0] === '"') return found.index + 1
    escapes.lastIndex = found.index
    if (found[0] !== '\\' || !escapes.test(text)) return -found.index
    breaksString.lastIndex = escapes.lastIndex
  }
  return -text.length
}

function endOfScalar(text: string, start: number): number {
  scalar.lastIndex = start
  return scalar.test(text) ? scalar.lastIndex : -start
}

function afterSpace(text: string, start: number): number {
  let at = start
  while (at < text.length && ' \t\n\r'.includes(text[at] as string)) at += 1
  return at
}
