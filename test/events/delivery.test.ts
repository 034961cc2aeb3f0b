import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { Events, profiles } from '../../src/events/index.ts'
import { type CreateMockOptions, createMock } from '../../src/index.ts'
import { memoryStore } from '../../src/store/index.ts'
import { apiOf } from '../kit/index.ts'
import { mockOf, receiver, register } from './kit.ts'

const ping = `
paths: {}
webhooks:
  ping: { post: { requestBody: { content: { application/json: { example: { type: ping, n: 1 } } } }, responses: { 200: { description: ok } } } }
`

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

function pinging(webhookUrl: string, events: CreateMockOptions['events'] = {}) {
  return mockOf(ping, { events: { webhookUrl, secret, ...events } })
}

describe('the profile codechat', () => {
  it('sends what the reference documents: POST, JSON, three header fields and nothing that is not documented', async () => {
    await using mock = await createMock()
    await using here = await receiver()
    await register(mock, here.url, { enabled: true }, 'my-instance')
    await mock.trigger('messages.update')
    const [got] = here.got
    const names = (got?.rawHeaders ?? []).filter((_, at) => at % 2 === 0)
    expect(names.sort()).toEqual([
      'Connection',
      'Content-Length',
      'Content-Type',
      'Host',
      'x-businessId',
      'x-instanceId',
      'x-whatsappId',
    ])
    expect(got?.headers).toMatchObject({
      'content-type': 'application/json',
      'x-businessid': 'acme',
      'x-instanceid': 'my-instance',
      'x-whatsappid': 'clv0ujb9e0001mk08q7s2f4ta',
    })
  })

  it('leaves the account empty while none is paired', async () => {
    await using mock = await createMock()
    await using here = await receiver()
    await register(mock, here.url)
    await mock.trigger('qrcodeUpdate')
    expect(here.got[0]?.headers['x-whatsappid']).toBe('')
  })

  it.each([300, 301, 400, 404, 410, 500, 503])('tries once when it is answered %i', async status => {
    await using mock = await createMock()
    await using here = await receiver(() => ({ status, headers: { location: '/elsewhere' } }))
    await register(mock, here.url)
    const { deliveries } = await mock.trigger('messages.update')
    expect(deliveries).toMatchObject([{ state: 'failed', attempts: [{ status }] }])
    await mock.clock.advance('3d')
    expect(here.got).toHaveLength(1)
  })

  it.each([200, 201, 202, 204, 299])('counts %i as success', async status => {
    await using mock = await createMock()
    await using here = await receiver(() => ({ status }))
    await register(mock, here.url)
    expect((await mock.trigger('messages.update')).deliveries).toMatchObject([{ state: 'delivered' }])
  })
})

describe('the profile standard-webhooks', () => {
  it('signs as the published example', () => {
    const [profile] = profiles.filter(({ name }) => name === 'standard-webhooks')
    const body = Buffer.from('{"test": 2432232314}')
    const fields = profile?.sign(
      { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', event: 'test', body },
      secret,
      new Date(1_614_265_330_000),
    )
    expect(fields).toEqual([
      'webhook-id',
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp',
      '1614265330',
      'webhook-signature',
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    ])
  })

  it('sends what a receiver can verify', async () => {
    await using here = await receiver()
    await using mock = await pinging(here.url)
    await mock.trigger('ping')
    const [got] = here.got
    const headers = got?.headers as Record<string, string>
    expect(new Webhook(secret).verify(got?.text ?? '', headers)).toEqual({ type: 'ping', n: 1 })
    expect(() => new Webhook(secret).verify(`${got?.text} `, headers)).toThrow()
  })

  it('tries again for three days, ever more rarely, with the same id', async () => {
    await using here = await receiver(() => ({ status: 500 }))
    await using mock = await pinging(here.url)
    const { deliveries } = await mock.trigger('ping')
    expect(deliveries).toMatchObject([{ state: 'waiting', nextAt: expect.any(String) }])
    await mock.clock.advance('6s')
    expect(here.got).toHaveLength(2)
    await mock.clock.advance('4m')
    expect(here.got).toHaveLength(2)
    await mock.clock.advance('2m')
    expect(here.got).toHaveLength(3)
    await mock.clock.advance('5d')
    expect(here.got).toHaveLength(10)
    expect(new Set(here.got.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(mock.deliveries).toMatchObject([{ state: 'failed' }])
    expect(mock.deliveries[0]?.attempts).toHaveLength(10)
    const times = mock.deliveries[0]?.attempts.map(({ at }) => Date.parse(at)) ?? []
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(60 * 3_600_000)
  })

  it('stops when it arrived', async () => {
    await using here = await receiver((_, count) => ({ status: count < 3 ? 503 : 204 }))
    await using mock = await pinging(here.url)
    await mock.trigger('ping')
    await mock.clock.advance('1h')
    expect(mock.deliveries).toMatchObject([{ state: 'delivered' }])
    expect(here.got).toHaveLength(3)
  })

  it('waits as long as Retry-After asks', async () => {
    await using here = await receiver((_, count) => ({
      status: count === 1 ? 429 : 200,
      headers: { 'retry-after': '120' },
    }))
    await using mock = await pinging(here.url)
    await mock.trigger('ping')
    await mock.clock.advance('119s')
    expect(here.got).toHaveLength(1)
    await mock.clock.advance('2s')
    expect(here.got).toHaveLength(2)
  })

  it('waits until the date that Retry-After names, and no longer than a day', async () => {
    const inTwoMinutes = new Date(Date.now() + 120_000).toUTCString()
    const asked = [inTwoMinutes, 'Sun, 06 Nov 2094 08:49:37 GMT', 'soon', '-5']
    await using here = await receiver((_, count) => ({
      status: 503,
      headers: { 'retry-after': asked[count - 1] ?? '0' },
    }))
    await using mock = await pinging(here.url)
    await mock.trigger('ping')
    await mock.clock.advance('90s')
    expect(here.got).toHaveLength(1)
    await mock.clock.advance('40s')
    expect(here.got).toHaveLength(2)
    await mock.clock.advance('23h')
    expect(here.got).toHaveLength(2)
    await mock.clock.advance('2h')
    // What is no date counts for nothing: half an hour is the usual wait.
    await mock.clock.advance('40m')
    expect(here.got.length).toBeGreaterThanOrEqual(3)
  })

  it('waits the same in every run, and not the same for every event', async () => {
    await using here = await receiver(() => ({ status: 500 }))
    const waits = async (): Promise<number[]> => {
      await using mock = await pinging(here.url)
      await mock.trigger('ping', { count: 5 })
      return mock.deliveries.map(({ nextAt = '', attempts }) => {
        const [{ at, milliseconds } = { at: '', milliseconds: 0 }] = attempts
        return Math.round((Date.parse(nextAt) - Date.parse(at) - milliseconds) / 100)
      })
    }
    const [one, two] = [await waits(), await waits()]
    expect(new Set(one).size).toBeGreaterThan(1)
    for (const [at, wait] of one.entries()) expect(Math.abs(wait - (two[at] ?? 0))).toBeLessThanOrEqual(1)
  })

  it('sends nothing more to who answers 410', async () => {
    await using here = await receiver(() => ({ status: 410 }))
    await using mock = await createMock(undefined, { events: { profile: 'standard-webhooks' } })
    await register(mock, here.url)
    expect((await mock.trigger('messages.update')).deliveries).toMatchObject([{ state: 'ended' }])
    await mock.clock.advance('3d')
    expect(here.got).toHaveLength(1)
    expect((await mock.trigger('messages.update')).skipped).toEqual([
      { subscription: 'sub_1', why: 'its receiver answered that it wants nothing any more' },
    ])
  })
})

describe.each(['standard-webhooks', 'github', 'stripe'])('the profile %s', name => {
  const profile = profiles.find(each => each.name === name)
  const message = { id: 'msg_1', event: 'ping', body: Buffer.from('{"a":"ä"}') }
  const now = new Date()

  it('verifies what it signs, and nothing else', () => {
    const fields = profile?.sign(message, secret, now) ?? []
    expect(profile?.verify(fields, message.body, secret, now)).toBeUndefined()
    expect(profile?.verify(fields, Buffer.from('{"a":"b"}'), secret, now)).toEqual(expect.any(String))
    expect(profile?.verify(fields, message.body, 'whsec_AAAAAAAAAAAAAAAAAAAAAAAA', now)).toEqual(expect.any(String))
    expect(profile?.verify([], message.body, secret, now)).toMatch(/is missing$/)
  })
})

it('GitHub signs as its documentation shows', () => {
  const github = profiles.find(({ name }) => name === 'github')
  const fields = github?.sign(
    { id: '1', event: 'push', body: Buffer.from('Hello, World!') },
    "It's a Secret to Everybody",
    new Date(),
  )
  expect(fields).toContain('sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17')
})

it('Stripe signs as its own library does', () => {
  const stripe = profiles.find(({ name }) => name === 'stripe')
  const body = Buffer.from('{"id":"evt_test_webhook","object":"event"}')
  const at = new Date(1_614_265_330_000)
  // Source: `webhooks.generateTestHeaderString` of stripe-node 23.1.0.
  const signature = 't=1614265330,v1=3c5817089d739023dd6190f70a3757e04f7a2fd8b5dab12c2e000f51970dccff'
  expect(stripe?.sign({ id: '1', event: 'x', body }, 'whsec_test_secret', at)).toEqual(['Stripe-Signature', signature])
  const fields = [
    'stripe-signature',
    `${signature},v0=6ffbb59b2300aae63f272406069a9788598b792a944a07aba816edb039989a39`,
  ]
  expect(stripe?.verify(fields, body, 'whsec_test_secret', at)).toBeUndefined()
  expect(stripe?.verify(fields, body, 'whsec_test_secret', new Date(at.getTime() + 301_000))).toMatch(/301 seconds old/)
})

describe('the header fields that sign an event', () => {
  const document = (more = '') => `
paths: {}
webhooks:
  issues-opened:
    post:
      parameters:
        - { name: webhook-id, in: header, required: true, schema: { type: string } }
        - { name: Webhook-Signature, in: header, required: true, schema: { type: string }, example: v1,abc }
        - { name: x-hub-signature-256, in: header, schema: { type: string }, example: sha256=6dcb09b5b57875f334f61aebed695e2e4193db5e }
        - { name: Stripe-Signature, in: header, required: true, schema: { type: string } }
        - { name: X-GitHub-Delivery, in: header, required: true, schema: { type: string }, example: 0b989ba4-242f-11e5-81e1-c7b6966d2516 }
        - { name: X-Github-Event, in: header, schema: { type: string }${more} }
      requestBody: { content: { application/json: { example: { action: opened } } } }
      responses: { 200: { description: ok } }
`
  it.each(['standard-webhooks', 'github', 'stripe'])(
    'of %s come once, though the document describes them',
    async name => {
      await using here = await receiver()
      await using mock = await mockOf(document(), { events: { webhookUrl: here.url, secret, profile: name } })
      await mock.trigger('issues-opened')
      const [got] = here.got
      const names = (got?.rawHeaders ?? []).filter((_, at) => at % 2 === 0).map(each => each.toLowerCase())
      expect(names).toHaveLength(new Set(names).size)
      const profile = profiles.find(each => each.name === name)
      const body = Buffer.from(got?.text ?? '')
      expect(profile?.verify(got?.rawHeaders ?? [], body, secret, new Date())).toBeUndefined()
    },
  )

  it('name an event of GitHub as the document says, which calls it otherwise, and each delivery by a GUID', async () => {
    await using here = await receiver()
    const events = { webhookUrl: here.url, secret, profile: 'github' }
    await using stated = await mockOf(document(', example: issues'), { events })
    await using silent = await mockOf(document(), { events })
    await stated.trigger('issues-opened')
    await silent.trigger('issues-opened')
    expect(here.got.map(({ headers }) => headers['x-github-event'])).toEqual(['issues', 'issues-opened'])
    const guids = here.got.map(({ headers }) => String(headers['x-github-delivery']))
    expect(guids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(guids[1]).not.toBe(guids[0])
    await stated.trigger('issues-opened')
    expect(stated.deliveries[0]?.attempts[0]?.request.headers).toContain(guids[0])
  })
})

describe('an attempt', () => {
  it('is told with request, response, time and reason, and without secrets', async () => {
    await using here = await receiver(() => ({ status: 418, headers: { 'set-cookie': 'a=secret' }, body: 'no' }))
    const url = `${here.url.replace('//', '//user:password@')}/hook?api_key=1&apikey=secret`
    await using mock = await pinging(url)
    await mock.trigger('ping')
    const [delivery] = mock.deliveries
    expect(delivery?.attempts[0]).toMatchObject({
      status: 418,
      reason: 'answered 418, which is no success',
      milliseconds: expect.any(Number),
      request: { method: 'POST' },
      response: { body: 'no' },
    })
    expect(JSON.stringify([delivery, await mock.subscriptions()])).not.toMatch(/"[^"]*(=secret|password)/)
    expect(delivery?.attempts[0]?.request.headers).toContain('Basic $TOKEN')
    expect(delivery?.body).toBe('{"type":"ping","n":1}')
  })

  it('hides what a receiver repeats of the secrets in its address', async () => {
    await using here = await receiver(({ url, headers }) => ({
      headers: { 'x-echo': url },
      body: `${url} ${headers.authorization} pass word pass%20word`,
    }))
    await using mock = await pinging(`${here.url.replace('//', '//user:pass%20word@')}/hook?token=s%26cret&a=1`)
    await mock.trigger('ping')
    expect(here.got[0]?.url).toContain('token=s%26cret')
    expect(mock.deliveries[0]?.attempts[0]?.response).toMatchObject({
      headers: expect.arrayContaining(['x-echo', '/hook?token=$TOKEN&a=1']),
      body: '/hook?token=$TOKEN&a=1 Basic $TOKEN $TOKEN $TOKEN',
    })
  })

  it.each([
    ['x-token', true],
    ['client_secret', true],
    ['apiKey', true],
    ['%74oken', true],
    ['sig', true],
    ['X-Auth', true],
    ['monkey', false],
    ['design', false],
    ['author', false],
    ['page', false],
  ])('hides the parameter %s of its address: %s', async (name, isHidden) => {
    await using here = await receiver()
    await using mock = await pinging(`${here.url}/hook?${name}=hidden99&b=2`)
    await mock.trigger('ping')
    expect(here.got[0]?.url).toContain('=hidden99&b=2')
    expect(JSON.stringify(mock.deliveries).includes('hidden99')).toBe(!isHidden)
  })

  it('tells an answer that breaks off as what it is', async () => {
    await using here = await receiver()
    here.server.removeAllListeners('request')
    here.server.on('request', ({ socket }) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'))
    await using mock = await pinging(`${here.url}/hook`)
    await mock.trigger('ping')
    expect(mock.deliveries[0]?.attempts[0]?.reason).toBe('the connection ended in the middle of the answer')
  })

  it.each([
    ['user:password', 'user:password'],
    ['user', 'user:'],
    [':only', ':only'],
    ['p%40t:a%3Ab%zz', 'p@t:a%3Ab%zz'],
    ['J%C3%B6rg:%C3%9F', 'Jörg:ß'],
  ])('carries %s of the address as Basic credentials', async (userinfo, credentials) => {
    await using here = await receiver()
    await using mock = await pinging(`${here.url.replace('//', `//${userinfo}@`)}/hook`)
    await mock.trigger('ping')
    const [got] = here.got
    expect(got?.headers.authorization).toBe(`Basic ${Buffer.from(credentials).toString('base64')}`)
    expect(got?.url).toBe('/hook')
  })

  it('says that a redirect is not followed', async () => {
    await using there = await receiver()
    await using here = await receiver(() => ({ status: 307, headers: { location: there.url } }))
    await using mock = await pinging(here.url)
    await mock.trigger('ping')
    expect(mock.deliveries[0]?.attempts[0]?.reason).toBe('answered 307; redirects are not followed')
    expect(there.got).toEqual([])
  })

  it('says that nobody listens', async () => {
    await using mock = await pinging('http://127.0.0.1:1/')
    await mock.trigger('ping')
    expect(mock.deliveries[0]?.attempts[0]?.reason).toMatch(/ECONNREFUSED/)
  })

  it('reads no more of an answer than it keeps', async () => {
    await using here = await receiver(() => ({ body: 'x'.repeat(5_000_000) }))
    await using mock = await pinging(here.url)
    await mock.trigger('ping')
    expect(mock.deliveries[0]).toMatchObject({ state: 'delivered' })
    expect(mock.deliveries[0]?.attempts[0]?.response?.body).toHaveLength(2_000)
  })

  it('uses no proxy that the environment names', async () => {
    await using proxy = await receiver()
    await using here = await receiver()
    process.env.HTTP_PROXY = proxy.url
    process.env.http_proxy = proxy.url
    try {
      await using mock = await pinging(here.url)
      await mock.trigger('ping')
    } finally {
      delete process.env.HTTP_PROXY
      delete process.env.http_proxy
    }
    expect(proxy.got).toEqual([])
    expect(here.got).toHaveLength(1)
  })

  it('can be made again, with the id that the receiver knows', async () => {
    await using here = await receiver((_, count) => ({ status: count === 1 ? 400 : 200 }))
    await using mock = await createMock()
    await register(mock, here.url)
    const { deliveries } = await mock.trigger('messages.update')
    const server = await mock.listen()
    const again = await fetch(`${server.url}/__contrato/deliveries/${deliveries[0]?.id}/resend`, { method: 'POST' })
    expect(await again.json()).toMatchObject({ state: 'delivered', eventId: deliveries[0]?.eventId })
    expect(here.got[0]?.text).toBe(here.got[1]?.text)
  })
})

it('A receiver that hangs does not keep the mock from ending, which is told', async () => {
  await using slow = await receiver(() => new Promise(() => {}))
  const reasons: string[] = []
  const mock = await pinging(slow.url, { onAttempt: ({ attempts }) => reasons.push(attempts.at(-1)?.reason ?? '') })
  void mock.trigger('ping', { count: 20 })
  await expect.poll(() => slow.got.length, { timeout: 10_000 }).toBe(8)
  await mock.close()
  expect(reasons).toEqual(Array(8).fill('the mock ended before there was an answer'))
})

describe('many deliveries', () => {
  it('to a receiver that is slow hold up nobody else', async () => {
    const held: (() => void)[] = []
    await using slow = await receiver(() => new Promise(resolve => held.push(() => resolve({}))))
    await using quick = await receiver()
    await using mock = await createMock()
    await register(mock, slow.url)
    await register(mock, quick.url)
    const all = mock.trigger('messages.update', { count: 50 })
    await expect.poll(() => quick.got.length, { timeout: 10_000 }).toBe(50)
    expect(slow.got.length).toBeLessThanOrEqual(8)
    expect(slow.got.length).toBeGreaterThan(0)
    const release = setInterval(() => {
      for (const go of held.splice(0)) go()
    }, 5)
    await all
    clearInterval(release)
    expect(slow.got).toHaveLength(50)
  })

  it('are refused when too many wait', async () => {
    await using slow = await receiver(() => new Promise(() => {}))
    const store = memoryStore()
    const events = new Events(await apiOf(ping), { webhookUrl: slow.url }, { store, name: 'events' })
    await events.trigger({ event: 'ping', count: 9_990 })
    await expect(events.trigger({ event: 'ping', count: 20 })).rejects.toThrow(/9990 deliveries wait already/)
    await store.close()
  })

  it('are refused before they are made when they carry too much', async () => {
    await using here = await receiver()
    await using mock = await pinging(here.url)
    const data = { text: 'x'.repeat(1024 * 1024) }
    await expect(mock.trigger('ping', { data, count: 10_000, unchecked: true })).rejects.toThrow(
      'At least 64 deliveries of 64.1 MiB were asked for at once; 64 MiB is the most',
    )
    expect(here.got).toEqual([])
  })

  it('each have an id of their own', async () => {
    await using here = await receiver()
    await using mock = await pinging(here.url)
    await mock.trigger('ping', { count: 20 })
    expect(new Set(here.got.map(({ headers }) => headers['webhook-id'])).size).toBe(20)
  })
})

it('What is no HTTP is a failure with its reason', async () => {
  await using here = await receiver()
  here.server.removeAllListeners('request')
  here.server.on('connection', socket => socket.end('hello\r\n'))
  await using mock = await pinging(here.url)
  await mock.trigger('ping')
  expect(mock.deliveries[0]?.attempts[0]?.reason).toMatch(/is no HTTP|connection ended|ECONNRESET/)
})
