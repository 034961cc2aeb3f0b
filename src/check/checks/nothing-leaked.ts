import { answered, defineCheck, type Objection } from '../check.ts'

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
]

/** Longest part of a body that is looked through. */
const maxLooked = 64 * 1024

export const nothingLeaked = defineCheck({
  id: 'nothing-leaked',
  asks: 'Does an error keep the inside of the server to itself?',
  judge: evidence => {
    const { status, body } = evidence.exchange.response
    if (status < 400) return []
    const text = Buffer.from(body.subarray(0, maxLooked)).toString('latin1').replaceAll('\\n', '\n')
    const found = insides.find(([, pattern]) => pattern.test(text))
    if (found === undefined) return []
    const shown = found[1].exec(text)?.[0].trim().slice(0, 80) ?? ''
    const objection: Objection = {
      code: 'internals-leaked',
      message: `${answered(evidence)} with ${found[0]} in it: ${shown}`,
      help: 'Log it, and answer only what the document promises.',
      pointer: evidence.description?.pointer ?? evidence.operation.pointer,
    }
    return [objection]
  },
})
