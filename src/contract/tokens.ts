/** What is sent where the right token is known and this is not it. */
export const wrong = 'contrato-is-not-known-here'

/** Longer than tokens are, and beyond ASCII, which fields may be. Source: RFC 9110, section 5.5. */
export const unwieldy = 'contrato-é-'.repeat(180)

/** Texts that resemble the right token and are others, each with what it says. */
export function resembling(token: string): (readonly [says: string, text: string])[] {
  const swapped = token.replace(/\p{L}/gu, letter =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  )
  return [
    ['the beginning of the token', [...token].slice(0, -1).join('')],
    ['the end of the token', [...token].slice(1).join('')],
    ['the token with more behind it', `${token}x`],
    ['the token with more before it', `x${token}`],
    ...(swapped === token ? [] : [['the token in other case', swapped] as const]),
    ...nearly(token),
  ]
}

/** The token with one letter or digit changed, so that it is as long and of the same form. */
function nearly(token: string): (readonly [says: string, text: string])[] {
  const places = [...token].flatMap((letter, at) => (/[a-z\d]/i.test(letter) ? [at] : []))
  // The last digit of what is signed may stand for nothing but padding; a letter is chosen so that it does not.
  const isSigned = /^[^.]+\.[^.]+\.[^.]+$|=$/.test(token)
  const ends = isSigned ? places.filter(at => /[a-z]/i.test(token.charAt(at))) : places
  const changed = (at: number | undefined): string | undefined =>
    at === undefined ? undefined : `${token.slice(0, at)}${other(token.charAt(at))}${token.slice(at + 1)}`
  const made = [
    ['the token with its first letter changed', changed(places[0])],
    ['the token with a letter in its middle changed', changed(places[places.length >> 1])],
    ['the token with its last letter changed', changed(ends.at(-1))],
  ] as const
  const seen = new Set<string>()
  return made.flatMap(([says, text]) => {
    if (text === undefined || seen.has(text)) return []
    seen.add(text)
    return [[says, text] as const]
  })
}

/**
 * Another digit for a digit, another letter of its case for a letter: one that differs in the two highest of the six bits
 * that it stands for in base64, which are never padding. Source: RFC 4648, section 4.
 */
function other(letter: string): string {
  if (/\d/.test(letter)) return String((Number(letter) + 5) % 10)
  if (/[a-z]/.test(letter)) return /[g-v]/.test(letter) ? 'c' : 'm'
  return /[A-P]/.test(letter) ? 'T' : 'D'
}
