import { AnswerReader, NoAnswer } from './answer-reader.ts'
import { type Connection, connect } from './connection.ts'
import { grace, Kept } from './kept.ts'
import { type Handler, type HttpRequest, type HttpResponse, headerOf } from './message.ts'

export type SendOptions = {
  /** Fields that every request gets. */
  readonly headers?: readonly string[]
  /** Milliseconds from the first byte of a request to the last of its answer, after which it is given up. */
  readonly timeout?: number
  /** Longest body that is read, in bytes; a longer one is no answer. */
  readonly bodyLimit?: number
  /**
   * Lets requests go out on connections that earlier ones left open, where the server shows that it can be relied upon;
   * saves half of the time that a request to the same machine takes. Off unless stated.
   */
  readonly keepAlive?: boolean
}

/** Why no answer came: the target could not be reached, or broke off. */
export class Unreachable extends Error {}

/** An answer that began and was none in the end. */
export class BrokenOff extends Unreachable {}

/** Nobody took the connection, so that nothing of the request was sent. */
export class NotConnected extends Unreachable {}

/** Why no answer came: the time was up. */
export class TooLate extends NoAnswer {}

/** So often a server may leave the connection open before nobody waits for it any more. */
const patience = 2

/** Bytes of a body that are put behind the head of its request, so that both go out at once. */
const maxCopied = 64 * 1024

const withBody = new Set(['POST', 'PUT', 'PATCH'])

/** The server closed a connection that it had left open before, without a byte of an answer. */
class Stale extends Unreachable {}

/**
 * A handler that sends requests to a server, byte for byte as they are, and reads its answers with what is wrong about their
 * framing; only a body that is to be `Transfer-Encoding: chunked` is put into chunks. Redirects are not followed and nothing is decoded: the answer is what stood on the wire. Each request has a
 * connection of its own, unless `keepAlive` is set.
 *
 * @param base URL whose path is put in front of request targets
 */
export function sendTo(base: URL, options: SendOptions = {}): Handler {
  const { keepAlive = false } = options
  const sender = new Sender(base, options)
  return async request => await sender.send(request, keepAlive)
}

class Sender {
  readonly #base: URL
  readonly #prefix: string
  readonly #headers: readonly string[]
  readonly #timeout: number
  readonly #bodyLimit: number
  readonly #kept = new Kept()
  #leftOpen = 0

  constructor(base: URL, { headers = [], timeout = 10_000, bodyLimit = 16 * 1024 * 1024 }: SendOptions) {
    this.#base = base
    this.#prefix = base.pathname.replace(/\/$/, '')
    this.#headers = headers
    this.#timeout = timeout
    this.#bodyLimit = bodyLimit
  }

  async send(request: HttpRequest, keepAlive: boolean): Promise<HttpResponse> {
    const isShared = keepAlive && this.#kept.allows(request)
    if (!isShared) this.#kept.closeAll()
    const old = isShared ? this.#kept.take() : undefined
    if (old === undefined) return await this.#exchange(await connect(this.#base), request, isShared, false)
    try {
      return await this.#exchange(old, request, true, true)
    } catch (error) {
      // What may have been done is not to be done twice. Source: RFC 9112, section 9.3.1.
      if (!(error instanceof Stale) || !isIdempotent(request)) throw error
      return await this.#exchange(await connect(this.#base), request, false, false)
    }
  }

  #exchange(connection: Connection, request: HttpRequest, isShared: boolean, isOld: boolean): Promise<HttpResponse> {
    const kept = this.#kept
    return new Promise<HttpResponse>((resolve, reject) => {
      const reader = new AnswerReader(request.method, this.#bodyLimit)
      let waiting: NodeJS.Timeout | undefined
      const settle = (): void => {
        clearTimeout(deadline)
        clearTimeout(waiting)
      }
      const fail = (error: Error): void => {
        settle()
        if (isOld) kept.giveUp()
        connection.close()
        reject(failure(error, reader, connection, isOld))
      }
      const finish = (isOver: boolean): void => {
        try {
          const answer = reader.answer()
          settle()
          if (answer.framing !== undefined) kept.giveUp()
          if (!isOver && isShared && reader.mayGoOn && connection.isWritten) kept.put(connection)
          else connection.close()
          resolve(answer)
        } catch (error) {
          fail(error as Error)
        }
      }
      const late = (): void => fail(new TooLate(lateness(reader, this.#timeout)))
      const deadline = setTimeout(late, this.#timeout)
      const complete = (): void => {
        const goesOn = isShared && reader.mayGoOn
        const isWaitedFor = goesOn ? kept.isDoubtful(reader.status) : this.#leftOpen < patience
        if (!isWaitedFor) {
          finish(false)
          return
        }
        waiting = setTimeout(() => {
          if (goesOn) kept.stayed(reader.status)
          else this.#leftOpen += 1
          finish(false)
        }, grace)
      }
      const ended = (): void => {
        // Whoever means to close the connection is to say so. Source: RFC 9112, section 9.6.
        if (isShared && reader.isComplete && reader.mayGoOn) kept.giveUp()
        kept.saw(reader.status)
        finish(true)
      }
      connection.tell({
        data: bytes => {
          try {
            reader.push(bytes)
          } catch (error) {
            fail(error as Error)
            return
          }
          if (reader.isComplete && waiting === undefined) complete()
        },
        ended,
        // A server that has answered may well break off while it is still being written to.
        failed: error => (reader.isComplete ? ended() : fail(error)),
      })
      const head = headOf(this.#base, this.#prefix, request, this.#headers, isShared)
      // A long body is sent from where it is.
      const isChunked = headerOf(request.headers, 'transfer-encoding') === 'chunked'
      const body = isChunked ? inChunks(request.body) : request.body
      const isLong = body.length > maxCopied
      connection.send(body.length === 0 || isLong ? head : Buffer.concat([head, body]))
      if (isLong) connection.send(body)
    })
  }
}

/** Methods that have the same effect however often they come. Source: RFC 9110, section 9.2.2. */
function isIdempotent({ method }: HttpRequest): boolean {
  return method !== 'POST' && method !== 'PATCH'
}

function failure(error: Error, reader: AnswerReader, { isConnected }: Connection, isOld: boolean): Unreachable {
  const { message } = error
  if (isOld && !reader.hasBegun && !(error instanceof TooLate)) return new Stale(message, { cause: error })
  const Kind = reader.hasBegun ? BrokenOff : isConnected ? Unreachable : NotConnected
  const before = isOld && reader.hasBegun && reader.bodyLength === undefined
  return new Kind(before ? `${message}; the connection had carried another answer before` : message, { cause: error })
}

/** The bytes of a request before its body. Fields that it has itself are not added, so that wrong ones can be sent too. */
function headOf(
  base: URL,
  prefix: string,
  request: HttpRequest,
  more: readonly string[],
  isShared: boolean,
): Uint8Array {
  const fields = [...request.headers, ...more]
  const isThere = (name: string): boolean => headerOf(fields, name) !== undefined
  if (!isThere('host')) fields.push('Host', base.host)
  if (!isShared && !isThere('connection')) fields.push('Connection', 'close')
  const hasLength = request.body.length > 0 || withBody.has(request.method)
  if (hasLength && !isThere('content-length') && !isThere('transfer-encoding'))
    fields.push('Content-Length', String(request.body.length))
  let text = `${request.method} ${escaped(`${prefix}${request.target}`)} HTTP/1.1\r\n`
  for (let at = 0; at < fields.length; at += 2) text += `${fields[at]}: ${oneLine(fields[at + 1] as string)}\r\n`
  return Buffer.from(`${text}\r\n`, /[^\0-ÿ]/.test(text) ? 'utf8' : 'latin1')
}

/** A body in two chunks, as whoever does not know its length yet sends it. Source: RFC 9112, section 7.1. */
function inChunks(body: Uint8Array): Uint8Array {
  const half = Math.ceil(body.length / 2)
  const chunks = [body.subarray(0, half), body.subarray(half)].filter(({ length }) => length > 0)
  const written = chunks.flatMap(chunk => [Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')])
  return Buffer.concat([...written, Buffer.from('0\r\n\r\n')])
}

/** What would end the request line, or is no ASCII, as UTF-8 with percent signs. */
function escaped(target: string): string {
  const percent = (byte: number): string => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  return target.replace(/[^!-~]+/gu, text => [...Buffer.from(text)].map(percent).join(''))
}

/** The line breaks that would end a field are the one thing that no field can hold. */
function oneLine(value: string): string {
  return value.replace(/[\r\n\0]+/g, ' ')
}

function lateness(reader: AnswerReader, timeout: number): string {
  const { bodyLength } = reader
  if (bodyLength === undefined) return `no answer within ${timeout} ms`
  return `the answer did not end within ${timeout} ms: ${bodyLength} bytes of its body came`
}
