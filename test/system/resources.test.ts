import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasRedis, type RedisServer, redisServer, until } from '../kit/redis.ts'
import { contrato, interrupt, startMock } from './kit.ts'

const webhooks = '/api/v2/instance/inst-1/webhook'
const crm = { name: 'CRM', url: 'http://127.0.0.1:1/crm' }

async function ask(url: string, line: string, body?: object): Promise<{ status: number; json: unknown }> {
  const [method = '', path = ''] = line.split(' ')
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: 'Bearer any', 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, json: text === '' ? undefined : JSON.parse(text) }
}

type Webhook = { readonly webhookId: string }

describe('contrato mock --state memory', () => {
  it('remembers what is created, and says so', async () => {
    const mock = await startMock(['--state', 'memory'])
    expect(mock.out()).toContain('Remembers what is created in this process, until it ends.')
    const made = (await ask(mock.url, `POST ${webhooks}`, crm)).json as Webhook
    expect((await ask(mock.url, `GET ${webhooks}/${made.webhookId}`)).json).toEqual(made)
    expect((await ask(mock.url, `GET ${webhooks}`)).json).toEqual([made])
    expect((await ask(mock.url, `GET ${webhooks}/nobody`)).status).toBe(400)
    expect((await interrupt(mock)).code).toBe(0)
  })

  it('is refused where several processes answer, and for a word that is none', async () => {
    const several = await contrato(['mock', '--state', 'memory', '--workers', '2'])
    expect([several.code, several.err]).toEqual([
      2,
      expect.stringContaining('--state memory is the memory of one process'),
    ])
    const other = await contrato(['mock', '--state', 'memroy'])
    expect([other.code, other.err]).toEqual([2, expect.stringMatching(/memroy is no address of a Redis, nor "memory"/)])
  })

  it('keeps its document in the eyes of a check, journeys included', async () => {
    const mock = await startMock(['--state', 'memory', '--quiet'])
    const { out, code } = await contrato(['check', '--url', mock.url, '--phases', 'journeys'])
    expect(out).toMatch(/nothing to complain about/)
    expect(out).not.toMatch(/journeys of webhook/)
    expect(code).toBe(0)
    await interrupt(mock)
  })
})

// Debian has it as redis-server.
describe.skipIf(!hasRedis)('contrato mock --state redis://', () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await redisServer()
  })
  afterAll(async () => {
    await redis[Symbol.asyncDispose]()
  })

  it('has what one mock created read, listed and changed at another, and answers with 503 while Redis is away', async () => {
    const words = ['--quiet', '--state', `${redis.url}/1`]
    const [one, other] = await Promise.all([startMock(words), startMock(words)])
    const made = (await ask(one.url, `POST ${webhooks}`, crm)).json as Webhook
    const second = (await ask(other.url, `POST ${webhooks}`, crm)).json as Webhook
    expect((await ask(other.url, `GET ${webhooks}`)).json).toEqual([made, second])
    const target = `${webhooks}/${made.webhookId}`
    const changed = await ask(other.url, `PUT ${target}`, { name: 'New' })
    expect(changed).toMatchObject({ status: 201, json: { ...crm, name: 'New' } })
    expect((await ask(one.url, `GET ${target}`)).json).toEqual(changed.json)
    await Promise.all(
      Array.from({ length: 10 }, (_, at) => ask(at % 2 === 0 ? one.url : other.url, `POST ${webhooks}`, crm)),
    )
    const listed = (await ask(one.url, `GET ${webhooks}`)).json as Webhook[]
    expect(new Set(listed.map(({ webhookId }) => webhookId)).size).toBe(12)

    await redis.stop('SIGKILL')
    const away = await ask(one.url, `GET ${target}`)
    expect(away).toMatchObject({
      status: 503,
      json: { status: 503, detail: expect.stringContaining('cannot be used now') },
    })
    expect((await ask(other.url, `POST ${webhooks}`, crm)).status).toBe(503)
    expect((await ask(one.url, `POST ${webhooks}`, { name: 'CRM' })).status).toBe(400)
    await redis.start()
    await until(async () => (await ask(one.url, `GET ${target}`)).status === 200, 'it is back')
    await until(async () => (await ask(other.url, `GET ${target}`)).status === 200, 'it is back for the other')
    expect((await ask(other.url, `GET ${target}`)).json).toEqual(changed.json)
    await Promise.all([interrupt(one), interrupt(other)])
  })
})
