import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMock, type MockServer } from '../../src/index.ts'
import { type Answer, type Ask, faces, json, mockOf, overFetch, type Talk, thing } from './kit.ts'

const webhooks = '/api/v2/instance/acme-support-br/webhook'

function create(prefer?: string): Ask {
  const headers = { authorization: 'Bearer a-token', ...(prefer !== undefined && { prefer }) }
  return { json: { name: 'Support inbox', url: 'https://a.example' }, headers }
}

describe.each([...faces])('what a request asks of the webhook document, $name', ({ talkTo }) => {
  let mock: MockServer
  let talk: Talk
  beforeAll(async () => {
    mock = await createMock()
    talk = await talkTo(mock)
  })
  afterAll(() => mock.close())

  /** The same wish as a field and in the query. */
  function inBothForms(wish: string): Promise<Answer>[] {
    const query = wish.replace(/(^|, )/g, (_, separator) => `${separator === '' ? '' : '&'}__`)
    return [talk(webhooks, create(wish)), talk(`${webhooks}?${query}`, create())]
  }

  it.each<[string, number, unknown]>([
    ['code=400', 400, { statusCode: 400, message: ['url: is required'] }],
    ['code=401', 401, { statusCode: 401, error: 'Unauthorized' }],
    ['code=201', 201, { name: 'Support inbox' }],
    ['example=enabled', 201, { name: 'Support inbox', enabled: false }],
    ['code=400, example=malformedJson', 400, { message: [expect.stringContaining('JSON')] }],
    ['code=401, example=expiredToken', 401, { message: [expect.stringContaining('expired')] }],
    ['dynamic=true', 201, { name: 'Support inbox', url: 'https://a.example', instanceInstanceId: 'acme-support-br' }],
    ['dynamic=false', 201, { createdAt: '2024-04-14T14:11:05.660Z' }],
    ['dynamic=true, seed=7', 201, { name: 'Support inbox' }],
    ['delay=5', 201, { name: 'Support inbox' }],
  ])('%s is honoured and named', async (wish, status, body) => {
    for (const answer of await Promise.all(inBothForms(wish))) {
      expect(answer).toMatchObject({ status, headers: { 'preference-applied': wish }, json: body })
    }
  })

  it.each(['code=418', 'code=banana', 'example=nobody', 'dynamic=perhaps', 'delay=soon', 'wait=10', ';;,=', ''])(
    '"%s" is passed over',
    async wish => {
      const answer = await talk(webhooks, create(wish))
      expect(answer.status).toBe(201)
      expect(answer.headers).not.toHaveProperty('preference-applied')
    },
  )

  it.each<[string, readonly string[]]>([
    ['code=418', ['201', '400', '401']],
    ['code=banana', ['201', '400', '401']],
    ['example=nobody', ['silent', 'enabled']],
    ['dynamic=perhaps', ['true', 'false']],
    ['delay=soon', ['0 to 60000']],
    ['validate=perhaps', ['true', 'false']],
    ['auth=0', ['true', 'false']],
    ['exmaple=none', ['code', 'example', 'dynamic', 'seed', 'delay', 'validate', 'auth', 'server', 'handling']],
  ])('%s with handling=strict is answered with what is possible', async (wish, possible) => {
    for (const answer of await Promise.all(inBothForms(`${wish}, handling=strict`))) {
      expect(answer).toMatchObject({ status: 400, headers: { 'content-type': 'application/problem+json' } })
      expect(answer.json).toMatchObject({
        title: 'Bad Request',
        possible,
        detail: expect.stringContaining(wish.startsWith('exmaple') ? 'exmaple' : wish),
      })
    }
  })

  it('what is possible is done with handling=strict', async () => {
    const answer = await talk(webhooks, create('code=401, handling=strict'))
    expect(answer).toMatchObject({ status: 401, headers: { 'preference-applied': 'code=401, handling=strict' } })
  })

  it('does not hide that the request is wrong', async () => {
    const ask = { ...create('code=201'), json: {} }
    expect(await talk(webhooks, ask)).toMatchObject({
      status: 400,
      json: { message: ['name: is required', 'url: is required'] },
    })
    expect(await talk(webhooks, { json: {}, headers: { prefer: 'code=201' } })).toMatchObject({ status: 401 })
  })

  it('is taken from the field before the query', async () => {
    expect(await talk(`${webhooks}?__code=400`, create('code=401'))).toMatchObject({ status: 401 })
  })

  it('is the first of what is said twice, in any spelling', async () => {
    expect(await talk(webhooks, create('CODE = 401 ; a=b, code=400'))).toMatchObject({ status: 401 })
  })

  it('may be quoted', async () => {
    const answer = await talk(webhooks, create('example="enabled", seed="a, \\"b\\""'))
    expect(answer.headers).toMatchObject({ 'preference-applied': 'example=enabled, seed="a, \\"b\\""' })
  })

  it.each(['%E2%98%95', 'a%0D%0ASet-Cookie:%20b=c', '%00'])('may hold what no field can repeat: %s', async seed => {
    const answer = await talk(`${webhooks}?__seed=${seed}`, create())
    expect(answer).toMatchObject({ status: 201, headers: { 'preference-applied': 'seed=""' } })
    expect(answer.headers).not.toHaveProperty('set-cookie')
  })
})

describe('wishes in the query', () => {
  it('are not looked for in the path', async () => {
    const responses = { 200: json({ const: 1 }), 404: json({ const: 2 }) }
    const parameters = [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }]
    await using mock = await mockOf({ paths: { '/things/{id}': { get: { parameters, responses } } } })
    expect(await overFetch(mock)('/things/a&__code=404')).toMatchObject({ status: 200 })
  })
})

describe('an example that does not match its schema', () => {
  const examples = { wrong: { value: 'x' }, right: { value: 2 } }
  const document = thing({ responses: { 200: json({ type: 'integer' }, { examples }) } })

  it('is not served when it is asked for, nor is that claimed', async () => {
    await using mock = await mockOf(document)
    const answer = await overFetch(mock)('/thing', { headers: { prefer: 'example=wrong' } })
    expect(answer.json).toBe(2)
    expect(answer.headers).not.toHaveProperty('preference-applied')
  })

  it('is not offered', async () => {
    await using mock = await mockOf(document)
    const answer = await overFetch(mock)('/thing', { headers: { prefer: 'example=wrong, handling=strict' } })
    expect(answer).toMatchObject({ status: 400, json: { possible: ['right'] } })
  })
})

describe('a code out of a range', () => {
  it('is answered with that code', async () => {
    const responses = { 200: json({ const: 1 }), '4XX': json({ const: 2 }), default: json({ const: 3 }) }
    await using mock = await mockOf(thing({ responses }))
    const talk = overFetch(mock)
    const withCode = (code: number): Promise<Answer> => talk('/thing', { headers: { prefer: `code=${code}` } })
    expect(await withCode(404)).toMatchObject({ status: 404, json: 2, headers: { 'preference-applied': 'code=404' } })
    expect(await withCode(503)).toMatchObject({ status: 503, json: 3 })
    expect(await withCode(101)).toMatchObject({ status: 200, json: 1 })
  })
})

describe('an example that only one media type has', () => {
  it('is answered in that media type', async () => {
    const content = {
      'application/json': { examples: { a: { value: 1 } } },
      'text/csv': { examples: { b: { value: 'b' } } },
    }
    await using mock = await mockOf(thing({ responses: { 200: { description: '', content } } }))
    const answer = await overFetch(mock)('/thing', { headers: { prefer: 'example=b' } })
    expect(answer).toMatchObject({ headers: { 'content-type': 'text/csv' }, text: 'b' })
  })
})
