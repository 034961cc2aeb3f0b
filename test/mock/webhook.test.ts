import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMock, type MockServer } from '../../src/index.ts'
import { type Ask, faces, type Talk } from './kit.ts'

const webhooks = '/api/v2/instance/acme-support-br/webhook'
const authorized = { authorization: 'Bearer a-token' }
const valid = { name: 'Support inbox', url: 'https://hooks.acme.example/codechat/4f9c2e' }

/** A request to create a webhook, with credentials unless it says otherwise. */
function create(ask: Ask): Ask {
  return { method: 'POST', ...ask, headers: { ...authorized, ...ask.headers } }
}

function text(body: string | Uint8Array): Ask {
  return create({ body, headers: { 'content-type': 'application/json' } })
}

describe.each([...faces])('the shipped webhook document, $name', ({ talkTo }) => {
  let mock: MockServer
  let talk: Talk
  beforeAll(async () => {
    mock = await createMock()
    talk = await talkTo(mock)
  })
  afterAll(() => mock.close())

  describe('a valid create', () => {
    it('is answered 201 with what was sent and the instance of the path', async () => {
      const answer = await talk('/api/v2/instance/inst-7/webhook', create({ json: { ...valid, enabled: true } }))
      expect(answer).toMatchObject({ status: 201, headers: { 'content-type': 'application/json' } })
      expect(answer.json).toMatchObject({ ...valid, enabled: true, instanceInstanceId: 'inst-7' })
    })

    it('counts as not enabled when it does not say', async () => {
      expect((await talk(webhooks, create({ json: valid }))).json).toMatchObject({ enabled: false })
    })

    it('answers every field that the document promises', async () => {
      const { json } = await talk(webhooks, create({ json: valid }))
      expect(json).toEqual({
        ...valid,
        enabled: false,
        webhookId: expect.stringMatching(/^[a-z0-9]{25}$/),
        createdAt: '2024-04-14T14:11:05.660Z',
        updatedAt: '2024-04-14T14:11:05.660Z',
        instanceInstanceId: 'acme-support-br',
        WebhookEvents: expect.objectContaining({ messagesUpsert: true, webhookEventsId: 'clv0vk2tr0004mk08w6d0x3bz' }),
      })
    })

    it('keeps properties it does not know to itself', async () => {
      const { status, json } = await talk(webhooks, create({ json: { ...valid, colour: 'blue' } }))
      expect(status).toBe(201)
      expect(json).not.toHaveProperty('colour')
    })

    it('reads an instance id that is percent-encoded', async () => {
      const { json } = await talk('/api/v2/instance/a%2Fb%20%C3%A9/webhook', create({ json: valid }))
      expect(json).toMatchObject({ instanceInstanceId: 'a/b é' })
    })

    it.each(['application/json; charset=utf-8', 'APPLICATION/JSON', 'application/json;charset="UTF-8"'])(
      'is taken as %s',
      async type => {
        expect(await talk(webhooks, create({ json: valid, headers: { 'content-type': type } }))).toMatchObject({
          status: 201,
        })
      },
    )

    it('may spell field names and the scheme as it likes', async () => {
      const answer = await talk(webhooks, {
        method: 'POST',
        body: JSON.stringify(valid),
        headers: { AUTHORIZATION: 'bEARER a-token', 'CONTENT-Type': 'application/json' },
      })
      expect(answer.status).toBe(201)
    })
  })

  describe('the rest of the family', () => {
    it('lists webhooks that belong to the instance of the path', async () => {
      const { status, json } = await talk('/api/v2/instance/inst-7/webhook', { headers: authorized })
      expect(status).toBe(200)
      expect(json).toMatchObject([{ instanceInstanceId: 'inst-7' }, { instanceInstanceId: 'inst-7' }])
    })

    it('reads the webhook that was asked for', async () => {
      const { status, json } = await talk(`${webhooks}/wh-1`, { headers: authorized })
      expect(status).toBe(200)
      expect(json).toMatchObject({ webhookId: 'wh-1', instanceInstanceId: 'acme-support-br' })
    })

    it('updates what was sent and leaves the rest', async () => {
      const ask = { method: 'PUT', headers: authorized, json: { name: 'Renamed' } }
      const { status, json } = await talk(`${webhooks}/wh-1`, ask)
      expect(status).toBe(201)
      expect(json).toMatchObject({ name: 'Renamed', url: 'https://hooks.acme.example/codechat/b81d07', enabled: true })
    })

    it('defines events as they were sent', async () => {
      const ask = { method: 'PATCH', headers: authorized, json: { newJwt: false, chatsDelete: true } }
      const { status, json } = await talk(`${webhooks}/wh-1/events`, ask)
      expect(status).toBe(200)
      expect(json).toMatchObject({ newJwt: false, chatsDelete: true, qrcodeUpdate: true })
    })
  })

  describe('a create that is refused with 400', () => {
    const invalidUtf8 = Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')])
    const truncatedUtf8 = Buffer.from([0x22, 0xe2, 0x82])
    it.each<[string, Ask, string[]]>([
      ['nothing in it', create({ json: {} }), ['name: is required', 'url: is required']],
      ['no url', create({ json: { name: 'a' } }), ['url: is required']],
      ['null for a name', create({ json: { ...valid, name: null } }), ['name: must be string']],
      ['a number for a name', create({ json: { ...valid, name: 7 } }), ['name: must be string']],
      ['text for enabled', create({ json: { ...valid, enabled: 'true' } }), ['enabled: must be boolean']],
      [
        'three faults',
        create({ json: { name: 1, enabled: 0 } }),
        ['url: is required', 'name: must be string', 'enabled: must be boolean'],
      ],
      ['an array', create({ json: [valid] }), ['body: must be object']],
      ['null', text('null'), ['body: must be object']],
      ['a string', text('"hello"'), ['body: must be object']],
      ['a number', text('42'), ['body: must be object']],
      ['no body', create({ method: 'POST' }), ['body: is required']],
      ['malformed JSON', text('{"name": "a",}'), ['body: is not valid JSON at line 1, column 14']],
      ['JSON that ends too early', text('{"name": '), ['body: is not valid JSON: it ends too early']],
      ['a fault on its third line', text('{\n "name": "a",\n oops'), ['body: is not valid JSON at line 3, column 2']],
      ['bytes that are not UTF-8', text(invalidUtf8), ['body: is not valid UTF-8']],
      ['UTF-8 that is cut off', text(truncatedUtf8), ['body: is not valid UTF-8']],
      [
        'the name as a prototype',
        text('{"__proto__":{"name":"a","url":"b"}}'),
        ['name: is required', 'url: is required'],
      ],
    ])('%s', async (_, ask, message) => {
      const answer = await talk(webhooks, ask)
      expect(answer).toMatchObject({ status: 400, headers: { 'content-type': 'application/json' } })
      expect(answer.json).toEqual({ statusCode: 400, error: 'Bad Request', message })
    })

    it('a body nested a hundred thousand levels deep', async () => {
      const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
      expect((await talk(webhooks, text(deep))).json).toMatchObject({ message: ['body: must be object'] })
      expect((await talk(webhooks, text(`{"name":"a","url":${deep}}`))).json).toMatchObject({
        message: ['url: must be string'],
      })
      expect(await talk(webhooks, text(`{"name":"a","url":"b","more":${deep}}`))).toMatchObject({ status: 201 })
    })

    it('a broken percent escape in the instance id', async () => {
      const answer = await talk('/api/v2/instance/%zz/webhook', create({ json: valid }))
      expect(answer.status).toBe(400)
      expect(answer.json).toMatchObject({
        statusCode: 400,
        message: ['instanceId (path): is not valid percent-encoding'],
      })
    })
  })

  describe('a create without credentials that will do', () => {
    it.each<[string, Record<string, string>, string]>([
      ['none', {}, 'Authorization: is missing'],
      ['another scheme', { authorization: 'Basic YTpi' }, 'Authorization: must use the Bearer scheme'],
      ['no token', { authorization: 'Bearer' }, 'Authorization: has no token after Bearer'],
      ['a token alone', { authorization: 'a-token' }, 'Authorization: must use the Bearer scheme'],
      ['two tokens', { authorization: 'Bearer a b' }, 'Authorization: the token is malformed'],
      ['the key of another API', { 'x-api-key': 'a' }, 'Authorization: is missing'],
    ])('is answered 401: %s', async (_, headers, reason) => {
      const answer = await talk(webhooks, { json: valid, headers })
      expect(answer).toMatchObject({
        status: 401,
        headers: { 'content-type': 'application/json', 'www-authenticate': 'Bearer realm="contrato"' },
      })
      expect(answer.json).toEqual({ statusCode: 401, error: 'Unauthorized', message: [reason] })
    })

    it('is not told what else is wrong', async () => {
      expect((await talk(webhooks, { json: {} })).json).toMatchObject({ message: ['Authorization: is missing'] })
    })
  })

  describe('what the document does not describe is answered as a problem', () => {
    it('404 with the nearest operations', async () => {
      const answer = await talk('/api/v2/instance/a/webhooks', create({ json: valid }))
      expect(answer).toMatchObject({ status: 404, headers: { 'content-type': 'application/problem+json' } })
      expect(answer.json).toMatchObject({
        type: 'about:blank',
        title: 'Not Found',
        status: 404,
        detail: expect.stringContaining('The nearest is POST /api/v2/instance/{instanceId}/webhook'),
      })
    })

    it('405 with the methods that are allowed', async () => {
      const answer = await talk(webhooks, { method: 'DELETE', headers: authorized })
      expect(answer).toMatchObject({
        status: 405,
        headers: { 'content-type': 'application/problem+json', allow: 'GET, POST, HEAD, OPTIONS' },
      })
      expect(answer.json).toMatchObject({ title: 'Method Not Allowed', status: 405 })
    })

    it('413 for a body of more than a mebibyte', async () => {
      const answer = await talk(webhooks, text(`{"name":"${'a'.repeat(1024 * 1024)}","url":"b"}`))
      expect(answer).toMatchObject({ status: 413, headers: { 'content-type': 'application/problem+json' } })
      expect(answer.json).toMatchObject({ status: 413, detail: 'body: is longer than 1048576 bytes' })
    })

    it.each<[string, Record<string, string>, string]>([
      ['another media type', { 'content-type': 'application/xml' }, 'Content-Type: application/xml is not supported'],
      ['a media type that is none', { 'content-type': 'json' }, 'Content-Type: json is not supported'],
      ['another charset', { 'content-type': 'application/json; charset=utf-16' }, 'Content-Type: charset utf-16'],
      ['a coding', { 'content-type': 'application/json', 'content-encoding': 'zstd' }, 'Content-Encoding: zstd'],
    ])('415 for %s', async (_, headers, reason) => {
      const answer = await talk(webhooks, create({ body: JSON.stringify(valid), headers }))
      expect(answer).toMatchObject({ status: 415, headers: { 'content-type': 'application/problem+json' } })
      expect(answer.json).toMatchObject({ status: 415, detail: expect.stringContaining(reason) })
    })

    it('406 when nothing that is offered is acceptable', async () => {
      const answer = await talk(webhooks, create({ json: valid, headers: { accept: 'text/html' } }))
      expect(answer).toMatchObject({ status: 406, headers: { 'content-type': 'application/problem+json' } })
      expect(answer.json).toMatchObject({ status: 406, offered: ['application/json'] })
    })
  })

  it.each(['*/*', 'application/*', 'application/json;q=0.1, text/html', 'application/json; charset=utf-8', ''])(
    'is content with Accept: %s',
    async accept => {
      expect(await talk(webhooks, create({ json: valid, headers: { accept } }))).toMatchObject({ status: 201 })
    },
  )

  describe('HEAD and OPTIONS', () => {
    it('answers HEAD as GET, without the body', async () => {
      const answer = await talk(webhooks, { method: 'HEAD', headers: authorized })
      expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' }, text: '' })
    })

    it('answers HEAD without credentials 401', async () => {
      expect(await talk(webhooks, { method: 'HEAD' })).toMatchObject({ status: 401, text: '' })
    })

    it('lists the methods for OPTIONS, without credentials', async () => {
      const answer = await talk(webhooks, { method: 'OPTIONS' })
      expect(answer).toMatchObject({ status: 204, headers: { allow: 'GET, POST, HEAD, OPTIONS' }, text: '' })
    })
  })
})

describe('the tokens of the shipped webhook document', () => {
  it('are exact when the mock knows them', async () => {
    await using mock = await createMock(undefined, { bearer: ['right', 'also-right'] })
    const talk = await faces[0].talkTo(mock)
    const withToken = (token: string): Promise<{ status: number; json: unknown }> =>
      talk(webhooks, { json: valid, headers: { authorization: `Bearer ${token}` } })
    expect(await withToken('right')).toMatchObject({ status: 201 })
    expect(await withToken('also-right')).toMatchObject({ status: 201 })
    const wrong = await withToken('wrong')
    expect(wrong.status).toBe(401)
    expect(wrong.json).toEqual({
      statusCode: 401,
      error: 'Unauthorized',
      message: ['Authorization: the token is not accepted'],
    })
  })
})
