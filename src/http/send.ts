import type { Socket } from 'node:net'
import { AnswerReader, NoAnswer } from './answer-reader.ts'
import { type Handler, type HttpRequest, type HttpResponse, headerOf } from './message.ts'

export type SendOptions = {
  /** Fields that every request gets. */
  readonly headers?: readonly string[]
  /** Milliseconds from the first byte of a request to the last of its answer, after which it is given up. */
  readonly timeout?: number
  /** Longest body that is read, in bytes; a longer one is no answer. */
  readonly bodyLimit?: number
}

/** Why no answer came: the target could not be reached, or broke off. */
export class Unreachable extends Error {}

/** An answer that began and was none in the end. */
export class BrokenOff extends Unreachable {}

/** Nobody took the connection, so that nothing of the request was sent. */
export class NotConnected extends Unreachable {}

/** Why no answer came: the time was up. */
export class TooLate extends NoAnswer {}

/** Milliseconds in which a server that was asked to close the connection may send what does not belong to the answer. */
const grace = 100

/** So often a server may leave the connection open before nobody waits for it any more. */
const patience = 2

const withBody = new Set(['POST', 'PUT', 'PATCH'])

/**
 * A handler that sends requests to a server, byte for byte as they are, and reads its answers with what is wrong about their
 * framing. Redirects are not followed and nothing is decoded: the answer is what stood on the wire. Each request has a
 * connection of its own.
 *
 * @param base URL whose path is put in front of request targets
 */
export function sendTo(base: URL, options: SendOptions = {}): Handler {
  const { headers = [], timeout = 10_000, bodyLimit = 16 * 1024 * 1024 } = options
  const prefix = base.pathname.replace(/\/$/, '')
  let leftOpen = 0
  return async (request: HttpRequest) => {
    const socket = await connect(base)
    return await new Promise<HttpResponse>((resolve, reject) => {
      const reader = new AnswerReader(request.method, bodyLimit)
      let waiting: NodeJS.Timeout | undefined
      let isConnected = false
      const over = (outcome: () => void): void => {
        clearTimeout(deadline)
        clearTimeout(waiting)
        socket.removeAllListeners('data').removeAllListeners('end').removeAllListeners('close')
        socket.destroy()
        outcome()
      }
      const fail = (error: Error): void => {
        const Kind = reader.hasBegun ? BrokenOff : isConnected ? Unreachable : NotConnected
        over(() => reject(new Kind(error.message, { cause: error })))
      }
      const finish = (): void => {
        try {
          const answer = reader.answer()
          over(() => resolve(answer))
        } catch (error) {
          fail(error as Error)
        }
      }
      const deadline = setTimeout(() => fail(new TooLate(lateness(reader, timeout))), timeout)
      socket.once(base.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
        isConnected = true
      })
      socket.on('data', (bytes: Buffer) => {
        try {
          reader.push(bytes)
        } catch (error) {
          fail(error as Error)
          return
        }
        if (!reader.isComplete || waiting !== undefined) return
        if (leftOpen >= patience) return finish()
        waiting = setTimeout(() => {
          leftOpen += 1
          finish()
        }, grace)
      })
      socket.on('end', finish)
      socket.on('close', finish)
      // A server that has answered may well break off while it is still being written to.
      socket.on('error', error => (reader.isComplete ? finish() : fail(error)))
      socket.write(headOf(base, prefix, request, headers))
      if (request.body.length > 0) socket.write(request.body)
    })
  }
}

async function connect(base: URL): Promise<Socket> {
  const host = base.hostname.replace(/^\[|\]$/g, '')
  // TLS takes a while to load and most targets do without.
  if (base.protocol === 'https:') {
    const { connect: open } = await import('node:tls')
    return open({
      host,
      port: Number(base.port || 443),
      servername: /^[\d.]+$|:/.test(host) ? '' : host,
      ALPNProtocols: ['http/1.1'],
    })
  }
  const { connect: open } = await import('node:net')
  return open({ host, port: Number(base.port || 80), noDelay: true })
}

/** The head as it is sent. Fields that the request has itself are not added, so that wrong ones can be sent too. */
function headOf(base: URL, prefix: string, request: HttpRequest, more: readonly string[]): Buffer {
  const fields = [...request.headers, ...more]
  const isThere = (name: string): boolean => headerOf(fields, name) !== undefined
  if (!isThere('host')) fields.push('Host', base.host)
  if (!isThere('connection')) fields.push('Connection', 'close')
  const hasLength = request.body.length > 0 || withBody.has(request.method)
  if (hasLength && !isThere('content-length') && !isThere('transfer-encoding'))
    fields.push('Content-Length', String(request.body.length))
  let head = `${request.method} ${escaped(`${prefix}${request.target}`)} HTTP/1.1\r\n`
  for (let at = 0; at < fields.length; at += 2) head += `${fields[at]}: ${oneLine(fields[at + 1] as string)}\r\n`
  return Buffer.from(`${head}\r\n`, [...head].some(letter => letter > 'ÿ') ? 'utf8' : 'latin1')
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
