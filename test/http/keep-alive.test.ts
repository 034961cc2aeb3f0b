import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { type HttpRequest, noBytes, sendTo } from '../../src/http/index.ts'

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'
const get: HttpRequest = { method: 'GET', target: '/a', headers: [], body: noBytes }
const post: HttpRequest = { ...get, method: 'POST', body: Buffer.from('{}') }

type Answer = (socket: Socket, nth: number, head: string) => void

/** A server that answers as it is told; it counts its connections, and the requests of each. */
async function server(answer: Answer) {
  const requests: number[] = []
  const sockets = new Set<Socket>()
  const listener = createServer(socket => {
    const id = requests.push(0) - 1
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('data', bytes => {
      requests[id] = (requests[id] ?? 0) + 1
      answer(socket, requests[id], bytes.toString('latin1'))
    })
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as { port: number }
  return {
    send: sendTo(new URL(`http://127.0.0.1:${port}`), { keepAlive: true, timeout: 2_000 }),
    requests,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      listener.close()
      await once(listener, 'close')
    },
  }
}

const polite: Answer = (socket, _, head) => {
  if (/^connection: close/im.test(head)) socket.end(ok)
  else socket.write(ok)
}

async function all(send: (request: HttpRequest) => Promise<unknown>, requests: readonly HttpRequest[]): Promise<void> {
  for (const request of requests) await send(request)
}

const times = (count: number, request: HttpRequest): HttpRequest[] => Array.from({ length: count }, () => request)

describe('connections that are kept', () => {
  it('carry many requests, after the first of a method and path', async () => {
    await using target = await server(polite)
    await all(target.send, times(6, get))
    expect(target.requests).toEqual([1, 5])
  })

  it('are not for other methods, nor for requests that say something of their connection or length themselves', async () => {
    await using target = await server(polite)
    await all(target.send, times(3, { ...get, method: 'DELETE' }))
    await all(target.send, times(3, { ...get, headers: ['Connection', 'close'] }))
    await all(target.send, times(3, { ...post, headers: ['content-length', '2'] }))
    expect(target.requests).toEqual(Array.from({ length: 9 }, () => 1))
  })

  it.each<[string, Answer]>([
    ['closes them without saying so', socket => void socket.end(ok)],
    ['says that it closes them', socket => void socket.write(ok.replace('\r\n', '\r\nConnection: close\r\n'))],
    ['speaks HTTP/1.0', socket => void socket.write(ok.replace('1.1', '1.0'))],
    ['answers up to the end of the connection', socket => void socket.end('HTTP/1.1 200 OK\r\n\r\nhi')],
  ])('are not kept with a server that %s', async (_, answer) => {
    await using target = await server(answer)
    await all(target.send, times(4, post))
    expect(target.requests).toEqual([1, 1, 1, 1])
  })

  it('are given up when more bytes come late than were announced, and the answers after it tell', async () => {
    let asked = 0
    await using target = await server((socket, _, head) => {
      asked += 1
      if (asked < 4) return polite(socket, asked, head)
      const isLast = /^connection: close/im.test(head)
      socket.write(ok)
      setTimeout(() => (isLast ? socket.end('more') : socket.write('more')), 10)
    })
    await all(target.send, times(4, get))
    const told: (readonly string[])[] = []
    // A busy machine may have the bytes read late.
    for (let tries = 0; tries < 5 && told.length === 0; tries += 1) {
      await new Promise(resolve => setTimeout(resolve, 30))
      const answer = await target.send(get).catch(() => undefined)
      if (answer?.framing !== undefined) told.push(answer.framing)
    }
    expect(told).toEqual([['4 bytes more came than the 2 of Content-Length']])
  })

  it('that were closed in between have a GET sent again', async () => {
    await using target = await server((socket, nth, head) => {
      if (nth === 3) socket.destroy()
      else polite(socket, nth, head)
    })
    await all(target.send, times(5, get))
    // From then on each has its own.
    expect(target.requests).toEqual([1, 3, 1, 1])
  })

  it('that were closed in between do not have a POST sent again, which may have been done', async () => {
    await using target = await server((socket, nth, head) => {
      if (nth === 3) socket.destroy()
      else polite(socket, nth, head)
    })
    await all(target.send, times(3, post))
    await expect(target.send(post)).rejects.toThrow('the connection ended before the answer did: nothing came')
    expect(target.requests).toEqual([1, 3])
  })

  it('are closed before they get old', async () => {
    await using target = await server(polite)
    await all(target.send, times(3, get))
    await new Promise(resolve => setTimeout(resolve, 120))
    await target.send(get)
    expect(target.requests).toEqual([1, 2, 1])
  })
})
