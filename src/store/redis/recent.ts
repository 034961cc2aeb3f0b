import type { Recent } from '../recent.ts'
import type { Connection } from './connection.ts'

/** Milliseconds after which a name that nobody used makes room though there is enough: what is in Redis has no other end. */
const longest = 24 * 60 * 60_000

/** Milliseconds in which a process says once that it uses a name. */
const pause = 10_000

/** Names that make room at once; each of them is looked for among all that is kept, and who asks waits for it. */
const atOnce = 5

/** Says that a name is used now, and takes out some that were used longest ago. */
const use = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if ARGV[2] == '1' then redis.call('ZADD', KEYS[1], now, ARGV[1]) else redis.call('ZADD', KEYS[1], 'XX', now, ARGV[1]) end
local surplus = redis.call('ZCARD', KEYS[1]) - tonumber(ARGV[3])
local old = redis.call('ZCOUNT', KEYS[1], '-inf', now - tonumber(ARGV[4]))
local count = math.min(math.max(surplus, old), tonumber(ARGV[5]))
if count < 1 then return {} end
local gone = redis.call('ZRANGE', KEYS[1], 0, count - 1)
redis.call('ZREM', KEYS[1], unpack(gone))
return gone
`

/** Names in a sorted set, by the instant at which they were used last. */
export function redisRecent(connection: Connection, key: string, most: number): Recent {
  const said = new Map<string, number>()
  return {
    use: async (name, isNew) => {
      const at = said.get(name)
      if (at !== undefined && performance.now() - at < pause) return []
      const gone = await connection.ask(
        async client => (await client.eval(use, 1, key, name, isNew ? 1 : 0, most, longest, atOnce)) as string[],
      )
      // One that is only read may not be kept, and has to be said when it is.
      if (isNew) said.set(name, performance.now())
      for (const each of gone) said.delete(each)
      const [oldest] = said.keys()
      if (said.size > most && oldest !== undefined) said.delete(oldest)
      return gone
    },
  }
}
