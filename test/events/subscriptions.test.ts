import { describe, expect, it } from 'vitest'
import { createMock } from '../../src/index.ts'
import { mockOf, receiver, register, send } from './kit.ts'

describe('a webhook of the shipped document', () => {
  it('gets what it registered for', async () => {
    await using mock = await createMock()
    await using here = await receiver()
    await register(mock, `${here.url}/hook?x=1`)
    const { deliveries, skipped } = await mock.trigger('messages.upsert')
    expect(skipped).toEqual([])
    expect(deliveries).toMatchObject([{ state: 'delivered', event: 'messagesUpsert', attempts: [{ status: 200 }] }])
    expect(here.got).toHaveLength(1)
    expect(here.got[0]).toMatchObject({ method: 'POST', url: '/hook?x=1' })
    expect(JSON.parse(here.got[0]?.text ?? '')).toMatchObject({
      event: 'messages.upsert',
      instance: { instanceId: 'inst-1' },
    })
  })

  it.each([
    [
      'http://user:pass@127.0.0.1:1/hook?x=1&token=abc&api_key=def#top',
      'http://***@127.0.0.1:1/hook?x=1&token=$TOKEN&api_key=$TOKEN',
    ],
    ['http://127.0.0.1:1', 'http://127.0.0.1:1'],
  ])('is listed with its address %s, without secrets', async (url, shown) => {
    await using mock = await createMock()
    await register(mock, url)
    const [subscription] = await mock.subscriptions()
    expect(subscription?.events[0]).toMatchObject({ url: shown })
  })

  it.each(['messagesUpsert', 'messages.upsert', 'MESSAGES_UPSERT', 'onMessagesUpsert'])(
    'is told by the name %s',
    async name => {
      await using mock = await createMock()
      await using here = await receiver()
      await register(mock, here.url)
      expect((await mock.trigger(name)).deliveries).toMatchObject([{ event: 'messagesUpsert', state: 'delivered' }])
    },
  )

  it.each(['qrcode.updated', 'qrcode.update'])('is told of the QR code by the name %s', async name => {
    await using mock = await createMock()
    await using here = await receiver()
    await register(mock, here.url)
    expect((await mock.trigger(name)).deliveries).toMatchObject([{ event: 'qrcodeUpdate' }])
  })

  it('gets nothing unless it is enabled', async () => {
    await using mock = await createMock()
    await using here = await receiver()
    await register(mock, here.url, {})
    const { deliveries, skipped } = await mock.trigger('messages.upsert')
    expect(deliveries).toEqual([])
    expect(skipped).toEqual([{ subscription: 'sub_1', why: '$response.body#/enabled is not true' }])
    expect(here.got).toEqual([])
  })

  it('gets nothing when it was refused', async () => {
    await using mock = await createMock()
    expect((await send(mock, 'POST /api/v2/instance/i/webhook', { url: 'http://127.0.0.1:1' })).status).toBe(400)
    expect(await mock.subscriptions()).toEqual([])
  })

  it('is switched by an update, which keeps the address that it does not name', async () => {
    await using mock = await createMock()
    await using here = await receiver()
    const id = await register(mock, here.url)
    const path = `/api/v2/instance/inst-1/webhook/${id}`
    await send(mock, `PUT ${path}`, { name: 'CRM', enabled: false })
    expect((await mock.trigger('messages.upsert')).deliveries).toEqual([])
    await send(mock, `PUT ${path}`, { name: 'CRM', enabled: true })
    expect((await mock.trigger('messages.upsert')).deliveries).toMatchObject([{ state: 'delivered' }])
    await send(mock, `PUT ${path}`, { name: 'CRM', url: `${here.url}/moved` })
    await mock.trigger('messages.upsert')
    expect(here.got.map(({ url }) => url)).toEqual(['/', '/moved'])
  })

  it('chooses its events, each by its flag', async () => {
    await using mock = await createMock()
    await using here = await receiver()
    const id = await register(mock, here.url)
    await send(mock, `PATCH /api/v2/instance/inst-1/webhook/${id}/events`, { messagesUpsert: false })
    expect((await mock.trigger('messages.upsert')).skipped).toEqual([
      { subscription: 'sub_1', why: '$response.body#/WebhookEvents/messagesUpsert is not true' },
    ])
    expect((await mock.trigger('messages.update')).deliveries).toHaveLength(1)
    await send(mock, `PATCH /api/v2/instance/inst-1/webhook/${id}/events`, { messagesUpsert: true })
    expect((await mock.trigger('messages.upsert')).deliveries).toHaveLength(1)
  })

  it('is not changed under the name of another instance', async () => {
    await using mock = await createMock()
    await using here = await receiver()
    const id = await register(mock, here.url)
    await send(mock, `PUT /api/v2/instance/inst-2/webhook/${id}`, { name: 'CRM', enabled: false })
    expect((await mock.trigger('messages.upsert')).deliveries).toHaveLength(1)
  })

  it('gets an event whose flag no example shows, because its default is true', async () => {
    await using mock = await createMock()
    await using here = await receiver()
    await register(mock, here.url)
    expect((await mock.trigger('chats.delete')).deliveries).toHaveLength(1)
  })

  it('gets every event of the document', async () => {
    await using mock = await createMock()
    await using here = await receiver()
    await register(mock, here.url)
    const [subscription] = await mock.subscriptions()
    expect(subscription?.events).toHaveLength(19)
    for (const { event } of subscription?.events ?? []) {
      expect((await mock.trigger(event)).deliveries, event).toMatchObject([{ state: 'delivered' }])
    }
  })

  it('is refused an event that nobody knows, with those that there are', async () => {
    await using mock = await createMock()
    await expect(mock.trigger('messages.exploded')).rejects.toMatchObject({
      message: 'messages.exploded is not an event of CodeChat webhooks',
      help: expect.stringMatching(/^There are .*messages\.upsert/),
    })
    await expect(mock.trigger('mesages.upsrt')).rejects.toMatchObject({
      help: expect.stringMatching(/^Did you mean messages\.upsert\? There are /),
    })
  })
})

const hooks = (rest: string): string => `
paths:
  /hooks:
    post:
      operationId: addHook
      parameters:
        - { name: to, in: query, schema: { type: string } }
        - { name: X-Callback, in: header, schema: { type: string } }
      requestBody: { content: { application/json: { schema: { type: object } } } }
      responses: { '201': { description: Made, content: { application/json: { example: { id: h1, at: 'AT' } } } } }
${rest}`

const call =
  '{ post: { requestBody: { content: { application/json: { example: { hello: 1 } } } }, responses: { 200: { description: ok } } } }'

describe('the address of a callback', () => {
  it.each([
    ['{$request.body#/url}', '/body'],
    ['$request.body#/url', '/body'],
    ['{$request.body#/url}/deep?id={$response.body#/id}', '/body/deep?id=h1'],
    ['{$request.query.to}', '/query'],
    ['{$request.header.x-callback}', '/header'],
    ['{$request.body#/url}?of={$url}', '/body?of=http%3A%2F%2Fmock%2Fhooks%3Fto%3D'],
    ['{$request.body#/url}/{$method}/{$statusCode}', '/body/POST/201'],
    ['{$request.header.X-CALLBACK}', '/header'],
    ['{$request.body#/a~1b}', '/slash'],
    ['{$request.body#/list/1/m~0n}', '/tilde'],
    [
      '{$request.body#/url}?at={$response.body#/at}&type={$response.header.Content-Type}',
      '/body?at=AT&type=application%2Fjson',
    ],
  ])('is read from %s', async (template, expected) => {
    await using here = await receiver()
    await using mock = await mockOf(hooks(`      callbacks: { told: { '${template}': ${call} } }`))
    const response = await mock.fetch(`/hooks?to=${encodeURIComponent(`${here.url}/query`)}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-callback': `${here.url}/header` },
      body: JSON.stringify({
        url: `${here.url}/body`,
        'a/b': `${here.url}/slash`,
        list: [0, { 'm~n': `${here.url}/tilde` }],
      }),
    })
    expect(response.status).toBe(201)
    await mock.trigger('told')
    expect(here.got[0]?.url).toMatch(new RegExp(`^${expected.replace(/[?]/g, '\\?')}`))
  })

  it.each([
    [{}, 'the exchange has no address for it: $request.body#/url is not there'],
    [{ url: 'nonsense' }, 'nonsense is no URL'],
    [{ url: 5 }, '5 is no URL'],
    [{ url: null }, 'the exchange has no address for it: $request.body#/url is null'],
    [{ url: [{}] }, 'the exchange has no address for it: $request.body#/url is an array'],
  ])('is missing in %j, which is said and harms nobody', async (body, why) => {
    await using mock = await mockOf(hooks(`      callbacks: { told: { '{$request.body#/url}': ${call} } }`))
    await send(mock, 'POST /hooks', body)
    expect((await mock.trigger('told')).skipped).toEqual([{ subscription: 'sub_1', why }])
  })

  it.each(['ftp://127.0.0.1/x', 'file:///etc/passwd', 'javascript:1'])('is not called when it is %s', async url => {
    await using mock = await mockOf(hooks(`      callbacks: { told: { '{$request.body#/url}': ${call} } }`))
    await send(mock, 'POST /hooks', { url })
    expect((await mock.trigger('told')).deliveries).toMatchObject([{ state: 'blocked_by_policy' }])
  })
})

describe('subscriptions of other documents', () => {
  const document = `${hooks(`      callbacks: { told: { '{$request.body#/url}': ${call} } }`)}
  /hooks/{id}:
    parameters: [ { name: id, in: path, required: true, schema: { type: string } } ]
    put: { requestBody: { content: { application/json: {} } }, responses: { '200': { description: ok } } }
    delete: { responses: { '204': { description: Gone } } }
webhooks:
  ping: ${call}
`

  it('end when the thing that was created is removed', async () => {
    await using mock = await mockOf(document)
    await send(mock, 'POST /hooks', { url: 'http://127.0.0.1:1' })
    expect(await mock.subscriptions()).toHaveLength(1)
    await send(mock, 'DELETE /hooks/other')
    expect(await mock.subscriptions()).toHaveLength(1)
    await send(mock, 'DELETE /hooks/h1')
    expect(await mock.subscriptions()).toEqual([])
  })

  it('move when the thing that was created is changed', async () => {
    await using here = await receiver()
    await using mock = await mockOf(document)
    await send(mock, 'POST /hooks', { url: 'http://127.0.0.1:1' })
    await send(mock, 'PUT /hooks/h1', { url: here.url })
    expect((await mock.trigger('told')).deliveries).toMatchObject([{ state: 'delivered' }])
  })

  it('get the webhooks of the document, unless these have an address of their own', async () => {
    await using here = await receiver()
    await using mock = await mockOf(document)
    await send(mock, 'POST /hooks', { url: `${here.url}/theirs` })
    await mock.trigger('ping')
    await using other = await mockOf(document, { events: { webhookUrl: `${here.url}/agreed` } })
    await other.trigger('ping')
    expect(here.got.map(({ url }) => url)).toEqual(['/theirs', '/agreed'])
  })

  it('are the newest hundred, whatever is asked of the mock', async () => {
    await using mock = await mockOf(document.replace("example: { id: h1, at: 'AT' }", 'schema: { type: object }'))
    for (let at = 0; at < 250; at += 1) await send(mock, 'POST /hooks', { url: `http://127.0.0.1:1/${at}` })
    const subscriptions = await mock.subscriptions()
    expect(subscriptions).toHaveLength(100)
    expect(subscriptions.at(-1)?.events).toEqual([{ event: 'told', url: 'http://127.0.0.1:1/249' }])
    expect(subscriptions[0]?.events).toEqual([{ event: 'told', url: 'http://127.0.0.1:1/150' }])
  })
})

it('A registration that names a private address is accepted without a word to that address', async () => {
  await using mock = await createMock()
  await register(mock, 'http://169.254.169.254/latest/meta-data')
  expect(mock.deliveries).toEqual([])
})
