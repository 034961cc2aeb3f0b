import { apart } from './apart.ts'
import type { Ask, Ground } from './case.ts'
import { withMember } from './text.ts'
import { asThing, type Thing } from './thing.ts'

/** Longer than servers read by default, of which nginx and Fastify read the most, 1 MiB. */
const overlong = 1024 * 1024 + 64 * 1024

/** Longer than a column of type TEXT is in MySQL, of which 65,535 bytes are left without a word. */
const longText = 'text '.repeat(13_200)

/** Deeper than any thing is, and than parsers get that do not look how deep they are. */
const deep = 2_000
const nested = `${'['.repeat(deep)}${']'.repeat(deep)}`

/** A right body with a text in it that is longer than databases keep, wherever the document leaves its length open. */
function withLongText({ schema, value }: NonNullable<Ground['body']>): Thing | undefined {
  const thing = asThing(value)
  if (thing === undefined) return undefined
  const [name] = Object.keys(thing).filter(
    name => typeof thing[name] === 'string' && schema.accepts({ ...thing, [name]: longText }),
  )
  return name === undefined ? undefined : { ...thing, [name]: longText }
}

/** Bodies that nobody has to take. */
export function burdens(ground: Ground): Ask[] {
  const { valid, body } = ground
  if (body === undefined) return []
  const text = Buffer.from(valid.body).toString()
  const long = withLongText(body)
  const withText = long && {
    says: `a text of ${longText.length} characters`,
    // Where it is kept, every list would have it from then on.
    request: { ...valid, target: apart(ground, 'contrato-long'), body: Buffer.from(JSON.stringify(long)) },
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
