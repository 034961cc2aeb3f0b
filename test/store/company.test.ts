import { expect, it } from 'vitest'
import { openState } from '../../src/embed/index.ts'
import { type CreateMockOptions, createMock } from '../../src/index.ts'
import { documentOf } from '../kit/index.ts'
import { hasRedis, redisServer, until } from '../kit/redis.ts'

const documentAt = (version: string) => `
openapi: 3.1.0
info: { title: Company, version: '${version}' }
paths: {}
`

// Debian has Redis as redis-server.
it.skipIf(!hasRedis)('Mocks that were started otherwise than the one they remember with say what differs', async () => {
  await using redis = await redisServer()
  const heard: string[][] = []
  const start = async (version: string, options: CreateMockOptions) => {
    const words: string[] = []
    heard.push(words)
    return await createMock(await documentOf(documentAt(version)), {
      state: redis.url,
      onNotice: word => words.push(word),
      ...options,
    })
  }
  const common = { seed: 'a', bearer: ['token-1'], events: { secret: 'whsec_c2VjcmV0' } }
  await using _one = await start('1', common)
  await using _same = await start('1', common)
  await using _other = await start('2', {
    ...common,
    auth: false,
    events: { secret: 'whsec_b3RoZXI=', profile: 'stripe' },
  })
  await until(() => heard.every(words => words.length > 0), 'each of them has heard of the other')
  const [one, same, other] = heard
  const differs =
    /was started otherwise \(the document is version 1 \(\w{8}\) here, version 2 \(\w{8}\) there, --no-auth is not given here, given there, --delivery is not given here, stripe there, --webhook-secret differs\)/
  expect(one).toEqual([expect.stringMatching(differs)])
  expect(same).toEqual([expect.stringMatching(differs)])
  expect(other).toEqual([expect.stringContaining('--no-auth is given here, not given there')])
  expect(heard.flat().join()).not.toMatch(/c2VjcmV0|b3RoZXI|token-1/)
})

it.skipIf(!hasRedis)('A mock that was started otherwise and has ended is no company', async () => {
  await using redis = await redisServer()
  const words: string[] = []
  const options = { state: redis.url, onNotice: (word: string) => words.push(word) }
  const document = await documentOf(documentAt('1'))
  const before = await createMock(document, { ...options, seed: 'a' })
  await before.close()
  await using _now = await createMock(document, { ...options, seed: 'b' })
  await using _third = await createMock(document, { ...options, seed: 'c' })
  await until(() => words.length === 2, 'the other two have heard of each other')
  expect(words.join()).not.toContain(' a ')
})

it.skipIf(!hasRedis)('Mocks whose time of day stands still at another instant say so', async () => {
  await using redis = await redisServer()
  const words: string[] = []
  const document = await documentOf(documentAt('1'))
  const clocks = ['2024-04-14T14:11:05.000Z', undefined]
  const states = await Promise.all(
    clocks.map(clock => openState(redis.url, [document], { clock }, word => words.push(word))),
  )
  await until(() => words.length === 2, 'the two have heard of each other')
  expect(words).toContainEqual(expect.stringContaining('(--clock is 2024-04-14T14:11:05.000Z here, not given there)'))
  await Promise.all(states.map(({ store }) => store.close()))
})
