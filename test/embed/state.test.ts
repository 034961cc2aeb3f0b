import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMock, type MockServer } from '../../src/index.ts'
import { receiver, register, send } from '../events/kit.ts'
import { documentOf } from '../kit/index.ts'
import { hasRedis, type RedisServer, redisServer, until } from '../kit/redis.ts'

const event = 'messages.update'
const events = { profile: 'standard-webhooks' }

// Debian has it as redis-server.
describe.skipIf(!hasRedis)('mocks of one process with the same Redis', () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await redisServer()
  })
  afterAll(async () => {
    await redis[Symbol.asyncDispose]()
  })

  /** One that a crowded machine may answer for late. */
  const database = (number: number, { url } = redis): string => `${url}/${number}?timeout=30s`
  const mockAt = (number: number): Promise<MockServer> => createMock(undefined, { state: database(number), events })

  it('are one: registered with one, triggered at the other, without a port', async () => {
    await using here = await receiver()
    await using one = await mockAt(1)
    await using other = await mockAt(1)
    const ids = [await register(one, here.url), await register(other, `${here.url}/b`)]
    expect(new Set(ids).size).toBe(2)
    expect(await other.subscriptions()).toEqual(await one.subscriptions())
    const { deliveries } = await other.trigger(event)
    expect(deliveries.map(({ id, state }) => [id, state])).toEqual([
      ['dlv_1', 'delivered'],
      ['dlv_2', 'delivered'],
    ])
    expect(other.deliveries).toEqual(deliveries)
    expect(one.deliveries).toEqual([])
    expect(here.got).toHaveLength(2)
  })

  it('send what the other accepted before it was closed', async () => {
    await using here = await receiver((_, count) => ({ status: count === 1 ? 500 : 200 }))
    const one = await mockAt(2)
    await register(one, here.url)
    expect((await one.trigger(event)).deliveries).toMatchObject([{ state: 'waiting' }])
    await one.close()
    await one.close()
    await using other = await mockAt(2)
    await other.clock.advance('1h')
    expect(here.got).toHaveLength(2)
    expect(here.got[1]?.headers['webhook-id']).toBe(here.got[0]?.headers['webhook-id'])
  })

  it('forget together', async () => {
    await using here = await receiver((_, count) => ({ status: count < 3 ? 500 : 200 }))
    const mocks = await Promise.all([mockAt(5), mockAt(5)])
    const [one, other] = mocks as [MockServer, MockServer]
    const left = async (mock: MockServer) => {
      const { body } = await send(mock, 'GET /api/v2/instance/inst-1/webhook')
      return [Object.keys(body).length, (await mock.subscriptions()).length]
    }
    await register(one, here.url)
    await one.trigger(event)
    await one.clock.advance('10s')
    expect(here.got).toHaveLength(2)
    expect(await left(other)).toEqual([1, 1])
    await other.reset()
    expect(await Promise.all(mocks.map(left))).toEqual([
      [0, 0],
      [0, 0],
    ])
    await one.clock.advance('3d')
    expect(here.got).toHaveLength(2)
    await register(one, here.url)
    expect((await one.trigger(event)).deliveries).toMatchObject([{ state: 'delivered' }])
    // What it had sent before is forgotten too, by whom it was sent.
    expect(one.deliveries).toHaveLength(1)
    await Promise.all(mocks.map(mock => mock.close()))
  })

  it('are two for two documents of different titles', async () => {
    const document = await documentOf(`openapi: 3.1.0\ninfo: { title: Other, version: '1' }\npaths: {}\n`)
    await using one = await mockAt(3)
    await using other = await createMock(document, { state: database(3) })
    await register(one, 'http://127.0.0.1:1')
    expect(await other.subscriptions()).toEqual([])
  })

  it('answer with 503 while it is away, which is told to onNotice', async () => {
    const notices: string[] = []
    await using own = await redisServer()
    await using mock = await createMock(undefined, {
      state: database(0, own),
      onNotice: notice => notices.push(notice),
    })
    await own.stop()
    await expect(register(mock, 'http://127.0.0.1:1')).rejects.toThrow(/503.*cannot be used now/)
    await expect(mock.trigger(event)).rejects.toMatchObject({ exitCode: 4 })
    await own.start()
    const registered = () =>
      register(mock, 'http://127.0.0.1:1').then(
        () => true,
        () => false,
      )
    await until(registered, 'it is back')
    expect(notices).toEqual([expect.stringContaining('is away'), expect.stringContaining('is back')])
  })

  it('let go of it when they cannot be made', async () => {
    const made = createMock(undefined, { state: database(4), events: { profile: 'pigeon' } })
    await expect(made).rejects.toThrow('pigeon is not a way to deliver events')
  })
})

it.each([
  ['localhost:6379', 2, 'is no address of a Redis'],
  ['redis://127.0.0.1:1?timeout=soon', 2, 'has the timeout "soon"; it takes one from 10ms to 60s, as ?timeout=2s'],
  ['redis://:secret@127.0.0.1:1', 3, 'No Redis answers at redis://:***@127.0.0.1:1/0'],
])('a mock is not made with the state %s', async (state, exitCode, says) => {
  const made = createMock(undefined, { state })
  await expect(made).rejects.toMatchObject({ exitCode, message: expect.stringContaining(says) })
})
