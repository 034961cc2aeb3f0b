import type { Shelf } from '../store.ts'
import type { Connection } from './connection.ts'

/** Keys in the order in which they came, and what stands under them. A call of Lua takes some thousand arguments at most. */
const readAll = `
local keys = redis.call('ZRANGE', KEYS[2], 0, -1)
local texts = {}
for from = 1, #keys, 1000 do
  local some = redis.call('HMGET', KEYS[1], unpack(keys, from, math.min(from + 999, #keys)))
  for at = 1, #some do texts[#texts + 1] = some[at] end
end
return {keys, texts}
`

/** Changes one thing, unless it was changed since it was read; an empty text stands for none. */
const exchange = `
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return 0 end
if ARGV[3] == '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
  redis.call('ZREM', KEYS[2], ARGV[1])
  return 1
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
if not redis.call('ZSCORE', KEYS[2], ARGV[1]) then
  redis.call('ZADD', KEYS[2], redis.call('INCR', KEYS[3]), ARGV[1])
end
while redis.call('ZCARD', KEYS[2]) > tonumber(ARGV[4]) do
  redis.call('HDEL', KEYS[1], redis.call('ZPOPMIN', KEYS[2])[1])
end
return 1
`

/** Changes of one thing that may come in between before giving up; each means that somebody else got on. */
const maxTries = 100

/** Things in a hash, their order in a sorted set beside it. */
export function redisShelf<Thing>(connection: Connection, key: string, most: number): Shelf<Thing> {
  const keys = [key, `${key}:order`, `${key}:count`] as const
  return {
    all: async () => {
      const [names, texts] = await connection.ask(
        async client => (await client.eval(readAll, 2, keys[0], keys[1])) as [string[], (string | null)[]],
      )
      return names.flatMap((name, at) => {
        const text = texts[at]
        return typeof text === 'string' ? [[name, JSON.parse(text) as Thing] as const] : []
      })
    },
    change: (name, how) =>
      connection.ask(async client => {
        for (let tries = 0; tries < maxTries; tries += 1) {
          const before = await client.hget(keys[0], name)
          const thing = how(before === null ? undefined : (JSON.parse(before) as Thing))
          const after = thing === undefined ? '' : JSON.stringify(thing)
          if (before === null && after === '') return
          if ((await client.eval(exchange, 3, ...keys, name, before ?? '', after, most)) === 1) return
        }
        throw new Error(`${name} is changed by too many at once`)
      }),
    clear: () =>
      connection.ask(async client => {
        // What comes later comes later in order too: the count stays.
        await client.del(keys[0], keys[1])
      }),
  }
}
