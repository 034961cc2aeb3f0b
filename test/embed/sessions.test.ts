import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMock, type MockServer } from '../../src/index.ts'
import { receiver } from '../events/kit.ts'
import { hasRedis, type RedisServer, redisServer, until } from '../kit/redis.ts'

const webhooks = '/api/v2/instance/inst-1/webhook'
const event = 'messages.update'

let redis: RedisServer | undefined
beforeAll(async () => {
  if (hasRedis) redis = await redisServer()
})
afterAll(async () => {
  await redis?.[Symbol.asyncDispose]()
})

let databases = 0
async function newMock(kind: string, answer?: Parameters<typeof receiver>[0]) {
  databases += 1
  const state = kind === 'memory' ? 'memory' : `${redis?.url}/${databases}`
  const mock = await createMock(undefined, { state, events: { profile: 'standard-webhooks' } })
  return { mock, here: await receiver(answer) }
}

type Answer = { readonly status: number; readonly json: readonly { readonly name: string }[] & Record<string, unknown> }

async function ask(mock: MockServer, session: string | undefined, target: string, json?: object): Promise<Answer> {
  const response = await mock.fetch(target, {
    method: json === undefined ? 'GET' : 'POST',
    headers: {
      authorization: 'Bearer any',
      'content-type': 'application/json',
      ...(session !== undefined && { 'contrato-session': session }),
    },
    ...(json !== undefined && { body: JSON.stringify(json) }),
  })
  return { status: response.status, json: (await response.json()) as Answer['json'] }
}

describe.each(['memory', 'redis'])('sessions in %s', kind => {
  // Debian has it as redis-server.
  const test = it.skipIf(kind === 'redis' && !hasRedis)

  test('see what was created in them and nothing else', async () => {
    const { mock, here } = await newMock(kind)
    const names = async (session?: string) => (await ask(mock, session, webhooks)).json.map(({ name }) => name)
    const made = await ask(mock, 'a', webhooks, { name: 'A', url: here.url })
    await ask(mock, 'b', webhooks, { name: 'B', url: here.url })
    await ask(mock, '"b" ', webhooks, { name: 'Quoted', url: here.url })
    await ask(mock, undefined, webhooks, { name: 'None', url: here.url })
    expect(await Promise.all([names('a'), names('b'), names('"b"'), names(), names('c')])).toEqual([
      ['A'],
      ['B'],
      ['Quoted'],
      ['None'],
      [],
    ])
    const target = `${webhooks}/${made.json.webhookId}`
    expect((await ask(mock, 'a', target)).json).toEqual(made.json)
    expect([(await ask(mock, 'b', target)).status, (await ask(mock, undefined, target)).status]).toEqual([400, 400])
    await mock.reset({ session: 'a' })
    expect(await Promise.all([names('a'), names('b'), names()])).toEqual([[], ['B'], ['None']])
    await mock.reset()
    expect(await Promise.all([names('b'), names()])).toEqual([[], []])
    await mock.close()
  })

  test('are a thousand, of which that used longest ago makes room', async () => {
    const { mock, here } = await newMock(kind)
    const count = async (session?: string) => (await ask(mock, session, webhooks)).json.length
    const create = (session?: string) => ask(mock, session, webhooks, { name: 'CRM', url: here.url })
    await create()
    for (let n = 0; n < 1_000; n += 1) await create(`s${n}`)
    expect(await count('nobody')).toBe(0)
    expect([await count('s1'), await count('s2')]).toEqual([1, 1])
    await create('one more')
    expect([await count('s0'), await count('s3'), await count('one more'), await count()]).toEqual([0, 1, 1, 1])
    await mock.close()
  })

  test('keep their events to themselves', async () => {
    const { mock, here } = await newMock(kind)
    for (const session of ['a', 'b', undefined]) {
      await ask(mock, session, webhooks, { name: 'CRM', url: `${here.url}/${session}`, enabled: true })
    }
    expect(await mock.subscriptions()).toHaveLength(3)
    expect(await mock.subscriptions('a')).toMatchObject([{ session: 'a' }])
    const { deliveries } = await mock.trigger(event, { session: 'a' })
    expect(deliveries).toMatchObject([{ session: 'a', state: 'delivered' }])
    await mock.trigger(event)
    await mock.trigger(event, { session: 'nobody' })
    expect(here.got.map(({ url }) => url)).toEqual(['/a', '/undefined'])
    const { url } = await mock.listen()
    const told = async (session: string, path: string, method = 'GET') => {
      const headers = { 'contrato-session': session, 'content-type': 'application/json' }
      const order = method === 'POST' && path === '/events' ? { body: JSON.stringify({ event }) } : {}
      return await (await fetch(`${url}/__contrato${path}`, { method, headers, ...order })).json()
    }
    expect(await told('b', '/events', 'POST')).toMatchObject({ deliveries: [{ session: 'b' }] })
    expect([await told('a', '/deliveries'), await told('b', '/subscriptions')]).toMatchObject([
      [{ session: 'a' }],
      [{ session: 'b' }],
    ])
    await told('b', '/reset', 'POST')
    expect([await told('b', '/deliveries'), await told('b', '/subscriptions')]).toEqual([[], []])
    expect([(await told('', '/deliveries')).length, (await told('', '/subscriptions')).length]).toEqual([2, 2])
    await mock.close()
  })

  test('that are forgotten send nothing any more, be it under way or waiting', async () => {
    let release = (): void => {}
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    const { mock, here } = await newMock(kind, async ({ url }, count) => {
      if (url === '/a' && count > 2) await held
      return { status: 500 }
    })
    for (const session of ['a', 'b']) {
      await ask(mock, session, webhooks, { name: 'CRM', url: `${here.url}/${session}`, enabled: true })
      await mock.trigger(event, { session })
    }
    const underWay = mock.trigger(event, { session: 'a' })
    await until(() => here.got.length === 3, 'one is under way')
    await mock.reset({ session: 'a' })
    expect((await underWay).deliveries.length).toBeLessThan(2)
    release()
    await mock.clock.advance('1h')
    expect(here.got.filter(({ url }) => url === '/a')).toHaveLength(2)
    expect(here.got.filter(({ url }) => url === '/b').length).toBeGreaterThan(2)
    expect(new Set(mock.deliveries.map(({ session }) => session))).toEqual(new Set(['b']))
    await mock.close()
  })
})
