import {
  type HttpRequest,
  headerOf,
  isJson,
  noBytes,
  parseMediaType,
  withHeader,
  withoutHeader,
} from '../../http/index.ts'
import type { Operation } from '../../model/index.ts'
import { burdens } from '../burdens.ts'
import { type Ask, type Ground, lookTwice, oneByOne, type Phase, refusal, type Steps, successes } from '../case.ts'
import { otherClients } from '../clients.ts'
import { coercions } from '../coercions.ts'
import { foreignMembers, foreignQuery } from '../foreign.ts'
import { askForHead } from '../head.ts'
import { twice, withMember } from '../text.ts'
import { asThing, bodyOf, decodedOf } from '../thing.ts'

const noUtf8 = 'JSON with a byte that is no UTF-8'

/** Bytes that are no JSON, made of a body that is right in everything else: else a lax parser would not show. */
function unreadable(text: string): readonly (readonly [string, Uint8Array])[] {
  const beside = (member: string): Buffer => Buffer.from(withMember(text, member) ?? `{${member}}`)
  return [
    ['malformed JSON', Buffer.from('{"a":')],
    ['a word that is no JSON', Buffer.from('undefined')],
    ['JSON with NaN in it', beside('"contrato":NaN')],
    ['JSON with a raw control character', beside('"contrato":"\u0001"')],
    ['JSON with a name in single quotes', beside("'contrato':1")],
    ['JSON with a name in no quotes', beside('contrato:1')],
    ['JSON with a comment', beside('"contrato":1/* 1 */')],
    [noUtf8, notUtf8(beside('"contrato":"?"'))],
    ['truncated JSON', Buffer.from(text).subarray(0, -1)],
    ['JSON with a trailing comma', Buffer.from(text.replace(/\}$/, ',}'))],
    ['JSON with more behind it', Buffer.from(`${text} contrato`)],
  ]
}

/** JSON of other kinds than most bodies are, made of a right one; wrong only where the schema says so. */
function values(text: string, { method }: Operation): readonly (readonly [string, string])[] {
  return [
    ['an array', '[]'],
    ['a string', JSON.stringify(text)],
    ['null', 'null'],
    ['an array around it', `[${text}]`],
    ...(method === 'POST' ? [['an array of two of them', `[${text},${text}]`] as const] : []),
  ]
}

export const protocol: Phase<'protocol'> = {
  id: 'protocol',
  isLoose: true,
  says: 'bodies that are no JSON or JSON of another kind, other methods, odd fields: refused where that is promised, and never a failure',
  *plan(ground) {
    yield* oneByOne([...brokenBodies(ground), ...coercions(ground)], ground)
    yield* oneByOne([...otherForms(ground), ...otherClients(ground)], ground)
    yield* lookTwice(burdens(ground), ground)
    yield* lastCounts(ground)
    yield* oneByOne(foreignQuery(ground), ground)
    yield* oneByOne(elsewhere(ground), ground)
    yield* askForHead(ground)
    yield* nowhere(ground)
  },
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
    ...values(text, operation).map(([says, value]) => [says, Buffer.from(value)] as const),
    ...(operation.requestBody.required
      ? ([
          ['empty', noBytes],
          ['a byte order mark and blanks', Buffer.from('\ufeff \r\n\t')],
        ] as const)
      : []),
  ]
  return bodies
    .map(([says, bytes]) => {
      const ask = { says: `a body that is ${says}`, request: { ...valid, body: bytes }, ...held }
      // The parsers of many frameworks read U+FFFD in its place before anybody can refuse it.
      return says === noUtf8 ? { ...ask, isSuggested: true } : ask
    })
    .filter(({ request }) => isRefused(request))
}

/** The same request in another dress. */
function otherForms(ground: Ground): Ask[] {
  const { valid, body } = ground
  if (body === undefined) return []
  const bare = withoutHeader(valid, 'content-type')
  const typed = (field: string): HttpRequest => withHeader(bare, 'Content-Type', field)
  const type = parseMediaType(headerOf(valid.headers, 'content-type') ?? '')?.essence ?? 'application/json'
  const text = Buffer.from(valid.body).toString()
  const whatever: readonly string[] = []
  // Where the document refuses it, it may document no refusal.
  const open = (says: string, written: string): Ask => {
    const request = { ...valid, body: Buffer.from(written) }
    return { says, request, expects: whatever, outside: ground.isRefused(request) }
  }
  return [
    {
      says: 'a Content-Type with a charset',
      name: 'a charset',
      request: typed(`${type}; charset=utf-8`),
      expects: successes(ground),
    },
    {
      says: 'JSON with spaces around it and its members in reverse order',
      name: 'spaces around the JSON',
      request: { ...valid, body: Buffer.from(`\r\n ${reversed(body.value) ?? text}\n`) },
      expects: successes(ground),
    },
    {
      says: 'a Content-Type with a charset in capitals',
      name: 'a charset in capitals',
      request: typed(`${type};charset=UTF-8`),
      expects: successes(ground),
    },
    {
      says: 'a Content-Type in other letters',
      request: typed(`${type.replace(/\b[a-z]/g, letter => letter.toUpperCase())}; Charset="UTF-8"`),
      expects: successes(ground),
    },
    { says: 'no Content-Type', request: bare, expects: whatever, outside: true },
    { says: 'another Content-Type', request: typed('text/plain'), expects: whatever, outside: true },
    open('a name given twice', twice(text)),
    ...foreignMembers(ground),
    ...asForm(ground),
    open('a number that is too large', withMember(text, '"contrato":1e999,"contrato2":12345678901234567890') ?? text),
    {
      says: 'a text with half a character',
      request: { ...valid, body: Buffer.from(text.replace(/:\s*"/, ':"\\ud83e ')) },
      expects: whatever,
      outside: true,
    },
    open('names that every object has', withMember(text, '"hasOwnProperty":1,"toString":1,"constructor":1') ?? text),
    {
      says: 'bytes that are not in their Content-Encoding',
      request: { ...withHeader(valid, 'Content-Encoding', 'gzip'), body: Buffer.from('not in gzip') },
      expects: whatever,
      outside: true,
    },
    {
      says: 'a Content-Encoding that nobody knows',
      request: withHeader(valid, 'Content-Encoding', 'x-contrato'),
      expects: whatever,
      outside: true,
    },
    {
      says: 'a charset that nobody knows',
      request: typed(`${type}; charset=x-contrato`),
      expects: whatever,
      outside: true,
    },
    open('members that few programs expect', withMember(text, unexpected) ?? text),
  ]
}

/** Names that are empty, long, many, or mean something to a database, and no value: each is a member like any other. */
const unexpected = JSON.stringify({
  '': 1,
  $set: null,
  'a.b[0]': {},
  ['k'.repeat(300)]: 'long',
  ...Object.fromEntries(Array.from({ length: 120 }, (_, at) => [`contrato${at}`, null])),
}).slice(1, -1)

/** Of a name given twice either may count, but not one when it is looked at and the other when it is stored. */
function* lastCounts({ valid, body, operation, complain }: Ground): Steps {
  const sent = asThing(decodedOf(valid.body))
  if (body === undefined || sent === undefined) return
  const wrong = [7, null, 'contrato'] as const
  const found = Object.keys(sent).flatMap(name =>
    wrong.filter(value => !body.schema.accepts({ ...sent, [name]: value })).map(value => ({ name, value })),
  )[0]
  if (found === undefined) return
  const { name, value } = found
  const member = `,${JSON.stringify(name)}:${JSON.stringify(value)}}`
  const request = { ...valid, body: Buffer.from(JSON.stringify(sent).replace(/\}$/, () => member)) }
  const says = 'a name given twice, which is wrong the second time'
  const [answer] = yield [{ says, request, expects: [], outside: true }]
  const { status = 0 } = answer?.response ?? {}
  if (answer === undefined || status < 200 || status >= 300 || bodyOf(answer)?.[name] !== value) return
  complain({
    code: 'status-unexpected',
    severity: 'error',
    check: 'status-expected',
    message: `${operation.id} answered ${status} with ${name} ${JSON.stringify(value)}, which the request gave after a right one and which calls for a refusal`,
    help: 'Look at the body that is stored, after it was parsed once.',
    operation,
    pointer: `${operation.pointer}/responses`,
    says,
    request,
    phase: 'protocol',
  })
}

function reversed(value: unknown): string | undefined {
  const thing = asThing(value)
  return thing && JSON.stringify(Object.fromEntries(Object.entries(thing).reverse()))
}

/** The members of the body as those of a form, where the document takes none: who reads them takes pages of strangers in. */
function asForm({ body, valid, operation, isRefused }: Ground): Ask[] {
  const required: readonly unknown[] = [body?.part.get('required')?.value].flat()
  const sent = Object.entries(asThing(body?.value) ?? {})
  // Of a form every value is a text, which a switch or a number is not.
  const pairs = sent.filter(([name, value]) => typeof value === 'string' && required.includes(name))
  const isWhole = body?.schema.accepts(Object.fromEntries(pairs)) === true
  if (pairs.length === 0 || !isWhole || operation.requestBody?.required !== true) return []
  const form = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString()
  const bare = withoutHeader(valid, 'content-type')
  const typed = withHeader(bare, 'Content-Type', 'application/x-www-form-urlencoded')
  const request = { ...typed, body: Buffer.from(form) }
  if (!isRefused(request)) return []
  return [
    { says: 'a form in place of JSON', request, expects: ['3XX', '4XX', '5XX'], outside: true, isSuggested: true },
  ]
}

/** Methods and paths that the document does not have. */
function elsewhere({ operation, valid, api }: Ground): Ask[] {
  const there = api.operations.filter(({ path }) => path === operation.path).map(({ method }) => method)
  const other = ['PATCH', 'DELETE', 'PUT', 'POST'].find(method => !there.includes(method))
  const asks: Ask[] = [
    { says: 'OPTIONS', request: { ...valid, method: 'OPTIONS', body: noBytes }, expects: [], outside: true },
  ]
  // A method that is not there changes nothing; still none is sent that would remove.
  if (other !== undefined && other !== 'DELETE') {
    asks.push({ says: `the method ${other}`, request: { ...valid, method: other }, expects: [], outside: true })
  }
  return asks
}

/** A path that the document does not have; who refuses in JSON everywhere else does so there. */
function* nowhere({ operation, valid, api, complain }: Ground): Steps {
  let target = below(valid.target, 'contrato-is-not-here')
  // What stands there may be an id of something else.
  if (api.match(operation.method, target).kind === 'found') target = below(target, 'contrato-is-not-here')
  if (operation.method === 'DELETE' || api.match(operation.method, target).kind === 'found') return
  const request = { ...valid, target }
  // Many a server answers any GET that it does not know with the page of an application.
  const expects = operation.method === 'GET' ? [] : ['3XX', '4XX', '5XX']
  const says = 'a path that is not there'
  const [found] = yield [{ says, request, expects, outside: true }]
  const { status = 0, headers = [] } = found?.response ?? {}
  const type = parseMediaType(headerOf(headers, 'content-type') ?? '')?.essence
  // What stands for all paths is told once.
  const first = api.operations.find(({ method }) => method !== 'DELETE')
  if (status < 400 || type !== 'text/html' || first !== operation || !isRefusedInJson(operation)) return
  complain({
    code: 'content-type-undocumented',
    severity: 'warning',
    check: 'content-type-documented',
    message: `${request.method} ${request.target} was answered ${status} with ${type}, where every refusal that the document describes is JSON`,
    help: 'Answer paths that are not there in the shape of the other refusals.',
    operation,
    pointer: `${operation.pointer}/responses`,
    says,
    request,
    phase: 'protocol',
  })
}

function isRefusedInJson({ responses }: Operation): boolean {
  const types = responses
    .filter(({ status }) => /^(4|default)/i.test(status))
    .flatMap(({ content }) => content.map(({ mediaType }) => parseMediaType(mediaType)?.essence ?? ''))
  return types.length > 0 && types.every(type => isJson(type))
}

function below(target: string, segment: string): string {
  const [path = '', ...query] = target.split('?')
  return [`${path.replace(/\/$/, '')}/${segment}`, ...query].join('?')
}
