import { createServer as createPlain } from 'node:http'
import { createServer as createSecure } from 'node:https'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { generate } from 'selfsigned'
import { describe, expect, it } from 'vitest'
import { Policy } from '../../src/events/policy.ts'
import { type Outcome, sendPinned } from '../../src/events/send.ts'

const request = { method: 'POST', target: '', headers: ['X-A', '1'], body: Buffer.from('{}') }

type Listening = { readonly port: number } & AsyncDisposable

/** A server that does this with each connection, once something came. */
async function rawServer(answer: (socket: Socket) => void): Promise<Listening> {
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('data', () => answer(socket))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
  return { port: (server.address() as AddressInfo).port, [Symbol.asyncDispose]: close }
}

function sent(url: string, timeout = 300): Promise<Outcome> {
  return sendPinned(new URL(url), request, new Policy(), timeout)
}

describe('an attempt is given up in real time', () => {
  it.each([
    ['says nothing', () => {}],
    [
      'begins a head and ends it never',
      (socket: Socket) => drip(socket, 'HTTP/1.1 200 OK\r\nX-Long: aaaaaaaaaaaaaaaaaaa'),
    ],
    [
      'sends its body in drops',
      (socket: Socket) => drip(socket, 'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\naaaaaaaa'),
    ],
  ])('when the receiver %s', async (_, answer) => {
    await using server = await rawServer(answer)
    expect(await sent(`http://127.0.0.1:${server.port}/`)).toEqual({ kind: 'failed', says: 'no answer within 300 ms' })
  })

  it('when a receiver of HTTPS says nothing to the handshake', async () => {
    await using server = await rawServer(() => {})
    expect(await sent(`https://127.0.0.1:${server.port}/`)).toEqual({ kind: 'failed', says: 'no answer within 300 ms' })
  })
})

/** One byte after the other, each soon enough to look alive. */
function drip(socket: Socket, text: string): void {
  let at = 0
  const next = (): void => {
    if (socket.destroyed || at >= text.length) return
    socket.write(text[at] as string)
    at += 1
    setTimeout(next, 20)
  }
  next()
}

it('A receiver whose certificate nobody knows gets no byte of the event', async () => {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }])
  let asked = 0
  const server = createSecure({ cert, key }, (_, response) => {
    asked += 1
    response.end()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  expect(await sent(`https://localhost:${port}/`, 5_000)).toMatchObject({
    kind: 'failed',
    says: expect.stringMatching(/self-signed certificate/),
  })
  expect(asked).toBe(0)
  server.close()
})

it('A name is asked for once in an attempt, and the connection goes to the address that was judged', async () => {
  await using server = await rawServer(socket => socket.end('HTTP/1.1 204 No Content\r\n\r\n'))
  let asked = 0
  const resolve = async (): Promise<string[]> => {
    asked += 1
    return asked === 1 ? ['127.0.0.1'] : ['10.0.0.1']
  }
  const outcome = await sendPinned(new URL(`http://a.test:${server.port}/`), request, new Policy({ resolve }), 2_000)
  expect(outcome).toMatchObject({ kind: 'answered', response: { status: 204 } })
  expect(asked).toBe(1)
})

it('An answer before the event was read whole counts', async () => {
  const server = createPlain((_, response) => response.writeHead(413, { connection: 'close' }).end())
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const large = { ...request, body: Buffer.alloc(200_000, 'x') }
  const outcome = await sendPinned(new URL(`http://127.0.0.1:${port}/`), large, new Policy(), 5_000)
  expect(outcome).toMatchObject({ kind: 'answered', response: { status: 413 } })
  server.close()
})
