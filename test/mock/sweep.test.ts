import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dice } from '../../src/generate/seed.ts'
import { createMock, type MockServer, shippedDocument } from '../../src/index.ts'
import { type AnswerJudge, independentJudge } from './judge.ts'
import { type Ask, faces, type Talk } from './kit.ts'

const perRun = 600

/** Requests to the webhook operations, from right to absurd, made of chance. */
class Requests {
  readonly #next: () => number

  constructor(seed: number) {
    this.#next = dice(seed)
  }

  make(): { target: string; ask: Ask } {
    const target = this.#target()
    const method = this.#one(['POST', 'POST', 'POST', 'GET', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'])
    const headers: Record<string, string> = {}
    if (!this.#chance(0.1)) headers.authorization = this.#one(['Bearer abc', 'bearer x.y.z', 'Bearer a-_~+/='])
    else if (this.#chance(0.7)) headers.authorization = this.#one(['Basic YTpi', 'Bearer', 'Bearer a b', 'é', 'x'])
    if (this.#chance(0.1)) headers.accept = this.#one(['text/html', '*/*', 'application/*;q=0', 'nonsense', ',;q'])
    if (this.#chance(0.15)) headers.prefer = this.#wish()
    if (this.#chance(0.1)) headers.origin = this.#one(['http://localhost:3000', 'null', 'https://é.example'])
    if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return { target, ask: { method, headers } }
    if (!this.#chance(0.05)) headers['content-type'] = this.#chance(0.95) ? 'application/json' : this.#text()
    return { target, ask: { method, headers, body: this.#body() } }
  }

  #target(): string {
    const instance = this.#one([
      'acme',
      'a%20b',
      '%zz',
      '%00',
      '..',
      'é',
      "a'b",
      '__proto__',
      'a'.repeat(300),
      '%F0%9F%98%80',
    ])
    const rest = this.#one(['', '', '', '/wh-1', '/wh-1', '/wh-1/events', '/constructor', '/', '//', '/a/b/c'])
    const query = this.#one([
      '',
      '',
      '',
      '',
      '?',
      '?a=b',
      '?__code=400',
      '?__seed=%E2%98%95%0D%0A',
      '?%zz',
      '?__example=enabled',
    ])
    return `/api/v2/instance/${encodeURI(instance).replaceAll('%25', '%')}/webhook${rest}${query}`
  }

  #wish(): string {
    return this.#one([
      ...['code=400', 'code=401', 'code=201', 'code=999', 'example=enabled', 'example=none', 'dynamic=true'],
      ...['dynamic=true, seed=7', 'seed="a, b"', 'example="sev', ';;==', 'code=400, example=severalFaults', 'delay=0'],
    ])
  }

  #body(): string | Uint8Array {
    const kind = this.#next()
    if (kind < 0.05) return ''
    if (kind < 0.1) return Uint8Array.from({ length: 20 }, () => Math.floor(this.#next() * 256))
    const value = kind < 0.2 ? this.#value(0) : this.#webhook()
    const text = JSON.stringify(value) ?? 'undefined'
    if (kind > 0.9) return text.slice(0, Math.floor(this.#next() * text.length))
    return text
  }

  #webhook(): unknown {
    const body: Record<string, unknown> = {}
    const like = (good: unknown): unknown => (this.#chance(0.1) ? this.#value(0) : good)
    if (!this.#chance(0.1)) body.name = like(this.#text())
    if (!this.#chance(0.1)) body.url = like(this.#text())
    if (this.#chance(0.5)) body.enabled = like(this.#chance(0.5))
    for (let more = 0; this.#chance(0.3) && more < 5; more += 1) {
      const flag = this.#one(['chatsDelete', 'newJwt', 'messagesSet', 'webhookId', 'createdAt', 'constructor', ''])
      body[flag] = like(this.#chance(0.5))
    }
    return body
  }

  #value(depth: number): unknown {
    const kind = Math.floor(this.#next() * (depth > 3 ? 6 : 8))
    switch (kind) {
      case 0:
        return null
      case 1:
        return this.#chance(0.5)
      case 2:
        return this.#one([0, -0, 1e308, -1e-308, 2 ** 53, 0.1])
      case 6:
        return Array.from({ length: 3 }, () => this.#value(depth + 1))
      case 7:
        return { [this.#text()]: this.#value(depth + 1) }
      default:
        return this.#text()
    }
  }

  #text(): string {
    return this.#one([
      ...['', 'a', 'Support inbox', 'https://hooks.acme.example/a?b=c#d', '😀🏽', '\ud800', '\u0000', '"\\\n\u2028'],
      ...['\u0000slot 0\u0000', '__proto__', '$ref', '{{name}}', '<script>', 'x'.repeat(2_000)],
    ])
  }

  #chance(share: number): boolean {
    return this.#next() < share
  }

  #one<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.#next() * choices.length)] as T
  }
}

describe.each([...faces])('whatever is asked of the webhook document, $name', ({ talkTo }) => {
  let mock: MockServer
  let talk: Talk
  let judge: AnswerJudge
  beforeAll(async () => {
    mock = await createMock()
    talk = await talkTo(mock)
    judge = await independentJudge(shippedDocument())
  })
  afterAll(() => mock.close())

  it.each([1, 2, 3])('is answered as the document says, seed %i', async seed => {
    const requests = new Requests(seed)
    const objections: unknown[] = []
    const statuses = new Set<number>()
    for (let made = 0; made < perRun; made += 1) {
      const { target, ask } = requests.make()
      if (!isSendable(ask)) continue
      const answer = await talk(target, ask)
      statuses.add(answer.status)
      const why = judge(ask.method ?? 'GET', target, answer)
      if (why.length > 0) objections.push({ target, ask, answer, why })
    }
    expect(objections).toEqual([])
    // A sweep that never got past the credentials would show nothing.
    expect([...statuses]).toEqual(expect.arrayContaining([200, 201, 204, 400, 401, 404, 405]))
  })
})

describe('the judge of this sweep', () => {
  it('objects to answers that break the document', async () => {
    const judge = await independentJudge(shippedDocument())
    const target = '/api/v2/instance/acme/webhook'
    const headers = { 'content-type': 'application/json' }
    const answer = (status: number, json: unknown) => ({ status, headers, json, text: JSON.stringify(json) })
    expect(judge('POST', target, answer(201, { name: 'a' }))).toContain(" must have required property 'url'")
    expect(judge('POST', target, answer(200, {}))).toEqual(['the status 200 is not described'])
    expect(judge('POST', target, answer(400, { statusCode: 400, error: 'a', message: 'b' }))).toEqual([
      '/message must be array',
    ])
    expect(judge('GET', '/nowhere', answer(404, {}))).toEqual(['a 404 is no problem+json'])
    expect(judge('POST', target, answer(401, { statusCode: 401, error: 'a', message: ['b'] }))).toEqual([])
  })
})

/** Neither client sends a field with such a value. */
function isSendable({ headers }: Ask): boolean {
  return Object.values(headers ?? {}).every(value => /^[\t\x20-\x7e\x80-\xff]*$/.test(value))
}
