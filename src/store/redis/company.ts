import { createHash, randomBytes } from 'node:crypto'
import type { Setting, Settings } from '../store.ts'
import type { Connection, Word } from './connection.ts'

/** Milliseconds between two looks at who else is there. */
const beat = 1_000

/** Milliseconds after which one that was not heard of is gone. */
const patience = 5_000

/** Says that one is there, forgets who is gone, and tells who is there, when they said so last, and how they were started. */
const meet = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[2], now, ARGV[1])
local told = {}
for _, name in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  local at = redis.call('ZSCORE', KEYS[2], name)
  if tonumber(at) < now - tonumber(ARGV[3]) then
    redis.call('HDEL', KEYS[1], name)
    redis.call('ZREM', KEYS[2], name)
  else
    table.insert(told, {name, at, redis.call('HGET', KEYS[1], name) or '{}'})
  end
end
return told
`

type Told = readonly (readonly [name: string, at: string, settings: string])[]

/** Settings as others may read them. */
type Shown = Readonly<Record<string, string>>

/**
 * Lets others that remember under the same key know how this process was started, and says of those that were started otherwise
 * what is different. One counts when it was heard of twice, so that one which was killed a moment ago does not.
 *
 * @returns what ends it
 */
export function keepCompany(
  connection: Connection,
  key: string,
  settings: Settings,
  onWord: Word,
): () => Promise<void> {
  const me = randomBytes(8).toString('hex')
  const keys = [`${key}:settings`, `${key}:seen`] as const
  const heard = new Map<string, string>()
  const said = new Set<string>()
  let own: Shown | undefined
  let timer: NodeJS.Timeout | undefined
  let isOver = false
  const look = async (): Promise<void> => {
    own ??= shownBy(settings, await saltAt(connection, `${key}:salt`))
    const written = JSON.stringify(own)
    const told = await connection.ask(
      async client => (await client.eval(meet, 2, ...keys, me, written, patience)) as Told,
    )
    for (const [name, at, theirs] of told) {
      const before = heard.get(name)
      heard.set(name, at)
      if (name === me || before === undefined || before === at) continue
      const difference = differenceOf(settings, own, JSON.parse(theirs) as Shown)
      if (difference === '' || said.has(difference)) continue
      said.add(difference)
      const help = 'what is answered and sent depends on which of them does it. Start them with the same words'
      onWord(`Another mock that remembers in ${connection.shown} was started otherwise (${difference}): ${help}`)
    }
  }
  const again = async (): Promise<void> => {
    // Whoever needs Redis says that it is away.
    await look().catch(() => {})
    if (!isOver) timer = setTimeout(() => void again(), beat).unref()
  }
  void again()
  return async () => {
    isOver = true
    clearTimeout(timer)
    const leave = connection.ask(client => client.multi().hdel(keys[0], me).zrem(keys[1], me).exec())
    await leave.catch(() => {})
  }
}

/** A text that is the same for all of them, and for no other Redis. */
async function saltAt(connection: Connection, key: string): Promise<string> {
  return await connection.ask(async client => {
    await client.set(key, randomBytes(16).toString('hex'), 'NX')
    return (await client.get(key)) ?? ''
  })
}

function shownBy(settings: Settings, salt: string): Shown {
  return Object.fromEntries(
    Object.entries(settings).map(([name, { value, isSecret = false }]) => [name, isSecret ? mark(value, salt) : value]),
  )
}

/** Enough of a hash to tell two secrets apart, and too little to find one by trying: many texts have the same. */
function mark(secret: string, salt: string): string {
  return secret === '' ? '' : createHash('sha256').update(`${salt}/${secret}`).digest('hex').slice(0, 4)
}

/** In words, by what both of them say of themselves. */
function differenceOf(settings: Settings, own: Shown, theirs: Shown): string {
  return Object.entries(settings)
    .filter(([name]) => theirs[name] !== undefined && theirs[name] !== own[name])
    .map(([name, setting]) => partOf(name, setting, theirs[name] ?? ''))
    .join(', ')
}

function partOf(name: string, { value, isSecret = false }: Setting, theirs: string): string {
  if (isSecret && value !== '' && theirs !== '') return `${name} differs`
  const said = (text: string): string => (text === '' ? 'not given' : isSecret ? 'given' : text)
  return `${name} is ${said(value)} here, ${said(theirs)} there`
}
