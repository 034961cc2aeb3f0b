import { type HttpRequest, noBytes, withHeader, withoutHeader } from '../../http/index.ts'
import { type Ask, type Ground, oneByOne, type Phase, refusal, successes } from '../case.ts'

/** Bytes that are no JSON, made of a body that is right in everything else: else a lax parser would not show. */
function unreadable(text: string): readonly (readonly [string, Uint8Array])[] {
  const beside = (member: string): Buffer => Buffer.from(withMember(text, member) ?? `{${member}}`)
  return [
    ['malformed JSON', Buffer.from('{"a":')],
    ['a word that is no JSON', Buffer.from('undefined')],
    ['JSON with NaN in it', beside('"contrato":NaN')],
    ['JSON with a raw control character', beside('"contrato":"\u0001"')],
    ['JSON with a name in single quotes', beside("'contrato':1")],
    ['JSON with a comment', beside('"contrato":1/* 1 */')],
    ['JSON with a byte that is no UTF-8', notUtf8(beside('"contrato":"?"'))],
    ['truncated JSON', Buffer.from(text).subarray(0, -1)],
    ['JSON with a trailing comma', Buffer.from(text.replace(/\}$/, ',}'))],
    ['JSON with more behind it', Buffer.from(`${text}}`)],
  ]
}

/** JSON of other kinds than most bodies are; wrong only where the schema says so. */
const values: readonly (readonly [string, unknown])[] = [
  ['an array', []],
  ['a string', 'text'],
  ['null', null],
  ['an array around it', undefined],
]

/** Longer than servers read by default, and no more than a test may send. */
const overlong = 2 * 1024 * 1024

/** Deeper than any thing is, and no deeper than every parser gets. */
const deep = 500
const nested = `${'['.repeat(deep)}${']'.repeat(deep)}`

export const protocol: Phase<'protocol'> = {
  id: 'protocol',
  isLoose: true,
  says: 'bodies that are no JSON or JSON of another kind, other methods, odd fields: refused where that is promised, and never a failure',
  plan: ground => oneByOne([...brokenBodies(ground), ...otherForms(ground), ...elsewhere(ground)], ground),
}

function notUtf8(bytes: Buffer): Buffer {
  bytes[bytes.indexOf('"?"') + 1] = 0xff
  return bytes
}

function brokenBodies({ operation, valid, body, isRefused }: Ground): Ask[] {
  if (body === undefined || operation.requestBody === undefined) return []
  const held = refusal(operation, ['400', '422'])
  const text = Buffer.from(valid.body).toString()
  const bodies: (readonly [string, Uint8Array])[] = [
    ...unreadable(text),
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
    open('__proto__ as a name', withMember(text, '"__proto__":{"polluted":true}') ?? text),
    open('names that every object has', withMember(text, '"hasOwnProperty":1,"toString":1,"constructor":1') ?? text),
    {
      says: `a member that is nested ${deep} times`,
      request: { ...valid, body: Buffer.from(withMember(text, `"contrato":${nested}`) ?? nested) },
      expects: whatever,
      outside: true,
    },
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
  const nowhere = { ...valid, target: below(valid.target, 'contrato-is-not-here') }
  // Many a server answers any GET that it does not know with the page of an application.
  const expects = operation.method === 'GET' ? [] : ['3XX', '4XX', '5XX']
  if (operation.method !== 'DELETE' && api.match(operation.method, nowhere.target).kind !== 'found')
    asks.push({ says: 'a path that is not there', request: nowhere, expects, outside: true })
  return asks
}

function below(target: string, segment: string): string {
  const [path = '', ...query] = target.split('?')
  return [`${path.replace(/\/$/, '')}/${segment}`, ...query].join('?')
}

/** The first member once more in front, with null; what comes last counts for most parsers. */
function twice(text: string): string {
  const name = /^\s*\{\s*("(?:[^"\\]|\\.)*")\s*:/.exec(text)?.[1]
  return name === undefined ? text : text.replace('{', `{${name}:null,`)
}

/** The object with a member in front of its own; `undefined` where it is none. */
function withMember(text: string, member: string): string | undefined {
  const isObject = /^\s*\{\s*(?:"|\})/.test(text)
  const isEmpty = /^\s*\{\s*\}/.test(text)
  return isObject ? text.replace('{', () => `{${member}${isEmpty ? '' : ','}`) : undefined
}
