/** The first member once more in front, with null; what comes last counts for most parsers. */
export function twice(text: string): string {
  const name = /^\s*\{\s*("(?:[^"\\]|\\.)*")\s*:/.exec(text)?.[1]
  return name === undefined ? text : text.replace('{', `{${name}:null,`)
}

/** The object with a member in front of its own; `undefined` where it is none. */
export function withMember(text: string, member: string): string | undefined {
  const isObject = /^\s*\{\s*(?:"|\})/.test(text)
  const isEmpty = /^\s*\{\s*\}/.test(text)
  return isObject ? text.replace('{', () => `{${member}${isEmpty ? '' : ','}`) : undefined
}
