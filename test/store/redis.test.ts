import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { openStore, shownState } from '../../src/store/index.ts'
import { hasRedis, redisServer, until } from '../kit/redis.ts'

describe('the address of a Redis', () => {
  it.each([
    ['redis://localhost', 'redis://localhost:6379/0'],
    ['redis://10.0.0.1:7000/3', 'redis://10.0.0.1:7000/3'],
    ['redis://[::1]:7000', 'redis://[::1]:7000/0'],
    ['rediss://user:p%40ss@redis.internal/1', 'rediss://user:***@redis.internal:6379/1'],
    ['redis://:secret@localhost', 'redis://:***@localhost:6379/0'],
    ['unix:///run/redis.sock', 'unix:///run/redis.sock'],
    ['unix:///run/redis.sock?db=2', 'unix:///run/redis.sock?db=2'],
  ])('%s is shown as %s', (state, shown) => {
    expect(shownState(state)).toBe(shown)
  })

  it.each([
    ['localhost:6379', 'is no address of a Redis'],
    ['', 'is no address of a Redis'],
    ['http://:secret@localhost', 'is no address of a Redis'],
    ['redis://:sec#ret@localhost', 'is no URL'],
    ['redis://:secret@localhost/#x', 'has a #'],
    ['redis:///3', 'names no host'],
    ['redis://localhost/first', 'names the database first'],
    ['redis://localhost?family=6', 'has ?family'],
    ['redis://:%zz@localhost', 'has a %'],
    ['unix://redis.sock', 'names no socket'],
    ['unix:///run/redis.sock?name=x', 'has ?name'],
  ])('%s is refused with the reason, and without its password', (state, says) => {
    expect(() => shownState(state)).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringContaining(says) }),
    )
    expect(() => shownState(state)).not.toThrow(/secret|sec#ret/)
  })
})

describe('what answers at the address', () => {
  it('is told when nobody does', async () => {
    await expect(openStore('redis://127.0.0.1:1', 'test')).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringMatching(/^No Redis answers at redis:\/\/127\.0\.0\.1:1\/0: .*ECONNREFUSED/),
    })
    await expect(openStore('unix:///nowhere/redis.sock', 'test')).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('ENOENT'),
    })
  })

  it('is told when it is no Redis', async () => {
    const server = createServer((_, response) => response.end('hello'))
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    await expect(openStore(`redis://127.0.0.1:${port}`, 'test')).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringMatching(/is no Redis/),
    })
    server.closeAllConnections()
    server.close()
  })
})

// Debian has it as redis-server.
describe.skipIf(!hasRedis)('a Redis', () => {
  const withPassword = ['--requirepass', 'secret']

  it.each([
    [withPassword, '', 'wants a password'],
    [withPassword, ':wrong@', 'does not accept the password'],
    [withPassword, 'nobody:secret@', 'does not accept the password'],
    [
      ['--maxmemory-policy', 'allkeys-lru'],
      '',
      'throws away what it holds when its memory is full (maxmemory-policy allkeys-lru)',
    ],
    [['--replicaof', '127.0.0.1 1'], '', 'is a replica of 127.0.0.1:1, which takes nothing'],
    [['--cluster-enabled', 'yes'], '', 'runs as cluster'],
  ])('with %j, asked as "%s", is refused because it %s', async (settings, who, says) => {
    await using redis = await redisServer(...settings)
    const opened = openStore(redis.url.replace('//', `//${who}`), 'test')
    await expect(opened).rejects.toMatchObject({ exitCode: 4, message: expect.stringContaining(says) })
    await expect(opened).rejects.not.toThrow(/secret|wrong@/)
  })

  it('with fewer databases than asked for is refused', async () => {
    await using redis = await redisServer('--databases', '2')
    await expect(openStore(`${redis.url}/2`, 'test')).rejects.toMatchObject({
      exitCode: 4,
      message: expect.stringContaining('has no such database'),
    })
  })

  it('is reached with a password, and over a socket', async () => {
    await using redis = await redisServer(...withPassword)
    const over = await openStore(redis.url.replace('//', '//:secret@'), 'test')
    expect(await over.numbers('a', 1)).toBe(1)
    expect(over.reachedAt).toEqual({ address: '127.0.0.1', port: redis.port })
    await over.close()
    await using open = await redisServer()
    const onSocket = await openStore(`unix://${open.socket}?db=3`, 'test')
    expect(await onSocket.numbers('a', 1)).toBe(1)
    expect(onSocket.reachedAt).toBeUndefined()
    await onSocket.close()
  })

  it('that keeps no append-only file is used, with a warning', async () => {
    const words: string[] = []
    await using redis = await redisServer('--appendonly', 'no')
    const store = await openStore(redis.url, 'test', word => words.push(word))
    expect(words).toEqual([expect.stringContaining('keeps no append-only file')])
    await store.close()
  })

  it('that is full is told with its own reason', async () => {
    await using redis = await redisServer()
    const store = await openStore(redis.url, 'test')
    const other = await openStore(redis.url, 'test')
    await using full = await redisServer('--maxmemory', '1')
    await expect(openStore(full.url, 'test').then(each => each.numbers('a', 1))).rejects.toMatchObject({
      exitCode: 4,
      message: expect.stringContaining('OOM'),
    })
    await Promise.all([store.close(), other.close()])
  })

  it('tells that it is away and back, and is asked again then', async () => {
    const words: string[] = []
    await using redis = await redisServer()
    const store = await openStore(redis.url, 'test', word => words.push(word))
    expect(await store.numbers('a', 1)).toBe(1)
    await redis.stop()
    await expect(store.numbers('a', 1)).rejects.toMatchObject({
      exitCode: 4,
      message: expect.stringContaining('cannot be used now'),
    })
    await redis.start()
    await until(
      () =>
        store.numbers('b', 1).then(
          () => true,
          () => false,
        ),
      'it is asked again',
    )
    expect(await store.numbers('a', 1)).toBe(2)
    expect(words).toEqual([expect.stringContaining('is away'), expect.stringContaining('is back')])
    await store.close()
  })
})
