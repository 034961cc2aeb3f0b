import { type HttpRequest, noBytes, withHeader, withoutHeader } from '../../http/index.ts'
import { type Ask, type Ground, oneByOne, type Phase, refusal, successes } from '../case.ts'

/** Bytes that are no JSON at all. */
const unreadable: readonly (readonly [string, Uint8Array])[] = [
  ['malformed JSON', Buffer.from('{"a":')],
  ['a word that is no JSON', Buffer.from('undefined')],
  ['NaN', Buffer.from('{"a":NaN}')],
  ['a raw control character', Buffer.from('{"a":"\u0001"}')],
  ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
]

/** JSON of other kinds than most bodies are; wrong only where the schema says so. */
const values: readonly (readonly [string, unknown])[] = [
  ['an array', []],
  ['a string', 'text'],
  ['null', null],
  ['an array around it', undefined],
]

/** Longer than servers read by default, and no more than a test may send. */
const overlong = 2 * 1024 * 1024

export const protocol: Phase<'protocol'> = {
  id: 'protocol',
  isLoose: true,
  says: 'bodies that are no JSON or JSON of another kind, other methods, odd fields: refused where that is promised, and never a failure',
  plan: ground => oneByOne([...brokenBodies(ground), ...otherForms(ground), ...elsewhere(ground)], ground),
}

function brokenBodies({ operation, valid, body, isRefused }: Ground): Ask[] {
  if (body === undefined || operation.requestBody === undefined) return []
  const held = refusal(operation, ['400', '422'])
  const text = Buffer.from(valid.body).toString()
  const bodies: (readonly [string, Uint8Array])[] = [
    ...unreadable,
    ['truncated JSON', valid.body.subarray(0, -1)],
    ['JSON with a trailing comma', Buffer.from(text.replace(/\}$/, ',}'))],
    ['JSON with more behind it', Buffer.from(`${text}}`)],
    ...values.map(
      ([says, value]) => [says, Buffer.from(value === undefined ? `[${text}]` : JSON.stringify(value))] as const,
    ),
    ...(operation.requestBody.required ? [['empty', noBytes] as const] : []),
  ]
  return bodies
    .map(([says, bytes]) => ({ says: `a body that is ${says}`, request: { ...valid, body: bytes }, ...held }))
    .filter(({ request }) => isRefused(request))
}

/** The same request in another dress. */
function otherForms(ground: Ground): Ask[] {
  const { valid, body } = ground
  if (body === undefined) return []
  const bare = withoutHeader(valid, 'content-type')
  const typed = (type: string): HttpRequest => withHeader(bare, 'Content-Type', type)
  const text = Buffer.from(valid.body).toString()
  const whatever: readonly string[] = []
  // Where the document refuses it, it may document no refusal.
  const open = (says: string, written: string): Ask => {
    const request = { ...valid, body: Buffer.from(written) }
    return { says, request, expects: whatever, outside: ground.isRefused(request) }
  }
  return [
    { says: 'a charset', request: typed('application/json; charset=utf-8'), expects: successes(ground) },
    {
      says: 'spaces around the JSON',
      request: { ...valid, body: Buffer.from(`\r\n ${text}\n`) },
      expects: successes(ground),
    },
    { says: 'no Content-Type', request: bare, expects: whatever, outside: true },
    { says: 'another Content-Type', request: typed('text/plain'), expects: whatever, outside: true },
    open('a name given twice', twice(text)),
    open('__proto__ as a name', withProto(text)),
    {
      says: `a body of ${overlong} bytes`,
      request: { ...valid, body: Buffer.from(`${text}${' '.repeat(overlong)}`) },
      expects: whatever,
      outside: true,
    },
  ]
}

/** Methods and paths that the document does not have. */
function elsewhere({ operation, valid, api }: Ground): Ask[] {
  const there = api.operations.filter(({ path }) => path === operation.path).map(({ method }) => method)
  const other = ['PATCH', 'DELETE', 'PUT', 'POST'].find(method => !there.includes(method))
  const asks: Ask[] = [
    { says: 'OPTIONS', request: { ...valid, method: 'OPTIONS', body: noBytes }, expects: [], outside: true },
  ]
  if (operation.method === 'GET' && !there.includes('HEAD'))
    asks.push({ says: 'HEAD', request: { ...valid, method: 'HEAD' }, expects: [], outside: true })
  // A method that is not there changes nothing; still none is sent that would remove.
  if (other !== undefined && other !== 'DELETE') {
    asks.push({ says: `the method ${other}`, request: { ...valid, method: other }, expects: [], outside: true })
  }
  return asks
}

/** The first member once more in front, with null; what comes last counts for most parsers. */
function twice(text: string): string {
  const name = /^\s*\{\s*("(?:[^"\\]|\\.)*")\s*:/.exec(text)?.[1]
  return name === undefined ? text : text.replace('{', `{${name}:null,`)
}

function withProto(text: string): string {
  return /^\s*\{\s*"/.test(text) ? text.replace('{', '{"__proto__":{"polluted":true},') : text
}
