import { headerOf } from '../../http/index.ts'
import { answered, defineCheck, type Evidence, type Objection } from '../check.ts'

/** What programs show of their inside when nobody stops them. */
const insides: readonly (readonly [string, RegExp])[] = [
  ['a stack trace', /\sat [^\n]{0,200}[\w/\\]\.\w{1,5}:\d+:\d+\)?/],
  ['a stack trace', /Traceback \(most recent call last\)/],
  ['a stack trace', /\bat [\w.$]+\([\w$]+\.(java|kt|scala):\d+\)/],
  ['a stack trace', /\bgoroutine \d+ \[running\]/],
  [
    'a path of the server',
    /(?:\/(?:home|usr|var|app|opt|srv|root)\/[\w./-]{0,200}|\b[A-Z]:\\[\w.\\-]{1,200})\.(?:js|ts|mjs|cjs|py|rb|php|java|go|cs)\b/,
  ],
  ['a path of the server', /\bnode_modules\/[\w@./-]{1,200}/],
  [
    'a database error',
    /\b(?:PrismaClient\w*Error|SQLSTATE\[|ORA-\d{5}|SequelizeDatabaseError|QueryFailedError|MongoServerError)\b/,
  ],
  [
    'a database error',
    /\b(?:invalid input syntax for (?:type )?\w+|duplicate key value violates|syntax error at or near|E11000 duplicate key|UNIQUE constraint failed|You have an error in your SQL syntax|Cast to ObjectId failed)\b/,
  ],
]

/** What no answer shows on purpose: stack traces, and passwords as they are stored. */
const secrets: readonly (readonly [string, RegExp])[] = [
  ...insides.filter(([says]) => says === 'a stack trace'),
  ['the hash of a password', /\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}/],
  ['the hash of a password', /\$argon2(?:id|i|d)\$v=\d+\$/],
]

/** A shorter one stands in many a text. */
const shortestToken = 12

/** Longest part of a body that is looked through. */
const maxLooked = 64 * 1024

export const nothingLeaked = defineCheck({
  id: 'nothing-leaked',
  asks: 'Does the answer keep the inside of the server, and credentials, to itself?',
  judge: evidence => {
    const { status, body } = evidence.exchange.response
    if (status >= 400) {
      const text = Buffer.from(body.subarray(0, maxLooked)).toString('latin1').replaceAll('\\n', '\n')
      return [...objectTo(evidence, text, insides, 'error'), ...tokenIn(evidence, text, 'error')]
    }
    // What the document describes may be meant to be told.
    const text = undescribed(evidence).slice(0, maxLooked).replaceAll('\\n', '\n')
    return [...objectTo(evidence, text, secrets, 'warning'), ...tokenIn(evidence, text, 'warning')]
  },
})

function objectTo(
  evidence: Evidence,
  text: string,
  patterns: readonly (readonly [string, RegExp])[],
  severity: 'error' | 'warning',
): Objection[] {
  const found = patterns.find(([, pattern]) => pattern.test(text))
  if (found === undefined) return []
  // A hash is worth guessing at.
  const shown = found[0].startsWith('the hash') ? '' : `: ${found[1].exec(text)?.[0].trim().slice(0, 80) ?? ''}`
  return [leak(evidence, `${found[0]} in it${shown}`, severity)]
}

/** The credential of the request; one that is refused is none. */
function tokenIn(evidence: Evidence, text: string, severity: 'error' | 'warning'): Objection[] {
  const { request, response } = evidence.exchange
  if (response.status === 401 || response.status === 403) return []
  const token = /(\S+)\s*$/.exec(headerOf(request.headers, 'authorization') ?? '')?.[1] ?? ''
  const isSecret = token.length >= shortestToken && !request.target.includes(token)
  return isSecret && text.includes(token) ? [leak(evidence, 'the credential of its request in it', severity)] : []
}

function leak(evidence: Evidence, says: string, severity: 'error' | 'warning'): Objection {
  return {
    code: 'internals-leaked',
    message: `${answered(evidence)} with ${says}`,
    help: 'Log it, and answer only what the document promises.',
    pointer: evidence.description?.pointer ?? evidence.operation.pointer,
    severity,
  }
}

/** The members at the top of the body that the document does not name, as text. */
function undescribed({ body, content }: Evidence): string {
  const described: unknown = Object(content?.schema?.value).properties
  const value = body?.value
  if (typeof described !== 'object' || described === null) return ''
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return ''
  const others = Object.entries(value).filter(([name]) => !Object.hasOwn(described, name))
  return others.length === 0 ? '' : JSON.stringify(Object.fromEntries(others))
}
