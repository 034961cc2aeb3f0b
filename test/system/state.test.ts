import { cp, mkdir, readdir, realpath, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { receiver } from '../events/kit.ts'
import { hasRedis, type RedisServer, redisServer, until } from '../kit/redis.ts'
import { contrato, project, start, startMock, temporaryFolder } from './kit.ts'
import { ask, kill, ordering, type Replica, registerAt, replica, type Told, told } from './state-kit.ts'

const event = { event: 'messages.update' }

// Debian has it as redis-server.
describe.skipIf(!hasRedis)('contrato mock --state', () => {
  let redis: RedisServer
  let [one, two, three] = [] as unknown as [Replica, Replica, Replica]
  beforeAll(async () => {
    redis = await redisServer()
    const start = () => replica(`${redis.url}/1`, '--allow-target', '127.0.0.1')
    ;[one, two, three] = await Promise.all([start(), start(), start()])
  }, 60_000)
  afterAll(async () => {
    await kill(one, two, three)
    await redis[Symbol.asyncDispose]()
  })

  it('makes several mocks one: registered at one, triggered at another, told by a third', async () => {
    await using here = await receiver((_, count) => ({ status: count === 3 ? 410 : 200 }))
    const webhooks = await Promise.all(
      [one, two, three].map(async ({ url }) => await (await registerAt(url, here.url)).json()),
    )
    expect(new Set(webhooks.map(({ webhookId }) => webhookId)).size).toBe(3)
    expect(await told(two.url, 'GET /subscriptions')).toHaveLength(3)
    expect((await ask(three.url, 'DELETE /deliveries')).status).toBe(200)
    await registerAt(one.url, here.url)
    expect(await told(two.url, 'GET /subscriptions')).toMatchObject([{ operation: 'createWebhook' }])
    const { out, code } = await contrato(['trigger', 'messages.update', '--url', two.url])
    expect(out).toMatch(/^✔ messagesUpdate → .*: answered 200 \(\d+ ms\)\n$/)
    expect(code).toBe(0)
    const [first] = await told<Told[]>(three.url, 'GET /deliveries')
    expect(first).toMatchObject({ id: 'dlv_1', state: 'delivered', attempts: [{ status: 200 }] })
    expect(await told(one.url, 'POST /deliveries/dlv_1/resend')).toMatchObject({
      id: 'dlv_2',
      eventId: first?.eventId,
      state: 'delivered',
    })
    expect(new Set(here.got.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([first?.eventId]))
    // Whoever wants nothing any more is left alone by all of them.
    expect(await told(one.url, 'POST /events', event)).toMatchObject({ deliveries: [{ state: 'ended' }] })
    expect(await told(three.url, 'POST /events', event)).toMatchObject({
      deliveries: [],
      skipped: [{ why: 'its receiver answered that it wants nothing any more' }],
    })
    expect((await ask(two.url, 'DELETE /deliveries')).status).toBe(200)
    expect(await told(one.url, 'GET /deliveries')).toEqual([])
    expect(await told(three.url, 'GET /subscriptions')).toEqual([])
  })

  it('never calls the Redis that it remembers in', async () => {
    await registerAt(one.url, `http://localhost:${redis.port}/`)
    expect(await told(two.url, 'POST /events', event)).toMatchObject({
      deliveries: [{ state: 'blocked_by_policy', attempts: [{ reason: expect.stringContaining('Redis') }] }],
    })
    expect((await ask(three.url, 'DELETE /deliveries')).status).toBe(200)
  })

  it('moves time on for all of them', async () => {
    await using here = await receiver((_, count) => ({ status: count < 4 ? 500 : 200 }))
    await registerAt(one.url, here.url)
    expect(await told(two.url, 'POST /events', event)).toMatchObject({ deliveries: [{ state: 'waiting' }] })
    await kill(two)
    await told(one.url, 'POST /clock', { by: '6s' })
    expect(here.got).toHaveLength(2)
    await told(one.url, 'POST /clock', { by: '1h' })
    expect(await told(one.url, 'GET /deliveries')).toMatchObject([{ state: 'delivered' }])
    expect(here.got).toHaveLength(4)
  })

  it('loses nothing when Redis restarts, says 503 while it is away, and needs no restart itself', async () => {
    await using here = await receiver(async () => {
      await sleep(30)
      return {}
    })
    // Its default: the disk is asked once in a second.
    await using own = await redisServer('--appendfsync', 'everysec')
    const mocks = await Promise.all([replica(own.url), replica(own.url)])
    const [one, two] = mocks as [Replica, Replica]
    expect((await registerAt(one.url, here.url)).status).toBe(201)
    const response = await ask(two.url, 'POST /events', { ...event, count: 60 }, 'respond-async')
    expect(response.status).toBe(202)
    const { deliveries } = (await response.json()) as { deliveries: Told[] }
    const accepted = deliveries.map(({ eventId }) => eventId)
    await own.written()
    await own.stop('SIGKILL')
    const refused = await ask(one.url, 'POST /events', event)
    expect(refused.status).toBe(503)
    expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    const says = expect.stringMatching(/^Redis at redis:\/\/127\.0\.0\.1:\d+\/0 cannot be used now: /)
    expect(await refused.json()).toMatchObject({ status: 503, detail: says })
    const registering = await registerAt(two.url, here.url)
    expect(registering.status).toBe(503)
    expect(registering.headers.get('retry-after')).toBe('1')
    expect(registering.headers.get('access-control-allow-origin')).toBe('http://page.example')
    expect(await registering.json()).toMatchObject({ status: 503, detail: says })
    const path = '/api/v2/instance/inst-1/webhook'
    const headers = { authorization: 'Bearer any' }
    expect((await fetch(`${one.url}${path}`, { headers })).status).toBe(503)
    expect((await fetch(`${one.url}${path}`)).status).toBe(401)
    await own.start()
    for (const { url } of mocks) {
      await until(async () => (await ask(url, 'GET /subscriptions')).status === 200, 'Redis is back')
    }
    expect(await told(one.url, 'GET /subscriptions')).toHaveLength(1)
    const got = () => new Set(here.got.map(({ headers }) => String(headers['webhook-id'])))
    await until(() => accepted.every(id => got().has(id)), 'everything that was accepted has arrived')
    expect(one.err()).toMatch(/is away\. Registrations and events are answered with 503[\s\S]*is back/)
    await kill(...mocks)
  }, 90_000)

  it('says 503 to an exchange whose event nobody could send, and goes on', async () => {
    await using place = await temporaryFolder()
    await using here = await receiver()
    await using own = await redisServer()
    const file = path.join(place.folder, 'orders.yaml')
    await writeFile(file, ordering)
    const mock = await startMock([file, '--quiet', '--state', own.url])
    const order = () =>
      fetch(`${mock.url}/orders`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ tell: here.url }),
      })
    await own.stop()
    expect((await order()).status).toBe(503)
    expect((await order()).status).toBe(503)
    await own.start()
    await until(async () => (await order()).status === 201, 'Redis is back')
    await until(() => here.got.length === 1, 'the event has arrived')
    mock.child.kill('SIGTERM')
    expect(await mock.ended).toMatchObject({ code: 0 })
  })

  it('says 503 while Redis stands still', async () => {
    await using own = await redisServer()
    const mock = await replica(own.url)
    own.signal('SIGSTOP')
    const refused = await ask(mock.url, 'GET /deliveries')
    expect(refused.status).toBe(503)
    expect(await refused.json()).toMatchObject({ detail: expect.stringContaining('no answer within 150 ms') })
    own.signal('SIGCONT')
    await until(async () => (await ask(mock.url, 'GET /deliveries')).status === 200, 'Redis goes on')
    await kill(mock)
  })

  it('ends when it is asked to while Redis is away, though something is under way', async () => {
    await using here = await receiver(() => new Promise(() => {}))
    await using own = await redisServer()
    const mocks = await Promise.all([replica(own.url), replica(own.url)])
    const [hung, dead] = mocks as [Replica, Replica]
    await registerAt(dead.url, here.url)
    await ask(dead.url, 'POST /events', { ...event, count: 20 }, 'respond-async')
    await until(() => here.got.length > 0, 'something is under way')
    own.signal('SIGSTOP')
    hung.child.kill('SIGTERM')
    expect(await hung.ended).toMatchObject({ code: 0, err: '' })
    own.signal('SIGCONT')
    await until(async () => (await ask(dead.url, 'GET /deliveries')).status === 200, 'Redis goes on')
    // It still is there when the mock begins to end, and is not any more when that is to be noted.
    dead.child.kill('SIGTERM')
    await own.stop('SIGKILL')
    expect(await dead.ended).toMatchObject({ code: 0 })
  })

  it('ends what is under way when it is asked to end', async () => {
    let began = (): void => {}
    const underWay = new Promise<void>(resolve => {
      began = resolve
    })
    await using here = await receiver(async () => {
      began()
      await sleep(500)
      return {}
    })
    const state = `${redis.url}/5`
    const mock = await replica(state)
    await registerAt(mock.url, here.url)
    await ask(mock.url, 'POST /events', { ...event, count: 20 }, 'respond-async')
    await underWay
    mock.child.kill('SIGTERM')
    expect(await mock.ended).toMatchObject({ code: 0, err: '' })
    const begun = here.got.length
    // The others were given back, and are another's at once.
    const other = await replica(state)
    await until(() => here.got.length === 20, 'the rest has arrived')
    expect(begun).toBeGreaterThan(0)
    expect(new Set(here.got.map(({ headers }) => headers['webhook-id'])).size).toBe(20)
    await kill(other)
  })

  it('lets any of several workers send events', async () => {
    await using here = await receiver()
    const mock = await replica(`${redis.url}/6`, '--workers', '2')
    await registerAt(mock.url, here.url)
    for (let count = 1; count <= 4; count += 1) {
      const order = { ...event, set: [{ path: 'data.status', value: 'READ' }] }
      expect(await told(mock.url, 'POST /events', order)).toMatchObject({ deliveries: [{ state: 'delivered' }] })
    }
    expect(await told(mock.url, 'GET /deliveries')).toHaveLength(4)
    mock.child.kill('SIGTERM')
    expect(await mock.ended).toMatchObject({ code: 0 })
  })
})

it('Without the packages that speak with Redis, what to install is said', async () => {
  await using place = await temporaryFolder()
  const modules = path.join(place.folder, 'node_modules')
  await mkdir(modules)
  for (const name of await readdir(path.join(project, 'node_modules'))) {
    if (['bullmq', 'ioredis', '.bin'].includes(name)) continue
    await symlink(path.join(await realpath(path.join(project, 'node_modules')), name), path.join(modules, name))
  }
  for (const name of ['dist', 'openapi', 'package.json']) {
    await cp(path.join(project, name), path.join(place.folder, name), { recursive: true })
  }
  const cli = path.join(place.folder, 'dist/cli.js')
  const { code, err } = await start(process.execPath, [cli, 'mock', '--state', 'redis://:secret@127.0.0.1:1']).ended
  expect(code).toBe(4)
  expect(err).toMatch(/needs bullmq and ioredis, and (bullmq|ioredis) is not installed/)
  expect(err).toContain('npm install --save-dev bullmq@6 ioredis@6')
})

it.each([
  ['localhost:6379', 2, 'is no address of a Redis'],
  ['redis://:secret@127.0.0.1:1', 3, 'No Redis answers at redis://:***@127.0.0.1:1/0'],
])('--state %s ends with %i', async (state, code, says) => {
  const ended = await contrato(['mock', '--port', '0', '--state', state])
  expect(ended).toMatchObject({ code, err: expect.stringContaining(says) })
  expect(ended.err + ended.out).not.toContain('secret')
})

it('Workers that remember nothing together say so when they are asked for events', async () => {
  const mock = await startMock(['--quiet', '--workers', '2'])
  const { code, err } = await contrato(['trigger', 'messages.update', '--url', mock.url])
  expect(code).toBe(3)
  expect(err).toContain('it answered 404, Several processes answer here')
  expect(err).toContain('--state')
  mock.child.kill('SIGTERM')
  await mock.ended
})
