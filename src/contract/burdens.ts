import { withHeader } from '../http/index.ts'
import { apart } from './apart.ts'
import type { Ask, Ground } from './case.ts'
import { dividedWithin } from './member.ts'
import { withMember } from './text.ts'

/** Longer than servers read by default, of which nginx and Fastify read the most, 1 MiB. */
const overlong = 1024 * 1024 + 64 * 1024

/**
 * Longer than a column of type TEXT is in MySQL, of which 65,535 bytes are left without a word, and within the 100 kB that
 * Express takes; in its middle stand characters of four bytes.
 */
const longText = `${'text '.repeat(6_000)}${'🦊'.repeat(6_000)}${'text '.repeat(6_000)}`

/** Deeper than any thing is, and than parsers get that do not look how deep they are. */
const deep = 2_000
const nested = `${'['.repeat(deep)}${']'.repeat(deep)}`

/** Bodies that nobody has to take. */
export function burdens(ground: Ground): Ask[] {
  const { valid, body } = ground
  if (body === undefined) return []
  const text = Buffer.from(valid.body).toString()
  // Wherever the document leaves the length of a text open.
  const long = dividedWithin(body, longText)
  const withText = long && {
    says: `a text of ${[...longText].length} characters in chunks`,
    request: {
      ...withHeader(valid, 'Transfer-Encoding', 'chunked'),
      // Where it is kept, every list would have it from then on.
      target: apart(ground, 'contrato-long'),
      body: long,
    },
    expects: [],
  }
  return [
    ...(withText ? [withText] : []),
    {
      says: `a member that is nested ${deep} times`,
      request: { ...valid, body: Buffer.from(withMember(text, `"contrato":${nested}`) ?? nested) },
      expects: [],
    },
    {
      says: `a body of ${overlong} bytes`,
      request: { ...valid, body: Buffer.concat([Buffer.from(text), Buffer.alloc(overlong, ' ')]) },
      expects: [],
    },
  ]
}
