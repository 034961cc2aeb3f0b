import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { hash } from '../../src/generate/index.ts'
import { receiver } from '../events/kit.ts'
import { type RedisServer, until } from '../kit/redis.ts'
import { startMock, temporaryFolder } from './kit.ts'
import { ask, kill, ordering, type Replica, registerAt, type Told } from './state-kit.ts'

export type Torture = {
  readonly redis: RedisServer
  /** Decides what is asked, of whom, and who is killed when; the machine decides the rest. */
  readonly seed: string
  readonly rounds: number
}

/** What came of it. */
export type Tortured = {
  readonly accepted: { readonly events: number; readonly orders: number; readonly registrations: number }
  readonly refused: number
  readonly killed: { readonly mocks: number; readonly redis: number }
  /** Events that came more than once. */
  readonly twice: number
  /** What should not be, a line each. */
  readonly faults: readonly string[]
}

/** Registrations that a mock remembers; the oldest make room beyond. */
const maxRegistrations = 90

/**
 * Kills and starts three mocks and their Redis at random moments, while events are triggered, ordered and registered for, and
 * then looks whether everything that was accepted has come.
 */
export async function torture({ redis, seed, rounds }: Torture): Promise<Tortured> {
  let draws = 0
  const chance = (): number => {
    draws += 1
    return (hash(`${seed}/${draws}`) >>> 0) / 2 ** 32
  }
  const below = (most: number): number => Math.floor(chance() * most)
  await using place = await temporaryFolder()
  const file = path.join(place.folder, 'orders.yaml')
  await writeFile(file, ordering)
  await using here = await receiver(async (_, count) => {
    await sleep(hash(`${seed}/answer/${count}`) & 127)
    return {}
  })
  const words = ['openapi/webhook.yaml', file, '--quiet', '--delivery', 'standard-webhooks', '--state', redis.url]
  const startOne = (): Promise<Replica> => startMock(words)
  const mocks: Replica[] = await Promise.all([startOne(), startOne(), startOne()])
  const faults: string[] = []
  const events = new Set<string>()
  const orders = new Set<string>()
  const ordered = { events: 0, orders: 0 }
  const registrations = { asked: 1, accepted: 1 }
  const killed = { mocks: 0, redis: 0 }
  let refused = 0

  /** Whether it was accepted; a broken answer says neither that it was nor that it was not. */
  const isAccepted = (response: Response | undefined, status: number, what: string): response is Response => {
    if (response?.status === status) return true
    refused += 1
    if (response !== undefined && response.status !== 503) faults.push(`${what} was answered ${response.status}`)
    return false
  }
  const trigger = async (url: string, count: number): Promise<void> => {
    ordered.events += count
    const order = { event: 'messages.update', count }
    const response = await ask(url, 'POST /events', order, 'respond-async').catch(() => undefined)
    if (!isAccepted(response, 202, 'a trigger')) return
    const told = (await response.json().catch(() => ({ deliveries: [] }))) as { readonly deliveries: readonly Told[] }
    for (const { eventId } of told.deliveries) events.add(eventId)
  }
  const order = async (url: string): Promise<void> => {
    ordered.orders += 1
    const at = `/order/${ordered.orders}`
    const body = JSON.stringify({ tell: `${here.url}${at}` })
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${url}/orders`, { method: 'POST', headers, body }).catch(() => undefined)
    if (isAccepted(response, 201, 'an order')) orders.add(at)
  }
  const register = async (url: string): Promise<void> => {
    if (registrations.asked === maxRegistrations) return
    registrations.asked += 1
    const response = await registerAt(url, `${here.url}/never`, false).catch(() => undefined)
    if (isAccepted(response, 201, 'a registration')) registrations.accepted += 1
  }

  const isRegistered = async (): Promise<boolean> => {
    const { status } = await registerAt(mocks[0]?.url ?? '', `${here.url}/hook`)
    // One that was refused may count all the same.
    if (status !== 201) registrations.asked += 1
    return status === 201
  }
  await until(isRegistered, 'the first registration is accepted')
  for (let round = 0; round < rounds; round += 1) {
    const asked: Promise<void>[] = []
    for (let count = 3 + below(6); count > 0; count -= 1) {
      const { url } = mocks[below(mocks.length)] as Replica
      const [what, pause, howMany] = [below(8), below(150), 1 + below(30)]
      const act = what < 4 ? () => trigger(url, howMany) : what < 7 ? () => order(url) : () => register(url)
      asked.push(sleep(pause).then(act))
    }
    // Before anything is accepted, between that and the first attempt, within attempts, after them.
    const killOne = async (at: number, pause: number): Promise<void> => {
      await sleep(pause)
      await kill(mocks[at] as Replica)
      killed.mocks += 1
    }
    const killRedis = async (pause: number, signal: 'SIGTERM' | 'SIGKILL', away: number): Promise<void> => {
      await sleep(pause)
      await redis.stop(signal)
      await sleep(away)
      await redis.start()
      killed.redis += 1
    }
    const victims = new Set(Array.from({ length: below(8) === 0 ? 3 : 1 + below(2) }, () => below(mocks.length)))
    const ends = [...victims].map(at => killOne(at, below(250)))
    if (below(3) === 0) ends.push(killRedis(below(250), below(2) === 0 ? 'SIGTERM' : 'SIGKILL', below(250)))
    await Promise.all([...ends, ...asked])
    for (const [at, { child, err }] of mocks.entries()) {
      if (!victims.has(at) && child.exitCode !== null) faults.push(`a mock ended that nobody had killed: ${err()}`)
    }
    await Promise.all([...victims].map(async at => (mocks[at] = await startOne())))
  }

  const idsAt = (start: string): Map<string, Set<string>> => {
    const found = new Map<string, Set<string>>()
    for (const { url, headers } of here.got) {
      if (!url.startsWith(start)) continue
      const ids = found.get(url) ?? new Set()
      found.set(url, ids.add(String(headers['webhook-id'])))
    }
    return found
  }
  const missing = (): string[] => {
    const came = idsAt('/hook').get('/hook') ?? new Set()
    const told = idsAt('/order/')
    return [...[...events].filter(id => !came.has(id)), ...[...orders].filter(at => !told.has(at))]
  }
  const { url } = mocks[0] as Replica
  await until(() => missing().length === 0, 'everything that was accepted has come', 20_000).catch(() => {
    faults.push(...missing().map(id => `${id} was accepted and did not come`))
  })
  const areDelivered = async (): Promise<boolean> => {
    const response = await ask(url, 'GET /deliveries')
    const deliveries = (await response.json()) as readonly Told[]
    return response.ok && deliveries.every(({ state }) => state === 'delivered')
  }
  await until(areDelivered, 'the log says so').catch(error => faults.push(error.message))
  for (const [at, ids] of idsAt('/order/')) {
    if (ids.size > 1) faults.push(`${at} was told ${ids.size} events`)
  }
  const distinct = idsAt('/hook').get('/hook')?.size ?? 0
  if (distinct > ordered.events) faults.push(`${ordered.events} events were ordered and ${distinct} came`)
  const remembered = ((await (await ask(url, 'GET /subscriptions')).json()) as { readonly operation: string }[]).filter(
    ({ operation }) => operation === 'createWebhook',
  ).length
  if (remembered < registrations.accepted || remembered > registrations.asked) {
    faults.push(`of ${registrations.asked} registrations ${registrations.accepted} were accepted, ${remembered} count`)
  }
  const bodies = new Map<string, string>()
  for (const { headers, text, url: at } of here.got) {
    const id = `${at} ${headers['webhook-id']}`
    if (bodies.has(id) && bodies.get(id) !== text) faults.push(`${id} came with another body`)
    bodies.set(id, text)
  }
  await kill(...mocks)
  return {
    accepted: { events: events.size, orders: orders.size, registrations: registrations.accepted },
    refused,
    killed,
    twice: here.got.length - bodies.size,
    faults,
  }
}
