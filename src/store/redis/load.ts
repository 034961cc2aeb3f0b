import type { Redis } from 'ioredis'
import { type Load, refuseTooMuch } from '../full.ts'
import { maxWaitingBytes } from '../store.ts'

/** Milliseconds after which it is counted again what others added. */
const recently = 1_000

/** Bytes that jobs in some places carry, which stand as their names. */
const weigh = `
local bytes = 0
for at, key in ipairs(KEYS) do
  local ids = redis.call(at < #KEYS and 'LRANGE' or 'ZRANGE', key, 0, -1)
  for _, id in ipairs(ids) do bytes = bytes + (tonumber(redis.call('HGET', ARGV[1] .. id, 'name') or '0') or 0) end
end
return bytes
`

/** How much waits: counted now and then, and in between what this process adds. */
export class WaitingLoad {
  readonly #key: (name: string) => string
  #bytes = 0
  #countedAt = Number.NEGATIVE_INFINITY

  /** @param key of a place where jobs are */
  constructor(key: (name: string) => string) {
    this.#key = key
  }

  /** @throws Trouble with exit code 4 when there is no room for what is asked for beside so many jobs that wait */
  async take(client: Redis, asked: Load, count: number): Promise<void> {
    const isRecent = performance.now() - this.#countedAt < recently
    if (count === 0) this.#bytes = 0
    else if (!isRecent || this.#bytes + asked.bytes > maxWaitingBytes) await this.#count(client)
    refuseTooMuch(asked, { count, bytes: this.#bytes })
    this.#bytes += asked.bytes
  }

  async #count(client: Redis): Promise<void> {
    const places = ['wait', 'active', 'delayed'].map(this.#key)
    this.#bytes = Number(await client.eval(weigh, places.length, ...places, this.#key('')))
    this.#countedAt = performance.now()
  }
}
