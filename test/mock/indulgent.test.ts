import { describe, expect, it } from 'vitest'
import { createMock } from '../../src/index.ts'
import { type Ask, json, mockOf, overFetch, thing } from './kit.ts'

const webhooks = '/api/v2/instance/acme-support-br/webhook'
const right = { name: 'Support inbox', url: 'https://a.example' }
const token = { authorization: 'Bearer a-token' }

describe('a request that breaks the document', () => {
  it.each<[string, Ask]>([
    ['a missing field', { json: { name: 'Support inbox' } }],
    ['a wrong type', { json: { name: 5, url: [] } }],
    ['malformed JSON', { body: '{"name":', headers: { 'content-type': 'application/json' } }],
    ['another media type', { body: 'name=a', headers: { 'content-type': 'text/csv' } }],
    ['no body', {}],
  ])('is answered as if it were right with validate=false: %s', async (_, ask) => {
    await using mock = await createMock()
    const headers = { ...ask.headers, ...token, prefer: 'validate=false' }
    const answer = await overFetch(mock)(webhooks, { ...ask, headers, method: 'POST' })
    expect(answer).toMatchObject({ status: 201, headers: { 'preference-applied': 'validate=false' } })
    expect(mock.api.operation('createWebhook')?.responseFor(201)?.content[0]?.schema?.mismatches(answer.json)).toEqual(
      [],
    )
  })

  it('still needs credentials', async () => {
    await using mock = await createMock()
    expect(await overFetch(mock)(webhooks, { json: {}, headers: { prefer: 'validate=false' } })).toMatchObject({
      status: 401,
    })
  })

  it('is answered by a whole mock that does not validate, unless it asks for it', async () => {
    await using mock = await createMock(undefined, { validate: false })
    const talk = overFetch(mock)
    expect(await talk(webhooks, { json: {}, headers: token })).toMatchObject({ status: 201 })
    expect(await talk(webhooks, { json: {}, headers: { ...token, prefer: 'validate=true' } })).toMatchObject({
      status: 400,
      json: { message: ['name: is required', 'url: is required'] },
    })
  })

  it('does not get in with a body that is too long to be read', async () => {
    await using mock = await createMock(undefined, { validate: false })
    const answer = await overFetch(mock)(webhooks, { json: { name: 'a'.repeat(2 ** 20) }, headers: token })
    expect(answer.status).toBe(413)
  })
})

describe('a request without credentials', () => {
  it('is let in with auth=false, and is still validated', async () => {
    await using mock = await createMock()
    const talk = overFetch(mock)
    const headers = { prefer: 'auth=false' }
    expect(await talk(webhooks, { json: right, headers })).toMatchObject({
      status: 201,
      headers: { 'preference-applied': 'auth=false' },
    })
    expect(await talk(webhooks, { json: {}, headers })).toMatchObject({ status: 400 })
  })

  it('is let in by a whole mock that asks nobody, unless it wants to be asked', async () => {
    await using mock = await createMock(undefined, { auth: false, bearer: ['only-this'] })
    const talk = overFetch(mock)
    expect(await talk(webhooks, { json: right })).toMatchObject({ status: 201 })
    expect(await talk(webhooks, { json: right, headers: { prefer: 'auth=true' } })).toMatchObject({ status: 401 })
  })
})

describe('a mock that ignores examples', () => {
  const responses = {
    200: json(
      { type: 'object', required: ['id'], properties: { id: { type: 'integer' } } },
      { example: { id: 7, note: 'seen' } },
    ),
  }

  it('generates bodies, the same each time', async () => {
    await using mock = await mockOf(thing({ responses }), { ignoreExamples: true })
    const talk = overFetch(mock)
    const first = await talk('/thing')
    expect(first.json).toMatchObject({ id: expect.any(Number) })
    expect(first.json).not.toHaveProperty('note', 'seen')
    expect((await talk('/thing')).text).toBe(first.text)
  })
})

describe('a deprecated operation', () => {
  const responses = { 200: json({ const: 1 }), 400: json({ const: 2 }) }
  const parameters = [{ name: 'q', in: 'query', schema: { type: 'integer' } }]

  it('says so in each of its answers', async () => {
    await using mock = await mockOf(thing({ responses, parameters, deprecated: true }))
    const talk = overFetch(mock)
    expect(await talk('/thing')).toMatchObject({ status: 200, headers: { deprecation: 'true' } })
    expect(await talk('/thing?q=a')).toMatchObject({ status: 400, headers: { deprecation: 'true' } })
  })

  it('says what the document says, where it describes the field', async () => {
    const headers = { Deprecation: { schema: { type: 'string' }, example: '@1688169599' } }
    await using mock = await mockOf(thing({ responses: { 200: { ...json({ const: 1 }), headers } }, deprecated: true }))
    expect((await overFetch(mock)('/thing')).headers.deprecation).toBe('@1688169599')
  })

  it('is the only one that does', async () => {
    await using mock = await mockOf(thing({ responses }))
    expect((await overFetch(mock)('/thing')).headers).not.toHaveProperty('deprecation')
  })
})

describe('a server that a request names', () => {
  const servers = [
    { url: 'https://{region}.a.example/v1/', variables: { region: { default: 'eu', enum: ['eu', 'us'] } } },
  ]
  const document = { servers, ...thing({ responses: { 200: json({ const: 1 }) } }) }

  it.each(['https://eu.a.example/v1', 'https://us.a.example/v1/'])('is one of the document: %s', async server => {
    await using mock = await mockOf(document)
    expect(await overFetch(mock)(`/thing?__server=${server}`)).toMatchObject({
      status: 200,
      headers: { 'preference-applied': expect.stringContaining('server=') },
    })
  })

  it('is refused when it is none, with those there are', async () => {
    await using mock = await mockOf(document)
    expect(await overFetch(mock)('/thing?__server=https://b.example')).toMatchObject({
      status: 404,
      json: { possible: ['https://eu.a.example/v1', 'https://us.a.example/v1'] },
    })
  })
})

describe('a header field that is to equal something of the request', () => {
  const headers = { 'X-Request-Id': { schema: { type: 'string', maxLength: 8 }, example: 'shown' } }
  const contract = { equal: [['$response.header.X-Request-Id', '$request.header.X-Request-Id']] }
  const document = thing({ responses: { 200: { ...json({ const: 1 }), headers, 'x-contract': contract } } })

  it.each<[string, string | undefined, string]>([
    ['does', 'abc', 'abc'],
    ['is as shown where the request has none', undefined, 'shown'],
    ['is as shown where the schema would not allow it', 'much-too-long', 'shown'],
  ])('%s', async (_, sent, expected) => {
    await using mock = await mockOf(document)
    const ask = sent === undefined ? {} : { headers: { 'x-request-id': sent } }
    expect((await overFetch(mock)('/thing', ask)).headers['x-request-id']).toBe(expected)
  })

  it('does so where no validator can be made of its schema', async () => {
    const unusable = { 'X-Request-Id': { schema: { type: 'string', pattern: '(' } } }
    const responses = { 200: { ...json({ const: 1 }), headers: unusable, 'x-contract': contract } }
    await using mock = await mockOf(thing({ responses }))
    const answer = await overFetch(mock)('/thing', { headers: { 'x-request-id': 'abc' } })
    expect(answer).toMatchObject({ status: 200, headers: { 'x-request-id': 'abc' } })
  })

  it('cannot bring in another field', async () => {
    const value = { equal: [['$response.header.X-Note', '$request.query.note']] }
    await using mock = await mockOf(
      thing({
        parameters: [{ name: 'note', in: 'query', schema: { type: 'string' } }],
        responses: { 200: { ...json({ const: 1 }), 'x-contract': value } },
      }),
    )
    const answer = await overFetch(mock)('/thing?note=a%0D%0ASet-Cookie:%20b=c')
    expect(answer.status).toBe(200)
    expect(answer.headers).not.toHaveProperty('set-cookie')
    expect(answer.headers).not.toHaveProperty('x-note')
  })
})
