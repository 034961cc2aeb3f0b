/** The tokens of a JSON Pointer, in its plain or URI fragment form. Source: RFC 6901, sections 4 and 6. */
export function parsePointer(pointer: string): string[] {
  const fragment = pointer.startsWith('#')
  const plain = fragment ? decodeFragment(pointer.slice(1)) : pointer
  if (plain === '') return []
  return plain
    .slice(1)
    .split('/')
    .map(token => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** The JSON Pointer that names these tokens, without the leading `#`. Source: RFC 6901, section 3. */
export function formatPointer(tokens: readonly (string | number)[]): string {
  return tokens.map(token => `/${String(token).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/**
 * The same for a pointer that stands behind a `#`, where a percent sign would be read as an escape; the other characters
 * are left as people read them. Source: RFC 6901, section 6.
 */
export function formatFragment(tokens: readonly (string | number)[]): string {
  return formatPointer(tokens).replaceAll('%', '%25')
}

/** What a pointer leads to inside `value`, or `undefined`. Only own members and items count, so `__proto__` leads nowhere. */
export function resolvePointer(value: unknown, tokens: readonly string[]): unknown {
  let current = value
  for (const token of tokens) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, token)) return undefined
    if (token === 'length' && Array.isArray(current)) return undefined
    current = (current as Record<string, unknown>)[token]
  }
  return current
}

function decodeFragment(fragment: string): string {
  try {
    return decodeURIComponent(fragment)
  } catch {
    return fragment
  }
}
