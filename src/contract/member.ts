import { isWebUrl } from '../generate/index.ts'
import type { Ground } from './case.ts'
import { asThing, type Thing } from './thing.ts'

/** A right body with another text in the first place that takes it; not where a URL is meant. */
export function withText({ schema, value }: NonNullable<Ground['body']>, text: string): Thing | undefined {
  const thing = asThing(value) ?? {}
  const isRight = (name: string): boolean => schema.accepts({ ...thing, [name]: text })
  const name = Object.keys(thing).find(
    name => typeof thing[name] === 'string' && !isWebUrl(thing[name]) && isRight(name),
  )
  return name === undefined ? undefined : { ...thing, [name]: text }
}

/** Whether a value has another text where its example has a URL; whoever sees that one is meant may refuse it. */
export function lacksUrl(example: unknown, value: unknown): boolean {
  if (typeof example === 'string') return isWebUrl(example) && typeof value === 'string' && !isWebUrl(value)
  if (Array.isArray(example)) return Array.isArray(value) && value.some(item => lacksUrl(example[0], item))
  const [one, other] = [asThing(example), asThing(value)]
  if (one === undefined || other === undefined) return false
  return Object.keys(one).some(name => Object.hasOwn(other, name) && lacksUrl(one[name], other[name]))
}

/**
 * A right body with another text, as JSON whose half, where a body in two chunks is divided, is within a character: who
 * decodes each chunk for itself does not get that one. `undefined` where no text can be put in.
 *
 * @param text with characters of several bytes in its middle
 */
export function dividedWithin(body: NonNullable<Ground['body']>, text: string): Uint8Array | undefined {
  for (let more = 0; more < 8; more += 1) {
    const thing = withText(body, `${'a'.repeat(more)}${text}`)
    if (thing === undefined) return undefined
    const bytes = Buffer.from(JSON.stringify(thing))
    // Bytes within a character begin with the bits 10. Source: RFC 3629, section 3.
    if (((bytes[Math.ceil(bytes.length / 2)] ?? 0) & 0xc0) === 0x80) return bytes
  }
  return undefined
}
