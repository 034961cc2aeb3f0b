import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Doing, type Job, type Jobs, memoryStore, openStore, type Store } from '../../src/store/index.ts'
import { farAway, hasRedis, type RedisServer, redisServer, until } from '../kit/redis.ts'

type Told = { readonly id: string; readonly at: readonly number[]; readonly state: string }
type Task = { readonly says: string }
type Once = Doing<Task, Told>['once']

const asWritten = {
  sizeOf: ({ says }: Task) => says.length,
  write: (task: Task) => task,
  read: (written: unknown) => written as Task,
}

let redis: RedisServer | undefined
beforeAll(async () => {
  if (hasRedis) redis = await redisServer()
})
afterAll(async () => {
  await redis?.[Symbol.asyncDispose]()
})

let stores = 0
async function newStore(kind: string): Promise<Store> {
  stores += 1
  return kind === 'memory' ? memoryStore() : await openStore(`${redis?.url}?timeout=5s`, `test-${stores}`)
}

function jobsOf(store: Store, once: Once): Jobs<Task, Told> {
  const jobs = store.jobs<Task, Told>('jobs', { once, ...asWritten })
  jobs.start()
  return jobs
}

function job(number: number, lane = 'a'): Job<Task, Told> {
  const id = `job_${number}`
  return { id, lane, task: { says: `${number}` }, told: { id, at: [], state: 'waiting' } }
}

function numbered(from: number, to: number, lane?: string): Job<Task, Told>[] {
  return Array.from({ length: to - from + 1 }, (_, at) => job(from + at, lane))
}

const ids = (told: readonly Told[]): string[] => told.map(({ id }) => id)

/** Does a job at once, and again after each of these milliseconds. */
function repeated(...waits: readonly number[]): Once {
  return async ({ told }, now) => {
    const again = waits[told.at.length]
    const state = again === undefined ? 'done' : 'waiting'
    return { told: { ...told, at: [...told.at, now()], state }, ...(again !== undefined && { again }) }
  }
}

const kinds = ['memory', 'redis'] as const

describe.each(kinds)('a store in %s', kind => {
  // Debian has it as redis-server.
  const test = it.skipIf(kind === 'redis' && !hasRedis)

  test('keeps the names that were used last, and says which make room', async () => {
    const store = await newStore(kind)
    const recent = store.recent('names', 3)
    const gone: string[][] = []
    for (const name of ['a', 'b', 'c', 'b', 'd', 'e']) gone.push([...(await recent.use(name, true))])
    // Of what is not kept, reading it makes nothing.
    gone.push([...(await recent.use('nobody', false))], [...(await recent.use('f', true))])
    expect(gone.flat().length).toBe(3)
    expect(gone.flat()).not.toContain('nobody')
    expect(new Set(gone.slice(0, 4).flat())).toEqual(new Set())
    expect(await store.recent('others', 3).use('a', true)).toEqual([])
    await store.close()
  })

  test('gives every number once', async () => {
    const store = await newStore(kind)
    expect([await store.numbers('a', 1), await store.numbers('a', 3), await store.numbers('a', 1)]).toEqual([1, 2, 5])
    expect(await store.numbers('b', 1)).toBe(1)
    await store.close()
  })

  test('keeps things in their order, changes, removes and forgets them', async () => {
    const store = await newStore(kind)
    const shelf = store.shelf<{ readonly n: number }>('things', 100)
    for (const [n, key] of ['c', 'a', 'b'].entries()) await shelf.change(key, () => ({ n }))
    await shelf.change('c', before => before && { n: before.n + 10 })
    await shelf.change('a', () => undefined)
    await shelf.change('nobody', () => undefined)
    expect(await shelf.all()).toEqual([
      ['c', { n: 10 }],
      ['b', { n: 2 }],
    ])
    expect(await store.shelf('others', 100).all()).toEqual([])
    await shelf.clear()
    expect(await shelf.all()).toEqual([])
    await store.close()
  })

  test('keeps the newest things', async () => {
    const store = await newStore(kind)
    const shelf = store.shelf<number>('things', 3)
    for (let n = 1; n <= 5; n += 1) await shelf.change(`key ${n}`, () => n)
    expect((await shelf.all()).map(([, n]) => n)).toEqual([3, 4, 5])
    await store.close()
  })

  test('keeps as many as it is told to', async () => {
    const store = await newStore(kind)
    const shelf = store.shelf<number>('things', 10_000)
    for (let from = 1; from <= 9_000; from += 500) {
      await Promise.all(Array.from({ length: 500 }, (_, at) => shelf.change(`key ${from + at}`, () => from + at)))
    }
    const all = await shelf.all()
    expect([all.length, all[0], all.at(-1)]).toEqual([9_000, ['key 1', 1], ['key 9000', 9_000]])
    await store.close()
  })

  test('loses no change where several come at once', async () => {
    const store = await newStore(kind)
    const shelf = store.shelf<number>('things', 3)
    await Promise.all(Array.from({ length: 20 }, () => shelf.change('sum', (before = 0) => before + 1)))
    expect(await shelf.all()).toEqual([['sum', 20]])
    await store.close()
  })

  test('does jobs and tells what they have come to', async () => {
    const store = await newStore(kind)
    const jobs = jobsOf(store, repeated())
    await jobs.add(numbered(1, 30))
    expect((await jobs.tried(['job_30', 'job_1'])).map(({ id, state }) => `${id} ${state}`)).toEqual([
      'job_30 done',
      'job_1 done',
    ])
    await jobs.settled()
    expect(ids(await jobs.all())).toEqual(ids(numbered(1, 30).map(({ told }) => told)))
    expect(jobs.known).toHaveLength(30)
    expect(await jobs.get('job_7')).toMatchObject({ lane: 'a', task: { says: '7' }, told: { state: 'done' } })
    expect(await jobs.get('job_31')).toBeUndefined()
    expect(await jobs.tried(['job_31'])).toEqual([])
    await store.close()
  })

  test('does a job again when that is due, by a clock that can be moved on', async () => {
    const store = await newStore(kind)
    const jobs = jobsOf(store, repeated(60_000, 3_600_000, 86_400_000))
    await jobs.add([job(1)])
    expect(await jobs.tried(['job_1'])).toMatchObject([{ state: 'waiting' }])
    const tries = async () => (await jobs.all())[0]?.at ?? []
    await jobs.advance('59s')
    expect(await tries()).toHaveLength(1)
    await jobs.advance('2s')
    expect(await tries()).toHaveLength(2)
    await jobs.advance('2h')
    expect(await tries()).toHaveLength(3)
    await jobs.advance('3d')
    expect(await tries()).toHaveLength(4)
    expect(await jobs.all()).toMatchObject([{ state: 'done' }])
    const [first = 0, second = 0, third = 0] = await tries()
    expect(second - first).toBeGreaterThanOrEqual(60_000)
    expect(third - second).toBeGreaterThanOrEqual(3_600_000)
    await expect(jobs.advance('soon')).rejects.toThrow('soon is not a duration')
    await store.close()
  })

  test('does a job again by itself', async () => {
    const store = await newStore(kind)
    const jobs = jobsOf(store, repeated(20, 20))
    await jobs.add([job(1)])
    await until(async () => (await jobs.all())[0]?.state === 'done', 'the job is done')
    expect((await jobs.all())[0]?.at).toHaveLength(3)
    await store.close()
  })

  test('lets no lane hold up another, nor do too much of one at once', async () => {
    const store = await newStore(kind)
    let release = (): void => {}
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    let most = 0
    let slow = 0
    const done: string[] = []
    const jobs = jobsOf(store, async ({ id, lane, told }) => {
      if (lane === 'slow') {
        slow += 1
        most = Math.max(most, slow)
        await held
        slow -= 1
      }
      done.push(id)
      return { told: { ...told, state: 'done' } }
    })
    await jobs.add(numbered(1, 400, 'slow'))
    await jobs.add(numbered(401, 440, 'quick'))
    expect(await jobs.tried(ids(numbered(401, 440).map(({ told }) => told)))).toHaveLength(40)
    expect(done).toHaveLength(40)
    release()
    await jobs.settled()
    expect(done).toHaveLength(440)
    expect(new Set(done).size).toBe(440)
    expect(most).toBe(8)
    await store.close()
  })

  test('forgets what is cleared, and does it no more', async () => {
    const store = await newStore(kind)
    let release = (): void => {}
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    const done: string[] = []
    const jobs = jobsOf(store, async ({ id, told }) => {
      done.push(id)
      await held
      return { told, again: 50 }
    })
    await jobs.add(numbered(1, 20))
    await until(() => done.length === 8, 'eight are under way')
    const waiting = jobs.tried(['job_1', 'job_20'])
    await jobs.clear()
    expect(await jobs.all()).toEqual([])
    release()
    await waiting
    await jobs.add([job(21)])
    await jobs.tried(['job_21'])
    expect(ids(await jobs.all())).toEqual(['job_21'])
    expect(done.filter(id => id !== 'job_21')).toHaveLength(8)
    await store.close()
  })

  test('refuses more jobs than may wait, and takes none of them', async () => {
    const store = await newStore(kind)
    const jobs = jobsOf(store, () => new Promise(() => {}))
    await jobs.add(numbered(1, 9_990))
    await expect(jobs.add(numbered(9_991, 10_010))).rejects.toMatchObject({
      message: expect.stringMatching(/^9990 deliveries wait already; 10000 is the most/),
      exitCode: 4,
    })
    await jobs.add(numbered(9_991, 10_000))
    await jobs.clear()
    await store.close()
  })

  test('refuses more bytes than may wait, and has room again when some are done', async () => {
    const store = await newStore(kind)
    let release = (): void => {}
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    const jobs = jobsOf(store, async ({ told }) => {
      await held
      return { told }
    })
    const says = 'x'.repeat(1024 * 1024)
    const large = (from: number, to: number) => numbered(from, to).map(each => ({ ...each, task: { says } }))
    await jobs.add(large(1, 30))
    await jobs.add(large(31, 60))
    await expect(jobs.add(large(61, 65))).rejects.toMatchObject({
      message: '60 deliveries of 60 MiB wait already; 64 MiB is the most',
      exitCode: 4,
    })
    await expect(jobs.add(large(61, 125))).rejects.toThrow(
      'At least 65 deliveries of 65 MiB were asked for at once; 64 MiB is the most',
    )
    await jobs.add(large(61, 64))
    release()
    await jobs.settled()
    await jobs.add(large(70, 130))
    await jobs.settled()
    expect(ids(await jobs.all())).toContain('job_130')
    await store.close()
  })

  test('keeps the newest of those that are done', async () => {
    const store = await newStore(kind)
    const jobs = jobsOf(store, repeated())
    await jobs.add(numbered(1, 1_020))
    await jobs.settled()
    expect(await jobs.all()).toHaveLength(1_000)
    await store.close()
  })
})

describe('a store in a Redis that falls silent', () => {
  it.skipIf(!hasRedis)(
    'in the middle of what it was asked is given up as soon as one that says nothing at all',
    async () => {
      await using relay = await farAway(redis?.port ?? 0, 0)
      const store = await openStore(`redis://127.0.0.1:${relay.port}`, 'silent')
      store.present({})
      const shelf = store.shelf<string>('things', 3)
      const changed = shelf.change('a', () => {
        relay.keepSilent()
        return 'b'
      })
      await expect(changed).rejects.toThrow('cannot be used now: no answer within 150 ms')
      await store.close()
    },
  )
})

describe('stores of several processes', () => {
  it.skipIf(!hasRedis)('move the clock on past no job, whatever becomes due and is done meanwhile', async () => {
    // What one that is far away has been told is long past when it hears of it.
    await using relay = await farAway(redis?.port ?? 0, 15)
    const near = await openStore(`${redis?.url}?timeout=5s`, 'far-and-near')
    const far = await openStore(`redis://127.0.0.1:${relay.port}?timeout=5s`, 'far-and-near')
    const waits = [...Array.from({ length: 15 }, () => 20), 60_000]
    const once: Once = async (job, now) => {
      await sleep(25)
      return await repeated(...waits)(job, now)
    }
    const jobs = jobsOf(near, once)
    const others = far.jobs<Task, Told>('jobs', { once, ...asWritten })
    await jobs.add([job(1)])
    await jobs.tried(['job_1'])
    await others.advance('1h')
    expect(await jobs.all()).toMatchObject([{ state: 'done' }])
    await Promise.all([near.close(), far.close()])
  })
})
