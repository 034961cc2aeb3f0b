import { type ClientRequest, request as openPlain, type RequestOptions } from 'node:http'
import { connect, isIP, type Socket } from 'node:net'
import { type HttpRequest, type HttpResponse, noBytes } from '../http/index.ts'
import { isSameAddress } from './address.ts'
import { hostIn, type Policy, portIn } from './policy.ts'

/** What became of one attempt. */
export type Outcome =
  | { readonly kind: 'answered'; readonly response: HttpResponse }
  | { readonly kind: 'blocked'; readonly says: string }
  | { readonly kind: 'failed'; readonly says: string }

/** Bytes of an answer that are read. */
const maxAnswer = 64 * 1024

/**
 * Sends one request. The name is resolved once, every address is judged, and the connection goes to an address that was
 * judged; nothing is written before the other end is known to be it. Redirects and proxies are not followed.
 *
 * @param timeout milliseconds until the answer has to be there
 * @param underWay what ends the attempt is in it while there is no answer
 */
export async function sendPinned(
  url: URL,
  request: HttpRequest,
  policy: Policy,
  timeout: number,
  underWay: Set<() => void> = new Set(),
): Promise<Outcome> {
  // Unlike `AbortSignal.timeout`, it lets go of everything as soon as there is an answer.
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(), timeout)
  timer.unref()
  const ends = deadline.signal
  let isStopped = false
  const stop = (): void => {
    isStopped = true
    deadline.abort()
  }
  underWay.add(stop)
  try {
    // A name server that keeps silent is given up too.
    const verdict = await Promise.race([policy.judge(url), aborted(ends)])
    if (verdict.kind === 'blocked') return verdict
    if (verdict.kind === 'unresolved') return { kind: 'failed', says: verdict.says }
    const socket = await reach(url, verdict.addresses, ends)
    return { kind: 'answered', response: await exchange(url, request, socket, ends) }
  } catch (error) {
    if (isStopped) return { kind: 'failed', says: 'the mock ended before there was an answer' }
    return { kind: 'failed', says: ends.aborted ? `no answer within ${timeout} ms` : wordsOf(error) }
  } finally {
    underWay.delete(stop)
    clearTimeout(timer)
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.message === 'aborted') return 'the connection ended in the middle of the answer'
  if (error.message === 'socket hang up') return 'the connection ended before an answer'
  if ('code' in error && /^HPE_/.test(String(error.code)))
    return `the answer is no HTTP: ${error.message} (${error.code})`
  return 'code' in error && !error.message.includes(String(error.code))
    ? `${error.message} (${error.code})`
    : error.message
}

/** A connection to the first address that takes one. */
async function reach(url: URL, addresses: readonly string[], ends: AbortSignal): Promise<Socket> {
  const port = portIn(url)
  let last: unknown = new Error('there is no address')
  for (const address of addresses) {
    try {
      const socket = await open(address, port, ends)
      if (socket.remoteAddress !== undefined && isSameAddress(socket.remoteAddress, address)) {
        return url.protocol === 'https:' ? await secure(url, socket, ends) : socket
      }
      socket.destroy()
      throw new Error(`the connection went to ${socket.remoteAddress} instead of ${address}`)
    } catch (error) {
      last = error
      if (ends.aborted) break
    }
  }
  throw last
}

function open(address: string, port: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port })
    const abort = (): void => {
      socket.destroy(signal.reason)
    }
    signal.addEventListener('abort', abort, { once: true })
    socket.once('connect', () => {
      signal.removeEventListener('abort', abort)
      socket.off('error', reject)
      socket.on('error', () => {})
      resolve(socket)
    })
    socket.once('error', reject)
  })
}

async function secure(url: URL, socket: Socket, ends: AbortSignal): Promise<Socket> {
  const { connect: connectSecure } = await import('node:tls')
  const host = hostIn(url)
  return await new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      socket.destroy()
      reject(error)
    }
    // Server Name Indication is for names only. Source: RFC 6066, section 3.
    const over = connectSecure({ socket, host, ...(isIP(host) === 0 && { servername: host }) }, () => resolve(over))
    over.on('error', fail)
    ends.addEventListener('abort', () => fail(ends.reason), { once: true })
  })
}

function exchange(url: URL, request: HttpRequest, socket: Socket, ends: AbortSignal): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      socket.destroy()
      reject(error)
    }
    ends.addEventListener('abort', () => fail(ends.reason), { once: true })
    const options: RequestOptions & { readonly createConnection: () => Socket } = {
      createConnection: () => socket,
      method: request.method,
      path: `${url.pathname}${url.search}`,
      headers: [
        ...request.headers,
        'Host',
        url.host,
        'Content-Length',
        String(request.body.length),
        'Connection',
        'close',
      ],
    }
    let sent: ClientRequest
    try {
      sent = openPlain(options)
    } catch (error) {
      fail(error)
      return
    }
    sent.on('error', fail)
    sent.on('response', message => {
      const chunks: Buffer[] = []
      let length = 0
      const finish = (): void => {
        socket.destroy()
        const body = length === 0 ? noBytes : Buffer.concat(chunks)
        resolve({ status: message.statusCode ?? 0, headers: message.rawHeaders, body })
      }
      message.on('data', (chunk: Buffer) => {
        chunks.push(chunk.subarray(0, maxAnswer - length))
        length += chunk.length
        if (length >= maxAnswer) finish()
      })
      message.on('end', finish)
      message.on('error', fail)
    })
    sent.end(request.body)
  })
}
