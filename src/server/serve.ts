import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Express } from 'express'
import { exitCodes, Trouble } from '../finding/index.ts'
import { answer, answerFault } from './exchange.ts'
import { type Credentials, makeListener } from './listener.ts'
import type { Site, SiteOptions } from './site.ts'

export type ServeOptions = SiteOptions & {
  /** Port to listen on; 0 takes a free one. */
  readonly port?: number
  /** Address to bind; by default only this machine can connect. */
  readonly host?: string
  /** Serves HTTPS with this certificate; without it HTTP. */
  readonly tls?: Credentials
  /** Whether the Express app is made before the first request comes, which then waits for nothing. */
  readonly isReady?: boolean
}

/** A server that listens. */
export type Listening = {
  /** Where it can be reached, without a closing slash. */
  readonly url: string
  readonly port: number
  /** Stops listening, lets answers under way finish, then closes every connection. */
  close(): Promise<void>
}

/** Milliseconds that answers under way are given when the server closes. */
const grace = 2_000

/**
 * Serves a site. It is asked first, on node's own request and response; what it does not know goes to the Express app,
 * which is made when the first such request comes.
 *
 * @throws Trouble when the port is taken or may not be used, or the certificate does not fit its key
 */
export async function serve<Found>(
  site: Site<Found>,
  app: () => Promise<Express>,
  options: ServeOptions = {},
): Promise<Listening> {
  const { host = '127.0.0.1', port = 0 } = options
  let made: Promise<Express> | undefined
  const express = (): Promise<Express> => {
    made ??= app()
    return made
  }
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const fail = (error: unknown): void => {
      answerFault(response)
      options.onBug?.(error)
    }
    try {
      const found = site.find(request.method ?? 'GET', request.url ?? '/', request.rawHeaders)
      if (found !== undefined) answer(site, found, request, response, options)
      else
        express()
          .then(handle => handle(request, response))
          .catch(fail)
    } catch (error) {
      fail(error)
    }
  }
  if (options.isReady) await express()
  const { server, endAll } = makeListener(options.tls, listener)
  server.on('clientError', refuseMalformed)
  await listen(server, port, host)
  const bound = (server.address() as AddressInfo).port
  const scheme = options.tls === undefined ? 'http' : 'https'
  return { url: `${scheme}://${reachable(host)}:${bound}`, port: bound, close: () => close(server, endAll) }
}

/** How this machine reaches an address that it is bound to; those that stand for all of them cannot be connected to everywhere. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: unknown): void => reject(listenTrouble(error as NodeJS.ErrnoException, port, host))
    server.once('error', refuse)
    try {
      server.listen(port, host, resolve)
    } catch (error) {
      // A number that is no port is thrown, not emitted.
      refuse(error)
    }
  })
}

function listenTrouble(error: NodeJS.ErrnoException, port: number, host: string): Error {
  const free = 'Stop what listens there, or choose another port; --port 0 takes a free one.'
  switch (error.code) {
    case 'EADDRINUSE':
      return new Trouble(exitCodes.environment, `Port ${port} on ${host} is in use`, free)
    case 'EACCES':
      return new Trouble(
        exitCodes.environment,
        `Port ${port} may not be used by this user`,
        'Choose a port above 1023.',
      )
    case 'ERR_SOCKET_BAD_PORT':
      return new Trouble(exitCodes.environment, `${port} is not a port`, 'Give a number from 0 to 65535.')
    case 'EADDRNOTAVAIL':
    case 'EAI_AGAIN':
    case 'EINVAL':
    case 'ENOTFOUND':
      return new Trouble(
        exitCodes.environment,
        `${host} is no address of this machine`,
        'Use 127.0.0.1, or 0.0.0.0 for all addresses.',
      )
    default:
      return new Trouble(exitCodes.environment, `Cannot listen on ${host}:${port}: ${error.message}`, free)
  }
}

function close(server: Server, endAll: () => void): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(endAll, grace)
    server.close(() => {
      clearTimeout(timer)
      resolve()
    })
    server.closeIdleConnections()
  })
}

/** What is not HTTP, or too much of it, never becomes a request; it is answered on the socket. */
function refuseMalformed(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const [status, title] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? [431, 'Request Header Fields Too Large']
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? [408, 'Request Timeout']
        : [400, 'Bad Request']
  const body = JSON.stringify({
    type: 'about:blank',
    title,
    status,
    detail: `This is not a request that can be read (${error.code ?? error.message}).`,
  })
  afterAnswers(socket, () =>
    socket.end(
      `HTTP/1.1 ${status} ${title}\r\ncontent-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    ),
  )
}

/**
 * Waits for the answers to what was asked before on the same connection, which node's own handler looks for in the same
 * field. A request that broke off in its body is not waited for: it gets no other answer than this.
 */
function afterAnswers(socket: Socket & { _httpMessage?: ServerResponse | null }, then: () => void): void {
  const underWay = socket._httpMessage
  if (underWay?.req.complete !== true) then()
  else underWay.once('finish', () => afterAnswers(socket, then))
}
