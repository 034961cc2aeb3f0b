import type { StyleReader } from './index.ts'

/** `.5` and `;id=5`: a path segment that starts with a sign, behind which `read` takes over. */
export function prefixed(prefix: string, read: StyleReader): StyleReader {
  return (raw, sent) => {
    const text = raw[0] ?? ''
    return text.startsWith(prefix) ? read([text.slice(prefix.length)], sent) : { says: `must start with "${prefix}"` }
  }
}
