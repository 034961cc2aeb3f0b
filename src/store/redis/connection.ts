import type { Redis, RedisOptions } from 'ioredis'
import { Trouble } from '../../finding/index.ts'
import type { Reached } from '../store.ts'
import type { Address } from './address.ts'
import type { Packages } from './optional.ts'
import { answersPlainly } from './plain.ts'
import { readTls } from './secure.ts'
import { awayTrouble, checkUsable, foreign, noTlsTrouble, startTrouble } from './troubles.ts'

/**
 * Milliseconds in which a Redis says that it is there, unless its address gives it more; who asks is told within a quarter of a
 * second that it is not.
 */
const usualHeartbeat = 150

/** Milliseconds that one command may take, and that the first connection may. */
const patience = 5_000

/** Milliseconds between two tries to connect again, at most. */
const longestPause = 500

/** Told of what people should know: that Redis is away, that it is back. */
export type Word = (text: string) => void

/** The connection over which a store asks. It comes back by itself when Redis does. */
export class Connection {
  readonly shown: string
  readonly client: Redis
  readonly #makeForWorker: () => Redis
  readonly #heartbeat: number
  #isStarting = true
  #last: unknown
  #reachedAt: Reached | undefined

  /** @throws Trouble with exit code 3 when no Redis answers there, with 4 for one that cannot be used */
  static async open(address: Address, { Redis }: Packages, onWord: Word): Promise<Connection> {
    const { shown, tls, timeout: heartbeat = usualHeartbeat, ...place } = address
    const longest = Math.max(patience, heartbeat)
    const where = tls === undefined ? place : { ...place, tls: await readTls(tls) }
    let isOpen = false
    const client = new Redis({
      ...where,
      ...common,
      lazyConnect: true,
      connectTimeout: longest,
      // Who asks is refused at once, instead of waiting for a Redis that may never come back.
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      socketTimeout: longest,
      retryStrategy: times => (isOpen ? Math.min(longestPause, 50 * times) : null),
    })
    const makeForWorker = (): Redis => {
      // What a worker asks waits for a Redis that is away; one that has nothing to do listens for ten seconds at a time.
      const waiting = { enableOfflineQueue: true, maxRetriesPerRequest: null, socketTimeout: 15_000 }
      return new Redis({ ...where, ...common, ...waiting, retryStrategy: times => Math.min(longestPause, 50 * times) })
    }
    const connection = new Connection(client, shown, makeForWorker, heartbeat)
    const ended = new AbortController()
    try {
      const ready = client.connect()
      const mistaken =
        tls === undefined ? [] : [answersPlainly(address, ended.signal).then(() => Promise.reject(noTlsTrouble(shown)))]
      await within(longest, Promise.race([ready, ...mistaken]), () => new Error(`no answer within ${longest} ms`))
      // That this was refused at the connection is told nobody, and another database would be used.
      await client.select(address.db)
      for (const warning of checkUsable(await client.info(), shown)) onWord(warning)
      await client.ping()
    } catch (error) {
      client.disconnect()
      throw error instanceof Trouble ? error : startTrouble(connection.#last ?? error, shown)
    } finally {
      ended.abort()
    }
    isOpen = true
    connection.#follow(onWord)
    return connection
  }

  private constructor(client: Redis, shown: string, makeForWorker: () => Redis, heartbeat: number) {
    this.#heartbeat = heartbeat
    this.client = client
    this.shown = shown
    this.#makeForWorker = makeForWorker
    client.on('error', error => {
      // What is no Redis says so once, and hangs up.
      if (!isForeign(this.#last)) this.#last = error
    })
  }

  /** Where it leads to over the network, when it does. */
  get reachedAt(): Reached | undefined {
    return this.#reachedAt
  }

  /**
   * Asks Redis.
   *
   * @param isLong whether one answer may take long, as that to a command that clears much
   * @throws Trouble with exit code 4, within a quarter of a second when Redis is away
   */
  async ask<T>(what: (client: Redis) => Promise<T>, isLong = false): Promise<T> {
    const { client } = this
    const longest = Math.max(patience, this.#heartbeat)
    const heartbeat = this.#isStarting ? longest : this.#heartbeat
    if (client.status !== 'ready') throw awayTrouble(this.#last ?? new Error('no connection'), this.shown)
    try {
      await within(heartbeat, client.ping(), () => new Error(`no answer within ${heartbeat} ms`))
      const silence = isLong ? longest : heartbeat
      const asked = unlessSilent(silence, what(client), client)
      return await within(longest, asked, () => new Error(`no answer within ${longest} ms`))
    } catch (error) {
      throw error instanceof Trouble ? error : awayTrouble(error, this.shown)
    }
  }

  /** From now on somebody waits for answers; at the start a Redis that is busy has time. */
  started(): void {
    this.#isStarting = false
  }

  /** Whether Redis answers now; known within a quarter of a second. */
  async isThere(): Promise<boolean> {
    return await this.ask(async () => true).catch(() => false)
  }

  /** A connection for a worker, whose commands wait for a Redis that is away. */
  forWorker(): Redis {
    const client = this.#makeForWorker()
    client.on('error', () => {})
    return client
  }

  async close(): Promise<void> {
    this.client.disconnect()
  }

  #follow(onWord: Word): void {
    const { client, shown } = this
    const note = (): void => {
      const { remoteAddress, remotePort } = client.stream
      if (remoteAddress !== undefined && remotePort !== undefined) {
        this.#reachedAt = { address: remoteAddress, port: remotePort }
      }
      this.#last = undefined
    }
    note()
    let isAway = false
    client.on('close', () => {
      if (isAway || client.status === 'end') return
      isAway = true
      onWord(`Redis at ${shown} is away. Registrations and events are answered with 503 until it is back`)
    })
    client.on('ready', () => {
      note()
      if (isAway) onWord(`Redis at ${shown} is back`)
      isAway = false
    })
  }
}

function isForeign(error: unknown): boolean {
  return error instanceof Error && foreign.test(error.message)
}

const common = {
  // One that became a replica of another takes nothing any more; its name may lead to the other by now.
  reconnectOnError: (error: Error) => (error.message.startsWith('READONLY') ? 2 : false),
  // Every Redis speaks it, and answers a wrong password in the same way.
  protocol: 2 as const,
  connectionName: 'contrato',
  // Milliseconds that a Redis which is away may keep this process from ending.
  disconnectTimeout: 200,
} satisfies RedisOptions

/** What was promised, or an error once Redis, of which it is asked, has said nothing for so many milliseconds. */
async function unlessSilent<T>(milliseconds: number, promised: Promise<T>, client: Redis): Promise<T> {
  let [heard, at] = [-1, performance.now()]
  let timer: NodeJS.Timeout | undefined
  const isSilent = new Promise<never>((_, reject) => {
    const look = (): void => {
      const bytesRead = client.stream?.bytesRead ?? 0
      if (bytesRead !== heard) [heard, at] = [bytesRead, performance.now()]
      else if (performance.now() - at >= milliseconds) reject(new Error(`no answer within ${milliseconds} ms`))
    }
    // What came while this process was busy is read before it counts as silence.
    timer = setInterval(() => setImmediate(look), Math.min(50, milliseconds / 3))
    look()
  })
  promised.catch(() => {})
  try {
    return await Promise.race([promised, isSilent])
  } finally {
    clearInterval(timer)
  }
}

/** What was promised, or an error after so many milliseconds. */
async function within<T>(milliseconds: number, promised: Promise<T>, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const isLate = new Promise<never>((_, reject) => {
    // An answer that came while this process was busy is read before it counts as late.
    timer = setTimeout(() => setImmediate(() => reject(late())), milliseconds)
  })
  promised.catch(() => {})
  try {
    return await Promise.race([promised, isLate])
  } finally {
    clearTimeout(timer)
  }
}
