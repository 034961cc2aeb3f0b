import type { ParameterPlace } from '../parameters.ts'
import { decodeQuery } from '../query.ts'

/** What is said of a text whose escapes cannot be read. */
export const badEscape = { says: 'is not valid percent-encoding' } as const

/** Percent-decoded text, or `undefined` when an escape is broken. */
function decodePath(text: string): string | undefined {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/**
 * How a text is decoded, by the place it was sent in; `undefined` when it cannot be. A header is never encoded; a cookie
 * may be, and may as well hold a percent sign that means itself.
 */
export const decodeAt: Readonly<Record<ParameterPlace, (text: string) => string | undefined>> = {
  path: decodePath,
  query: decodeQuery,
  querystring: decodeQuery,
  header: text => text.trim(),
  cookie: text => decodePath(text) ?? text,
}
