import type { StyleReader } from './index.ts'

/** `.5` and `;id=5`: a path segment that starts with a sign, behind which `read` takes over. */
export function prefixed(prefix: string, read: StyleReader): StyleReader {
  return (raw, sent) => {
    const text = raw[0] ?? ''
    // RFC 6570, section 3.2.7: `;id` stands for a value that is empty.
    if (`${text}=` === prefix) return read([''], sent)
    return text.startsWith(prefix) ? read([text.slice(prefix.length)], sent) : { says: `must start with "${prefix}"` }
  }
}
