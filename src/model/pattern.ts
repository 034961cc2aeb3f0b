/**
 * A pattern as a regular expression. Patterns are Unicode ones (JSON Schema 2020-12, core, section 6.4); many real ones are
 * not, as `[\\w-.]`, or are of another language, as `(?i)abc`, and are read as they were meant.
 *
 * @throws SyntaxError for what cannot be read
 */
export function readPattern(pattern: string): RegExp {
  for (const flags of ['u', '']) {
    try {
      return new RegExp(pattern, flags)
    } catch {
      // The next way, or the last.
    }
  }
  return readForeign(pattern)
}

/** Java, .NET, Python and PCRE: flags at the start, `(?P<name>…)`, possessive quantifiers, atomic groups. */
function readForeign(pattern: string): RegExp {
  const [, start = '', given = '', rest = pattern] = /^(\^?)\(\?([imsx]+)\)(.*)$/s.exec(pattern) ?? []
  const flags = ['i', 'm', 's'].filter(flag => given.includes(flag)).join('')
  const translated = rest
    .replaceAll('(?P<', '(?<')
    .replaceAll('(?>', '(?:')
    .replace(/((?:^|[^\\])(?:\\\\)*[*+?}])\+/g, '$1')
  return new RegExp(start + translated, flags)
}
