import type { Room, Shelves } from '../shelves.ts'
import type { Connection } from './connection.ts'

/**
 * Changes one thing, unless it was changed since it was read; an empty text stands for none. A thing is written with its
 * number in front, by which those of a shelf are put in order. What makes room may stand on any shelf.
 */
const exchange = `
local before = redis.call('HGET', KEYS[1], ARGV[1]) or ''
if before ~= ARGV[2] then return 0 end
if ARGV[3] == '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
  redis.call('ZREM', KEYS[2], ARGV[4])
  redis.call('DECRBY', KEYS[4], #before + #ARGV[4])
  return 1
end
local number = string.match(before, '^%d+') or redis.call('INCR', KEYS[3])
local after = number .. ' ' .. ARGV[3]
redis.call('HSET', KEYS[1], ARGV[1], after)
redis.call('ZADD', KEYS[2], number, ARGV[4])
local added = #after - #before
if before == '' then added = added + #ARGV[4] end
local bytes = redis.call('INCRBY', KEYS[4], added)
local things = redis.call('ZCARD', KEYS[2])
while things > tonumber(ARGV[5]) or (bytes > tonumber(ARGV[6]) and things > 1) do
  local oldest = redis.call('ZPOPMIN', KEYS[2])[1]
  local cut = string.find(oldest, '\\n', 1, true)
  local shelf = ARGV[7] .. string.sub(oldest, 1, cut - 1)
  local key = string.sub(oldest, cut + 1)
  bytes = redis.call('DECRBY', KEYS[4], #(redis.call('HGET', shelf, key) or '') + #oldest)
  redis.call('HDEL', shelf, key)
  things = things - 1
end
return 1
`

/** Forgets what stands on shelves whose names begin so; what comes later comes later in order too, so that the count stays. */
const clear = `
for _, place in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  if string.sub(place, 1, #ARGV[2]) == ARGV[2] then
    local cut = string.find(place, '\\n', 1, true)
    local shelf = ARGV[1] .. string.sub(place, 1, cut - 1)
    local key = string.sub(place, cut + 1)
    redis.call('DECRBY', KEYS[2], #(redis.call('HGET', shelf, key) or '') + #place)
    redis.call('HDEL', shelf, key)
    redis.call('ZREM', KEYS[1], place)
  end
end
`

/** Changes of one thing that may come in between before giving up; each means that somebody else got on. */
const maxTries = 100

/** A hash for each shelf, and beside them one order, one count and one size for all. */
export function redisShelves<Thing>(connection: Connection, prefix: string, room: Room): Shelves<Thing> {
  const hash = (shelf: string): string => `${prefix}:on:${named(shelf)}`
  const beside = [`${prefix}:order`, `${prefix}:count`, `${prefix}:bytes`] as const
  return {
    get: async (shelf, key) => {
      const text = await connection.ask(client => client.hget(hash(shelf), key))
      return text === null ? undefined : readIn<Thing>(text)
    },
    all: async shelf => {
      const texts = await connection.ask(client => client.hvals(hash(shelf)))
      return texts.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)).map(text => readIn<Thing>(text))
    },
    change: (shelf, key, how) =>
      connection.ask(async client => {
        for (let tries = 0; tries < maxTries; tries += 1) {
          const before = await client.hget(hash(shelf), key)
          const thing = how(before === null ? undefined : readIn<Thing>(before))
          if (before === null && thing === undefined) return
          const after = thing === undefined ? '' : JSON.stringify(thing)
          const texts = [key, before ?? '', after, `${named(shelf)}\n${key}`]
          const limits = [room.things, room.bytes, `${prefix}:on:`]
          if ((await client.eval(exchange, 4, hash(shelf), ...beside, ...texts, ...limits)) === 1) return
        }
        throw new Error(`${key} is changed by too many at once`)
      }),
    clear: (start = '') =>
      connection.ask(async client => {
        await client.eval(clear, 2, beside[0], beside[2], `${prefix}:on:`, named(start).slice(0, -1))
      }, true),
  }
}

/** A name without a line break, which ends it where it is written beside a key. */
function named(shelf: string): string {
  return JSON.stringify(shelf)
}

function readIn<Thing>(text: string): Thing {
  return JSON.parse(text.slice(text.indexOf(' ') + 1)) as Thing
}
