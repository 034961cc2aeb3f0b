import { describe, expect, it } from 'vitest'
import { createMock } from '../../src/index.ts'
import { type Answer, type Ask, faces, json, mockOf, overFetch, type Talk, thing } from './kit.ts'

const webhooks = '/api/v2/instance/acme-support-br/webhook'
const headers = { authorization: 'Bearer a-token' }

function create(name: string, prefer?: string): Ask {
  return { json: { name, url: 'https://a.example' }, headers: { ...headers, ...(prefer !== undefined && { prefer }) } }
}

/** What identifies an answer apart from the moment it was sent. */
function said({ status, text }: Answer): string {
  return `${status} ${text}`
}

async function idOf(answer: Promise<Answer>): Promise<unknown> {
  return ((await answer).json as { webhookId: unknown }).webhookId
}

async function idsOf(talk: Talk, names: readonly string[]): Promise<unknown[]> {
  const ids: unknown[] = []
  for (const name of names) ids.push(await idOf(talk(webhooks, create(name))))
  return ids
}

describe('the same request', () => {
  it('gets the same bytes from two mocks, whatever they were asked before', async () => {
    await using one = await createMock()
    await using other = await createMock()
    const [left, right] = [overFetch(one), overFetch(other)]
    const asks: [string, Ask][] = [
      [webhooks, { headers }],
      [`${webhooks}/wh-1`, { headers }],
      [webhooks, { headers: { ...headers, prefer: 'dynamic=true' } }],
      [`${webhooks}/wh-2`, { headers: { ...headers, prefer: 'dynamic=true' } }],
      [webhooks, create('a', 'code=400')],
      [webhooks, { json: {}, headers }],
      ['/nowhere', {}],
    ]
    const forth: string[] = []
    for (const [target, ask] of asks) forth.push(said(await left(target, ask)))
    const back: string[] = []
    for (const [target, ask] of [...asks].reverse()) back.unshift(said(await right(target, ask)))
    expect(back).toEqual(forth)
  })

  it('is refused as its own operation says, whichever operation of the same path was asked before', async () => {
    const flag = (required: boolean) => [{ name: 'fields', in: 'query', required, schema: { enum: ['id', 'link'] } }]
    const get = (operationId: string, required: boolean, refusal: string) => ({
      get: { operationId, parameters: flag(required), responses: { '200': json({}), [refusal]: json({}) } },
    })
    const bearer = { type: 'http', scheme: 'bearer' }
    const parts = {
      components: { securitySchemes: { bearer } },
      security: [{ bearer: [] }],
      paths: { '/thing': get('thing', false, '403'), '/thing#link': get('link', true, '401') },
    }
    await using one = await mockOf(parts)
    await using other = await mockOf(parts)
    const [left, right] = [overFetch(one), overFetch(other)]
    expect([(await left('/thing')).status, (await left('/thing?fields=id')).status]).toEqual([403, 401])
    expect([(await right('/thing?fields=id')).status, (await right('/thing')).status]).toEqual([401, 403])
  })

  it('gets the same bytes in process and over a socket', async () => {
    await using one = await createMock()
    await using other = await createMock()
    const inProcess = await faces[0].talkTo(one)
    const overSocket = await faces[1].talkTo(other)
    for (const ask of [create('a'), create('b', 'dynamic=true'), { json: [], headers }, { headers }])
      expect(said(await overSocket(webhooks, ask))).toBe(said(await inProcess(webhooks, ask)))
  })

  it('gets other data for another resource when bodies are generated', async () => {
    await using mock = await createMock(undefined, { dynamic: true })
    const talk = overFetch(mock)
    const [first, second] = [await talk(`${webhooks}/1`, { headers }), await talk(`${webhooks}/2`, { headers })]
    expect(first.json).toMatchObject({ webhookId: '1' })
    expect(second.json).toMatchObject({ webhookId: '2' })
    expect((first.json as { name: string }).name).not.toBe((second.json as { name: string }).name)
  })
})

describe('a value that is to be unique', () => {
  it('is new each time the same request is made', async () => {
    await using mock = await createMock()
    const ids = await idsOf(overFetch(mock), ['a', 'a', 'a'])
    expect(new Set(ids).size).toBe(3)
  })

  it('is the n-th of the n-th repetition, whatever comes between', async () => {
    await using one = await createMock()
    await using other = await createMock()
    const [a1, b1, a2, a3, b2] = await idsOf(overFetch(one), ['a', 'b', 'a', 'a', 'b'])
    expect(await idsOf(overFetch(other), ['b', 'a', 'b', 'a', 'a'])).toEqual([b1, a1, b2, a2, a3])
  })

  it.each([...faces])('never comes twice in 5,000 creates at once, $name', async ({ talkTo }) => {
    await using mock = await createMock()
    const talk = await talkTo(mock)
    const ids = new Set<unknown>()
    for (let batch = 0; batch < 50; batch += 1) {
      const made = Array.from({ length: 100 }, (_, at) => idOf(talk(webhooks, create(`name ${at % 10}`))))
      for (const id of await Promise.all(made)) ids.add(id)
    }
    expect(ids.size).toBe(5_000)
  })

  it.each([
    ['a small number', { type: 'integer' }, 42],
    ['a number that must stay small', { type: 'integer', minimum: 1, maximum: 20_000 }, 42],
    ['a number of sixteen digits', { type: 'integer', minimum: 1e14 }, 123_456_789_012_345],
    ['a short text', { type: 'string' }, 'a'],
    ['a counted text', { type: 'string' }, 'order-7'],
    ['eight digits', { type: 'string', pattern: '^[0-9]{8}$' }, '12345678'],
    ['an ObjectId', { type: 'string', pattern: '^[0-9a-f]{24}$' }, '507f1f77bcf86cd799439011'],
    ['a UUID', { type: 'string', format: 'uuid' }, '3f2b8c1e-5a4d-4e6f-9b7a-1c2d3e4f5a6b'],
    ['a URL', { type: 'string', format: 'uri' }, 'https://a.example/hooks/1'],
    ['an email address', { type: 'string', format: 'email' }, 'jo@a.example'],
    ['a prefixed code', { type: 'string', pattern: '^INV-[0-9]{6}$' }, 'INV-000042'],
  ])('does not come twice in 5,000 creates when it is %s', async (_, schema, example) => {
    const response = json({ type: 'object', properties: { id: schema } }, { example: { id: example } })
    const contract = { unique: ['$response.body#/id'] }
    await using mock = await mockOf(thing({ responses: { 201: { ...response, 'x-contract': contract } } }, 'post'))
    const talk = overFetch(mock)
    const ids = new Set<unknown>()
    for (let made = 0; made < 5_000; made += 1) {
      const answer = await talk(`/thing?n=${made % 100}`, { method: 'POST' })
      ids.add((answer.json as { id: unknown }).id)
    }
    expect(ids.size).toBe(5_000)
  })

  it('is unique in an error too', async () => {
    const schema = { type: 'object', properties: { requestId: { type: 'string' }, message: { type: 'string' } } }
    const error = json(schema, { example: { requestId: 'req-4c1d9a7e20', message: 'No' } })
    const contract = { unique: ['$response.body#/requestId'] }
    const parameters = [{ name: 'n', in: 'query', required: true, schema: { type: 'string' } }]
    const responses = { 200: { description: 'Fine.' }, 400: { ...error, 'x-contract': contract } }
    await using mock = await mockOf(thing({ parameters, responses }))
    const talk = overFetch(mock)
    const ids = [await talk('/thing'), await talk('/thing'), await talk('/thing')].map(
      answer => (answer.json as { requestId: unknown }).requestId,
    )
    expect(new Set(ids).size).toBe(3)
  })
})

describe('a seed', () => {
  const generated = thing({ responses: { 200: json({ type: 'string', minLength: 10 }) } })

  it('of the mock changes what chance comes up with', async () => {
    await using none = await mockOf(generated, { dynamic: true })
    await using one = await mockOf(generated, { dynamic: true, seed: 'one' })
    await using same = await mockOf(generated, { dynamic: true, seed: 'one' })
    await using two = await mockOf(generated, { dynamic: true, seed: 'two' })
    const [a, b, c, d] = await Promise.all(
      [none, one, same, two].map(async mock => (await overFetch(mock)('/thing')).text),
    )
    expect(c).toBe(b)
    expect(new Set([a, b, d]).size).toBe(3)
  })

  it('of a request changes what chance comes up with', async () => {
    await using mock = await mockOf(generated, { dynamic: true })
    const talk = overFetch(mock)
    const withSeed = async (prefer: string): Promise<string> => (await talk('/thing', { headers: { prefer } })).text
    expect(await withSeed('seed=7')).toBe(await withSeed('seed=7'))
    expect(await withSeed('seed=7')).not.toBe(await withSeed('seed=8'))
  })

  it('of the mock changes the ids', async () => {
    await using one = await createMock(undefined, { seed: 'one' })
    await using two = await createMock(undefined, { seed: 'two' })
    expect(await idsOf(overFetch(one), ['a'])).not.toEqual(await idsOf(overFetch(two), ['a']))
  })
})

describe('the clock', () => {
  const error = json(
    { type: 'object', properties: { timestamp: { type: 'string', format: 'date-time' }, message: { type: 'string' } } },
    { example: { timestamp: '2020-01-01T00:00:00Z', message: 'No' } },
  )
  const parameters = [{ name: 'n', in: 'query', required: true, schema: { type: 'string' } }]
  const document = thing({ parameters, responses: { 200: { description: 'Fine.' }, 400: error } })

  it('is what an error says, when it is given', async () => {
    await using mock = await mockOf(document, { now: () => new Date('2024-04-14T14:11:05Z') })
    expect((await overFetch(mock)('/thing')).json).toEqual({
      timestamp: '2024-04-14T14:11:05.000Z',
      message: 'n (query): is required',
    })
  })

  it('is read anew for every error', async () => {
    let hour = 0
    await using mock = await mockOf(document, { now: () => new Date(Date.UTC(2024, 0, 1, hour++)) })
    const talk = overFetch(mock)
    expect((await talk('/thing')).json).toMatchObject({ timestamp: '2024-01-01T00:00:00.000Z' })
    expect((await talk('/thing')).json).toMatchObject({ timestamp: '2024-01-01T01:00:00.000Z' })
  })
})
