import { type HttpRequest, headerOf } from '../../http/index.ts'
import type { Answer } from '../answers.ts'
import { answered, defineCheck, type Evidence, type Objection } from '../check.ts'

/** The address of a database or queue, with the password that opens it. Source: RFC 3986, section 3.2.1. */
const passwordOfAddress =
  /\b(?:postgres(?:ql)?|mysql|mariadb|mongodb|rediss?|amqps?|mssql)(?:\+\w+)?:\/\/[^\s:@/"]*:(?=[^\s@/"]+@)/

/** What programs show of their inside when nobody stops them. */
const insides: readonly (readonly [string, RegExp])[] = [
  ['a stack trace', /(?:\s|&nbsp;)at [^\n]{0,200}[\w/\\]\.\w{1,5}:\d+:\d+\)?/],
  ['a stack trace', /Traceback \(most recent call last\)/],
  ['a stack trace', /\bat [\w.$]+\([\w$]+\.(java|kt|scala):\d+\)/],
  ['a stack trace', /\bgoroutine \d+ \[running\]/],
  [
    'a path of the server',
    /(?:\/(?:home|usr|var|app|opt|srv|root)\/[\w./-]{0,200}|\b[A-Z]:\\[\w.\\-]{1,200})\.(?:js|ts|mjs|cjs|py|rb|php|java|go|cs)\b/,
  ],
  ['a path of the server', /\b(?:ENOENT|EACCES|EISDIR|ENOTDIR)\b[^\n]{0,200}|\[Errno \d+\] [^\n]{0,200}/],
  ['a path of the server', /\bnode_modules\/[\w@./-]{1,200}/],
  [
    'a database error',
    /\b(?:PrismaClient\w*Error|SQLSTATE\[|ORA-\d{5}|SequelizeDatabaseError|QueryFailedError|MongoServerError)\b/,
  ],
  [
    'a database error',
    /\b(?:invalid input syntax for (?:type )?\w+|duplicate key value violates|syntax error at or near|E11000 duplicate key|UNIQUE constraint failed|You have an error in your SQL syntax|Cast to ObjectId failed)\b/,
  ],
  ['the password of a database', passwordOfAddress],
]

/** What no answer shows on purpose: stack traces, and passwords as they are stored. */
const secrets: readonly (readonly [string, RegExp])[] = [
  ...insides.filter(([says]) => says === 'a stack trace'),
  ['the password of a database', passwordOfAddress],
  ['the hash of a password', /\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}/],
  ['the hash of a password', /\$argon2(?:id|i|d)\$v=\d+\$/],
]

/** A shorter one stands in many a text. */
const shortestToken = 12

/** Longest part of a body that is looked through. */
const maxLooked = 64 * 1024

/** What has to be known of an exchange. */
type Shown = Pick<Evidence, 'exchange' | 'operation' | 'description' | 'answer' | 'tokens'>

export const nothingLeaked = defineCheck({
  id: 'nothing-leaked',
  asks: 'Does the answer keep the inside of the server, and credentials, to itself?',
  judge: leaksIn,
})

/** What an answer shows of the inside of the server, whatever was asked. */
export function leaksIn(evidence: Shown): readonly Objection[] {
  const { answer } = evidence
  const isRefusal = evidence.exchange.response.status >= 400
  // What the document describes of a success may be meant to be told.
  const text = answer.learn(isRefusal ? wholeText : undescribedText)
  const severity = isRefusal ? 'error' : 'warning'
  const found = text === '' ? undefined : answer.learn(isRefusal ? insidesOf : secretsOf)
  const says = found ?? inText(evidence, text, isRefusal) ?? inFields(evidence)
  return says === undefined ? [] : [leak(evidence, says, severity)]
}

/** Fields with a form of their own, or that are there to carry a credential, or a way that looks like a path of the server. */
const harmless = new Set([
  ...['date', 'content-type', 'content-length', 'connection', 'keep-alive', 'transfer-encoding', 'content-encoding'],
  ...['vary', 'etag', 'allow', 'cache-control', 'set-cookie', 'location', 'content-location', 'link'],
])

/** What the fields show of the inside, or of the credential, that the document does not describe. */
function inFields(evidence: Shown): string | undefined {
  const { exchange, description } = evidence
  const { headers } = exchange.response
  for (let at = 0; at < headers.length; at += 2) {
    const [name = '', value = ''] = [headers[at], headers[at + 1]]
    const lower = name.toLowerCase()
    if (harmless.has(lower) || description?.headers.some(each => each.name.toLowerCase() === lower) === true) continue
    const says = firstIn(value, insides) ?? inText(evidence, value, false)
    if (says !== undefined) return `${name}: ${says.replace(/ in it(?=$|:)/, '')}`
  }
  return undefined
}

function insidesOf(answer: Answer): string | undefined {
  return firstIn(answer.learn(wholeText), insides)
}

function secretsOf(answer: Answer): string | undefined {
  return firstIn(answer.learn(undescribedText), secrets)
}

function firstIn(text: string, patterns: readonly (readonly [string, RegExp])[]): string | undefined {
  const found = patterns.find(([, pattern]) => pattern.test(text))
  if (found === undefined) return undefined
  // A hash is worth guessing at.
  const shown = found[0].startsWith('the hash') ? '' : `: ${found[1].exec(text)?.[0].trim().slice(0, 80) ?? ''}`
  return `${found[0]} in it${shown}`
}

/**
 * Which credential is in the text: that of the request, be it refused, which may lack no more than a letter; or, in a
 * refusal, one that would have been accepted.
 */
function inText({ exchange: { request }, tokens }: Shown, text: string, isRefusal: boolean): string | undefined {
  const sent = /(\S+)\s*$/.exec(headerOf(request.headers, 'authorization') ?? '')?.[1] ?? ''
  const isIn = (token: string): boolean =>
    token.length >= shortestToken && !request.target.includes(token) && text.includes(token)
  const isOther = (token: string): boolean => isIn(token) && !isSent(request, token)
  if (isRefusal && tokens.some(isOther)) return 'a credential in it that is accepted and that its request did not have'
  return isIn(sent) ? 'the credential of its request in it' : undefined
}

/** Whether a token is anywhere in a request, be it where none belongs. */
function isSent({ headers, body }: HttpRequest, token: string): boolean {
  return headers.some(text => text.includes(token)) || Buffer.from(body).includes(token)
}

function leak(evidence: Shown, says: string, severity: 'error' | 'warning'): Objection {
  return {
    code: 'internals-leaked',
    message: `${answered(evidence)} with ${says}`,
    help: 'Log it, and answer only what the document promises.',
    pointer: evidence.description?.pointer ?? evidence.operation.pointer,
    severity,
  }
}

function wholeText({ bytes }: Answer): string {
  return withLines(Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, maxLooked)).toString('latin1'))
}

/** The members at the top of the body that the document does not name, as text. */
function undescribedText({ body, content }: Answer): string {
  const described: unknown = Object(content?.schema?.value).properties
  const value = body?.value
  if (typeof described !== 'object' || described === null) return ''
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return ''
  const others = Object.entries(value).filter(([name]) => !Object.hasOwn(described, name))
  return others.length === 0 ? '' : withLines(JSON.stringify(Object.fromEntries(others)).slice(0, maxLooked))
}

/** A trace in JSON has its lines escaped. */
function withLines(text: string): string {
  return text.replaceAll('\\n', '\n')
}
