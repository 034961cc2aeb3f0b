import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memoryStore, openStore, type Shelves, type Store } from '../../src/store/index.ts'
import { hasRedis, type RedisServer, redisServer } from '../kit/redis.ts'

type Thing = { readonly n: number; readonly says?: string }

let redis: RedisServer | undefined
beforeAll(async () => {
  if (hasRedis) redis = await redisServer()
})
afterAll(async () => {
  await redis?.[Symbol.asyncDispose]()
})

const roomy = { things: 100, bytes: 1_000_000 }
let names = 0

async function newStore(kind: string, name?: string): Promise<Store> {
  names += 1
  return kind === 'memory' ? memoryStore() : await openStore(redis?.url ?? '', name ?? `shelves-${names}`)
}

async function fill(shelves: Shelves<Thing>, shelf: string, from: number, to: number): Promise<void> {
  for (let n = from; n <= to; n += 1) await shelves.change(shelf, `key ${n}`, () => ({ n }))
}

describe.each(['memory', 'redis'])('shelves in %s', kind => {
  // Debian has it as redis-server.
  const test = it.skipIf(kind === 'redis' && !hasRedis)

  test('keep things where they were put, in their order, changed or taken away', async () => {
    const store = await newStore(kind)
    const shelves = store.shelves<Thing>('things', roomy)
    for (const [n, key] of ['c', 'a', 'b'].entries()) await shelves.change('one', key, () => ({ n }))
    await shelves.change('one', 'c', before => before && { n: before.n + 10 })
    await shelves.change('one', 'a', () => undefined)
    await shelves.change('one', 'nobody', () => undefined)
    await shelves.change('other\n"shelf"', 'a\nb', () => ({ n: 7, says: 'ß "quoted"\n\u0000' }))
    expect(await shelves.all('one')).toEqual([{ n: 10 }, { n: 2 }])
    expect(await shelves.all('other\n"shelf"')).toEqual([{ n: 7, says: 'ß "quoted"\n\u0000' }])
    expect([await shelves.get('one', 'b'), await shelves.get('one', 'a')]).toEqual([{ n: 2 }, undefined])
    expect([await shelves.all('nowhere'), await shelves.get('nowhere', 'b')]).toEqual([[], undefined])
    expect(await store.shelves('others', roomy).all('one')).toEqual([])
    await shelves.clear()
    expect([await shelves.all('one'), await shelves.all('other\n"shelf"')]).toEqual([[], []])
    await store.close()
  })

  test('have room for so many things altogether, of which the oldest go', async () => {
    const store = await newStore(kind)
    const shelves = store.shelves<Thing>('things', { things: 5, bytes: 1_000_000 })
    await fill(shelves, 'one', 1, 3)
    await fill(shelves, 'two', 4, 5)
    await shelves.change('one', 'key 1', () => ({ n: 100 }))
    await fill(shelves, 'two', 6, 7)
    expect(await shelves.all('one')).toEqual([{ n: 3 }])
    expect(await shelves.all('two')).toEqual([4, 5, 6, 7].map(n => ({ n })))
    await store.close()
  })

  test('have room for so many bytes altogether, and for one thing of any size', async () => {
    const store = await newStore(kind)
    const shelves = store.shelves<Thing>('things', { things: 100, bytes: 1_100 })
    const says = 'x'.repeat(300)
    for (let n = 1; n <= 10; n += 1) await shelves.change('one', `${n}`, () => ({ n, says }))
    expect((await shelves.all('one')).map(({ n }) => n)).toEqual([8, 9, 10])
    await shelves.change('one', '9', () => ({ n: 9 }))
    await shelves.change('one', '11', () => ({ n: 11, says }))
    expect((await shelves.all('one')).map(({ n }) => n)).toEqual([8, 9, 10, 11])
    await shelves.change('two', 'big', () => ({ n: 0, says: says.repeat(10) }))
    expect([(await shelves.all('one')).length, (await shelves.all('two')).length]).toEqual([0, 1])
    await shelves.change('two', 'big', () => undefined)
    await shelves.change('two', 'small', () => ({ n: 1 }))
    expect(await shelves.all('two')).toEqual([{ n: 1 }])
    await store.close()
  })

  test('count the names of shelves and keys as well', async () => {
    const store = await newStore(kind)
    const shelves = store.shelves<Thing>('things', { things: 100, bytes: 10_000 })
    const long = 'x'.repeat(3_000)
    for (const n of [1, 2, 3, 4]) await shelves.change(`${long}${n}`, 'key', () => ({ n }))
    expect(await Promise.all([1, 2, 3, 4].map(n => shelves.all(`${long}${n}`)))).toEqual([
      [],
      [{ n: 2 }],
      [{ n: 3 }],
      [{ n: 4 }],
    ])
    // What was taken away, cleared or changed leaves its room.
    await shelves.change(`${long}2`, 'key', () => undefined)
    await shelves.clear(`${long}3`)
    for (const n of [5, 6, 6, 6]) await shelves.change(`${long}${n}`, 'key', () => ({ n }))
    expect(await Promise.all([4, 5, 6].map(n => shelves.all(`${long}${n}`)))).toEqual([
      [{ n: 4 }],
      [{ n: 5 }],
      [{ n: 6 }],
    ])
    await store.close()
  })

  test('lose no change where several come at once', async () => {
    const store = await newStore(kind)
    const shelves = store.shelves<Thing>('things', roomy)
    const count = (before: Thing = { n: 0 }): Thing => ({ n: before.n + 1 })
    await Promise.all(Array.from({ length: 20 }, () => shelves.change('one', 'sum', count)))
    expect(await shelves.all('one')).toEqual([{ n: 20 }])
    await store.close()
  })

  test('hold as many as there may be', async () => {
    const store = await newStore(kind)
    const shelves = store.shelves<Thing>('things', { things: 10_000, bytes: 50_000_000 })
    for (let from = 1; from <= 10_000; from += 500) {
      const keys = Array.from({ length: 500 }, (_, at) => from + at)
      await Promise.all(keys.map(n => shelves.change('one', `${n}`, () => ({ n }))))
    }
    const all = await shelves.all('one')
    expect([all.length, all.at(-1)]).toEqual([10_000, { n: 10_000 }])
    await shelves.clear()
    expect(await shelves.all('one')).toEqual([])
    await store.close()
  })

  test('are the same for everybody who opens a shared store, and for nobody else', async () => {
    const [one, other] = [await newStore(kind, 'shared'), await newStore(kind, 'shared')]
    await fill(one.shelves<Thing>('things', roomy), 'one', 1, 1)
    expect(await other.shelves<Thing>('things', roomy).get('one', 'key 1')).toEqual(
      kind === 'memory' ? undefined : { n: 1 },
    )
    await Promise.all([one.close(), other.close()])
  })
})
