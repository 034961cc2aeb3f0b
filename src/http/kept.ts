import type { Connection } from './connection.ts'
import type { HttpRequest } from './message.ts'

/**
 * Milliseconds in which a server may send what does not belong to an answer, or close the connection. A connection is used
 * again only within half of them, so that a server that left one open that long does not close it just then.
 */
export const grace = 100

/** Other methods change what an answer looks like on the wire, or are odd. */
const methods = new Set(['GET', 'POST', 'PUT', 'PATCH'])

/** What the request says of its connection and its length itself is to be seen by the server as it is. */
const ownFraming = new Set(['connection', 'content-length', 'transfer-encoding', 'expect', 'upgrade'])

/** A path with one star for whatever looks like a value in it: ids differ from request to request, what serves them does not. */
function shapeOf(target: string): string {
  const query = target.indexOf('?')
  const path = query < 0 ? target : target.slice(0, query)
  return path.replace(/\/(?![a-z_-]{1,24}(?:\/|$))[^/]+/gi, '/*')
}

type Idle = { readonly connection: Connection; readonly since: number }

/**
 * The connections to one server that may carry another request. Source: RFC 9112, section 9.3. What comes after the end of
 * an answer has to be seen, therefore the first request of each method and path has a connection of its own, and the first
 * answer with a status is waited for. A server that shows once that its connections cannot be relied upon gets one for each request.
 */
export class Kept {
  #idle: Idle[] = []
  #isReliable = true
  /** Whether a connection was seen to stay open. */
  #isTried = false
  #timer: NodeJS.Timeout | undefined
  /** Methods with shapes of paths that were asked for. */
  readonly #asked = new Set<string>()
  /** Statuses of answers after which it was seen what came. */
  readonly #statuses = new Set<number>()

  /** Whether this request may share a connection with others. */
  allows({ method, target, headers }: HttpRequest): boolean {
    if (!this.#isReliable || !methods.has(method)) return false
    if (headers.some((name, at) => at % 2 === 0 && ownFraming.has(name.toLowerCase()))) return false
    const place = `${method} ${shapeOf(target)}`
    if (this.#asked.has(place)) return true
    this.#asked.add(place)
    return false
  }

  /** A connection that waits for a request. */
  take(): Connection | undefined {
    const last = this.#idle.pop()
    if (last === undefined) return undefined
    if (performance.now() - last.since < grace / 2) return last.connection
    last.connection.close()
    this.#sweep()
    return undefined
  }

  /** Whether it is to be seen what becomes of the connection after an answer, before it is used again. */
  isDoubtful(status: number): boolean {
    return !this.#isTried || !this.#statuses.has(status)
  }

  /** It was seen what came after an answer. */
  saw(status: number): void {
    this.#statuses.add(status)
  }

  /** A connection was seen to stay open after an answer. */
  stayed(status: number): void {
    this.#isTried = true
    this.saw(status)
  }

  put(connection: Connection): void {
    if (!this.#isReliable || !this.#isTried || connection.isOver) {
      connection.close()
      return
    }
    // Bytes that nobody asked for, or an end that was not announced.
    const giveUp = (): void => this.giveUp()
    connection.tell({ data: giveUp, ended: giveUp, failed: giveUp })
    this.#idle.push({ connection, since: performance.now() })
    this.#timer ??= setTimeout(() => this.#tick(), grace / 2)
  }

  /** The server does with its connections what it should not: from now on each request has its own. */
  giveUp(): void {
    this.#isReliable = false
    this.closeAll()
  }

  /** Closes what waits for a request. A server may serve one connection at a time, and take no other before. */
  closeAll(): void {
    for (const { connection } of this.#idle) connection.close()
    this.#idle = []
  }

  #tick(): void {
    this.#timer = undefined
    this.#sweep()
    if (this.#idle.length > 0) this.#timer = setTimeout(() => this.#tick(), grace / 2)
  }

  #sweep(): void {
    const now = performance.now()
    const [fresh, old]: [Idle[], Idle[]] = [[], []]
    for (const each of this.#idle) (now - each.since < grace / 2 ? fresh : old).push(each)
    for (const { connection } of old) connection.close()
    this.#idle = fresh
  }
}
