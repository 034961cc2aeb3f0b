import { isUtf8 } from 'node:buffer'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { dump, load } from 'js-yaml'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { createMock } from '../../src/embed/index.ts'
import { type HttpRequest, headerOf, toHttpRequest } from '../../src/http/index.ts'
import { useContract } from '../../src/testing/vitest.ts'
import { startPrism } from './prism.ts'

const document = 'openapi/webhook.yaml'
const token = 'Second-Opinion'
const mock = await createMock(document, { bearer: [token] })
const ours = (await mock.listen()).url

const folder = mkdtempSync(path.join(tmpdir(), 'contrato-prism-'))
const [strict, lenient, theirs] = await Promise.all([
  startPrism('proxy', document, ours, '--errors'),
  startPrism('proxy', document, ours),
  startPrism('mock', withoutCallbacks()),
])
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await Promise.all([mock, strict, lenient, theirs].map(server => server[Symbol.asyncDispose]()))
})

/** Prism's mock calls all 19 callbacks of a webhook that it pretends to create; nobody is to be called here. */
function withoutCallbacks(): string {
  const { paths, ...rest } = load(readFileSync(document, 'utf8')) as { paths: Record<string, Record<string, object>> }
  for (const pathItem of Object.values(paths)) {
    for (const operation of Object.values(pathItem)) Reflect.deleteProperty(operation, 'callbacks')
  }
  const copy = path.join(folder, 'webhook.yaml')
  writeFileSync(copy, dump({ ...rest, paths }))
  return copy
}

type Violation = { readonly location: readonly string[]; readonly message: string }
type Passage = {
  readonly request: string
  readonly status: number
  readonly violations: readonly Violation[]
  readonly obstacle: string | undefined
}

/** What went which way: valid requests under --errors, invalid ones without, and some past Prism. */
const passages = { strict: [] as Passage[], lenient: [] as Passage[], past: [] as Passage[] }

/**
 * Under `--errors` Prism answers an invalid request itself, so those that are meant to be invalid go through a Prism
 * without it, which forwards them.
 */
const throughPrism: typeof fetch = async (input, init) => {
  const sent = await toHttpRequest(new Request(input, init))
  const match = mock.api.match(sent.method, sent.target)
  const reading = match.kind === 'found' ? match.operation.read(sent, match.params) : undefined
  const obstacle = obstacleTo(sent)
  const way = obstacle !== undefined ? 'past' : reading?.faults.length === 0 ? 'strict' : 'lenient'
  const base = { strict: strict.url, lenient: lenient.url, past: ours }[way]
  const response = await fetch(`${base}${sent.target}`, init)
  const violations: Violation[] = JSON.parse(response.headers.get('sl-violations') ?? '[]')
  passages[way].push({ request: `${sent.method} ${sent.target}`, status: response.status, violations, obstacle })
  return response
}

const obstacles = {
  malformed: 'Prism answers malformed JSON itself, and not in the documented shape',
  mended: 'Prism replaces what is not UTF-8 before it forwards it',
  null: 'Prism forwards JSON null without a body but with its Content-Length, and what is missing is waited for',
  scheme: 'Prism refuses a scheme in lower case, against RFC 9110, section 11.1',
}

/** Why a request cannot be sent through Prism. */
function obstacleTo({ headers, body }: HttpRequest): string | undefined {
  if (headerOf(headers, 'authorization')?.startsWith('bearer')) return obstacles.scheme
  if (body.length === 0) return undefined
  if (!isUtf8(body)) return obstacles.mended
  try {
    return JSON.parse(Buffer.from(body).toString('utf8')) === null ? obstacles.null : undefined
  } catch {
    return obstacles.malformed
  }
}

describe('the contract, through prism proxy in front of our mock', async () => {
  vi.stubEnv('CONTRACT_URL', ours)
  vi.stubEnv('CONTRACT_TOKEN', token)
  vi.doMock('../../src/testing/vitest.ts', () => ({
    useContract: () => useContract(mock.api, { fetch: throughPrism }),
  }))
  const suites = path.resolve(import.meta.dirname, '../../contracts')
  for (const name of readdirSync(suites).filter(name => name.endsWith('.test.ts'))) {
    await import(path.join(suites, name))
  }

  // These come last, when every suite has sent what it sends.
  describe('as prism saw it', () => {
    it('kept every promise in the answers to valid requests', () => {
      expect(passages.strict.length).toBeGreaterThan(40)
      expect(passages.strict.filter(({ violations }) => violations.length > 0)).toEqual([])
    })

    it('kept every promise in the answers to invalid requests', () => {
      expect(passages.lenient.length).toBeGreaterThan(40)
      const broken = passages.lenient.filter(({ violations }) =>
        violations.some(({ location }) => location[0] !== 'request'),
      )
      expect(broken).toEqual([])
    })

    it('was sent invalid requests where it was meant to be, but knows no token', () => {
      const unnoticed = passages.lenient.filter(({ violations }) => violations.length === 0)
      expect(unnoticed.map(({ status }) => status)).toEqual(unnoticed.map(() => 401))
    })

    it('saw all but what it cannot forward', () => {
      const reasons = new Set(passages.past.map(({ obstacle }) => obstacle))
      expect([...reasons].sort()).toEqual(Object.values(obstacles).sort())
    })
  })
})

type Question = {
  readonly method?: string
  readonly path?: string
  readonly body?: BodyInit
  readonly headers?: Record<string, string>
}

const webhooks = '/api/v2/instance/shop/webhook'
const webhook = { name: 'support', url: 'http://127.0.0.1:9/hook', enabled: true }
const json = (value: unknown): Question => ({ body: JSON.stringify(value) })
const accepting = (accept: string): Question => ({ method: 'GET', headers: { accept } })
const preferring = (prefer: string): Question => ({ headers: { prefer } })
const as = (authorization: string): Question => ({ headers: { authorization } })

/** One request each; what is not said is a valid create. A path that is no UTF-8 is missing: it ends Prism. */
const questions: Readonly<Record<string, Question>> = {
  'a valid create': {},
  'a valid list': { method: 'GET' },
  'a valid read': { method: 'GET', path: `${webhooks}/1` },
  'a valid update': { method: 'PUT', path: `${webhooks}/1`, ...json({ name: 'support' }) },
  'a valid choice of events': { method: 'PATCH', path: `${webhooks}/1/events`, ...json({ chatsSet: false }) },
  'a create without enabled': json({ name: 'support', url: webhook.url }),
  'a create with an unknown property': json({ ...webhook, note: 1 }),
  'JSON with a charset': { headers: { 'content-type': 'application/json; charset=utf-8' } },
  'an unknown query parameter': { path: `${webhooks}?page=2` },

  'a body without name': json({ url: webhook.url }),
  'a body without url': json({ name: 'support' }),
  'a name that is a number': json({ ...webhook, name: 5 }),
  'a name that is null': json({ ...webhook, name: null }),
  'an enabled that is a string': json({ ...webhook, enabled: 'false' }),
  'an update without name': { method: 'PUT', path: `${webhooks}/1`, ...json({ enabled: true }) },
  'a flag that is a string': { method: 'PATCH', path: `${webhooks}/1/events`, ...json({ chatsSet: 'false' }) },
  'malformed JSON': { body: '{"name":' },
  'invalid UTF-8': { body: Buffer.from('{"name":"\xff","url":"http://127.0.0.1:9/hook"}', 'latin1') },
  'an empty body': { body: '' },
  'an array': json([webhook]),
  'a JSON string': json('support'),
  'JSON null': json(null),
  'JSON false': json(false),
  'plain text': { headers: { 'content-type': 'text/plain' } },
  'a form': { body: 'name=support', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
  'an unknown content coding': { headers: { 'content-encoding': 'zstd' } },
  'a body of two megabytes': json({ ...webhook, name: 'n'.repeat(2 ** 21) }),

  'no credentials': as(''),
  'an empty token': as('Bearer'),
  'another token': as('Bearer another'),
  'the token under another scheme': as(`Basic ${token}`),
  'the token without a scheme': as(token),
  'the scheme in lower case': as(`bearer ${token}`),
  'no credentials and a bad body': { ...as(''), body: '{}' },

  'an unknown path': { method: 'GET', path: '/api/v2/instance/shop' },
  'a slash at the end': { method: 'GET', path: `${webhooks}/` },
  'a method that the path lacks': { method: 'DELETE', path: `${webhooks}/1` },
  HEAD: { method: 'HEAD' },
  OPTIONS: { method: 'OPTIONS' },
  'a CORS preflight': {
    method: 'OPTIONS',
    headers: { origin: 'http://127.0.0.1:9', 'access-control-request-method': 'POST' },
  },

  'Accept: */*': accepting('*/*'),
  'Accept: application/json': accepting('application/json'),
  'Accept with charset': accepting('application/json; charset=utf-8'),
  'Accept: text/csv': accepting('text/csv'),
  'Accept: text/csv, */*;q=0.1': accepting('text/csv, */*;q=0.1'),
  'Accept: application/json;q=0': accepting('application/json;q=0'),

  'Prefer: code=400': preferring('code=400'),
  'Prefer: code=401': preferring('code=401'),
  'Prefer: code=418': preferring('code=418'),
  'Prefer: code=abc': preferring('code=abc'),
  'Prefer: example=silent': preferring('example=silent'),
  'Prefer: example=nobody': preferring('example=nobody'),
  'Prefer: code=400, example=notAnObject': preferring('code=400, example=notAnObject'),
  'Prefer: dynamic=true': preferring('dynamic=true'),
  '?__code=401': { path: `${webhooks}?__code=401` },
}

/** Where the statuses differ, and why ours is right. */
const differences: Readonly<Record<string, readonly [ours: number, prism: number, why: string]>> = {
  'invalid UTF-8': [400, 201, 'JSON is UTF-8 (RFC 8259, section 8.1); Prism replaces what is not'],
  'plain text': [415, 400, 'not the body but its media type is refused (RFC 9110, section 15.5.16)'],
  'a form': [415, 400, 'not the body but its media type is refused (RFC 9110, section 15.5.16)'],
  'an unknown content coding': [415, 201, 'what cannot be decoded cannot be judged (RFC 9110, section 15.5.16)'],
  'a body of two megabytes': [413, 201, 'no webhook is that long; our limit is 1 MiB, that of Prism 10 MB'],
  'another token': [401, 201, 'our mock was told which token is right; Prism asks only for some token'],
  'the scheme in lower case': [201, 401, 'the name of a scheme is case-insensitive (RFC 9110, section 11.1)'],
  'a slash at the end': [404, 400, 'the document has no such path; Prism takes it for a webhook with an empty id'],
  HEAD: [200, 405, 'where GET is answered, HEAD is too (RFC 9110, section 9.1)'],
  OPTIONS: [204, 405, 'tells which methods there are (RFC 9110, section 9.3.7); Prism answers only preflights'],
  'Prefer: code=418': [201, 404, 'a preference that cannot be met is ignored (RFC 7240, section 2)'],
  'Prefer: code=abc': [201, 422, 'a preference that cannot be met is ignored (RFC 7240, section 2)'],
  'Prefer: example=nobody': [201, 404, 'a preference that cannot be met is ignored (RFC 7240, section 2)'],
}

describe('our mock and the mock of prism', () => {
  const ask = async (base: string, { method = 'POST', path = webhooks, body, headers }: Question): Promise<number> => {
    const sent = method === 'POST' ? (body ?? JSON.stringify(webhook)) : (body ?? null)
    const fields = new Headers({ 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers })
    if (fields.get('authorization') === '') fields.delete('authorization')
    return (await fetch(`${base}${path}`, { method, headers: fields, body: sent })).status
  }

  it.each(Object.entries(questions))('answer %s alike, or differ for a reason', async (name, question) => {
    const [ourStatus, theirStatus] = await Promise.all([ask(ours, question), ask(theirs.url, question)])
    const [expectedOurs, expectedTheirs] = differences[name] ?? [ourStatus, ourStatus]
    expect({ ours: ourStatus, prism: theirStatus }).toEqual({ ours: expectedOurs, prism: expectedTheirs })
  })

  it('differ nowhere but in what was asked', () => {
    expect(Object.keys(differences).filter(name => questions[name] === undefined)).toEqual([])
  })
})
