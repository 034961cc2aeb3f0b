import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'

export type RawServer = AsyncDisposable & { readonly url: URL; readonly heads: readonly string[] }

/**
 * A server that answers every request with the same bytes and then closes the connection.
 *
 * @param bytes what it sends; a function does it by itself
 */
export async function rawServer(bytes: string | Buffer | ((socket: Socket) => void)): Promise<RawServer> {
  const heads: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    let read = ''
    let isAnswered = false
    socket.on('data', data => {
      read += data.toString('latin1')
      if (isAnswered || !read.includes('\r\n\r\n')) return
      isAnswered = true
      heads.push(read)
      if (typeof bytes === 'function') bytes(socket)
      else socket.end(bytes)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    heads,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
