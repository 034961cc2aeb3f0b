import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { Socket } from 'node:net'
import { exitCodes, Trouble } from '../finding/index.ts'

/** A certificate with its key, as PEM. */
export type Credentials = { readonly cert: string; readonly key: string }

/** Milliseconds: a request that does not end is not waited for any longer. */
const limits = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 1_000 }

/** First byte of a TLS handshake. Source: RFC 8446, section 5.1. */
const handshake = 0x16

export type Listener = {
  readonly server: Server
  /** Ends every connection, whatever it is in the midst of. */
  readonly endAll: () => void
}

/**
 * A server for HTTP, or with a certificate for HTTPS.
 *
 * @throws Trouble when certificate and key cannot be used together
 */
export function makeListener(tls: Credentials | undefined, listener: RequestListener): Listener {
  if (tls === undefined) {
    const server = createServer(limits, listener)
    return { server, endAll: () => server.closeAllConnections() }
  }
  const server = createSecure(tls, listener)
  const begins = server.listeners('connection') as ((socket: Socket) => void)[]
  server.removeAllListeners('connection')
  // Node knows of a connection only once TLS has begun on it.
  const open = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    unlessPlain(socket, () => {
      for (const begin of begins) begin.call(server, socket)
    })
  })
  const endAll = (): void => {
    for (const socket of open) socket.destroy()
  }
  return { server, endAll }
}

function createSecure({ cert, key }: Credentials, listener: RequestListener): Server {
  try {
    return createSecureServer({ ...limits, handshakeTimeout: limits.headersTimeout, cert, key }, listener)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Trouble(
      exitCodes.unusable,
      `Certificate and key cannot be used: ${reason}`,
      'Give a certificate and the private key that belongs to it, both as PEM.',
    )
  }
}

/** Looks at the first byte: who speaks plain HTTP to a port of HTTPS is told so, where TLS would only hang up. */
function unlessPlain(socket: Socket, begin: () => void): void {
  const drop = (): void => {
    socket.destroy()
  }
  socket.on('error', drop)
  socket.setTimeout(limits.headersTimeout, drop)
  socket.once('readable', () => {
    const first: Buffer | null = socket.read()
    if (first === null) {
      drop()
      return
    }
    if (first[0] !== handshake) {
      refusePlain(socket, first.toString('latin1'))
      return
    }
    socket.setTimeout(0)
    socket.off('timeout', drop)
    socket.off('error', drop)
    socket.unshift(first)
    begin()
  })
}

function refusePlain(socket: Socket, text: string): void {
  const host = /^host:[ \t]*([^\s]+)/im.exec(text)?.[1]
  const target = /^[A-Z]+ (\/\S*) HTTP\//.exec(text)?.[1] ?? ''
  const where = host === undefined ? 'an address that starts with https://' : `https://${host}${target}`
  const body = JSON.stringify({
    type: 'about:blank',
    title: 'Bad Request',
    status: 400,
    detail: `This port speaks HTTPS. Use ${where}`,
  })
  socket.end(
    `HTTP/1.1 400 Bad Request\r\ncontent-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
  // What is still to come is dropped, so that the answer is read before the connection breaks.
  socket.resume()
}
