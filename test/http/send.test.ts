import { once } from 'node:events'
import { createServer } from 'node:http'
import { describe, expect, it } from 'vitest'
import { type HttpRequest, sendTo, Unreachable } from '../../src/http/index.ts'
import { rawServer } from './raw-server.ts'

const get: HttpRequest = { method: 'GET', target: '/a', headers: [], body: Buffer.alloc(0) }
const ok = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n'

async function ask(bytes: Parameters<typeof rawServer>[0], request: Partial<HttpRequest> = {}, timeout = 2_000) {
  await using server = await rawServer(bytes)
  const { status, body, framing, headers } = await sendTo(server.url, { timeout })({ ...get, ...request })
  return { status, text: Buffer.from(body).toString(), framing, headers }
}

describe('an answer', () => {
  it.each<[string, string, string]>([
    ['with a length', `${ok}Content-Length: 2\r\n\r\nhi`, 'hi'],
    ['in chunks', `${ok}Transfer-Encoding: chunked\r\n\r\n2;x=y\r\nhi\r\n1\r\n!\r\n0\r\nX-Sum: 3\r\n\r\n`, 'hi!'],
    ['that ends with the connection', `${ok}\r\nhi`, 'hi'],
    ['with lines that end as some do', 'HTTP/1.1 200 OK\nContent-Length: 2\n\nhi', 'hi'],
    ['after an interim one', `HTTP/1.1 100 Continue\r\n\r\n${ok}Content-Length: 2\r\n\r\nhi`, 'hi'],
    ['without a reason', 'HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nhi', 'hi'],
    ['of HTTP/1.0', 'HTTP/1.0 200 OK\r\n\r\nhi', 'hi'],
  ])('%s is read, and has no fault', async (_, bytes, text) => {
    expect(await ask(bytes)).toMatchObject({ status: 200, text, framing: undefined })
  })

  it('is read however its bytes are cut', async () => {
    const bytes = Buffer.from(`${ok}Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n`)
    const cut = await ask(socket => {
      let at = 0
      const next = (): void => {
        socket.write(bytes.subarray(at, at + 1))
        at += 1
        if (at < bytes.length) setImmediate(next)
        else socket.end()
      }
      next()
    })
    expect(cut).toMatchObject({ text: 'hi', framing: undefined })
  })

  it.each<[string, string, Partial<HttpRequest>, string]>([
    [
      'more bytes than announced',
      `${ok}Content-Length: 2\r\n\r\nhi you`,
      {},
      '4 bytes more came than the 2 of Content-Length',
    ],
    [
      'a body with 204',
      'HTTP/1.1 204 No Content\r\n\r\n{}',
      {},
      '2 bytes more came after the head of a 204, which has no body',
    ],
    [
      'a body with 304',
      'HTTP/1.1 304 Not Modified\r\n\r\n{}',
      {},
      '2 bytes more came after the head of a 304, which has no body',
    ],
    [
      'a body with HEAD',
      `${ok}Content-Length: 2\r\n\r\nhi`,
      { method: 'HEAD' },
      '2 bytes more came after the head of an answer to HEAD, which has no body',
    ],
    ['two lengths', `${ok}Content-Length: 2\r\nContent-Length: 3\r\n\r\nhi`, {}, 'Content-Length came 2 times: 2, 3'],
    [
      'a length that is no number',
      `${ok}Content-Length: two\r\n\r\nhi`,
      {},
      'Content-Length is "two", which is no number of bytes',
    ],
    [
      'a length beside chunks',
      `${ok}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n`,
      {},
      'Transfer-Encoding: chunked came together with Content-Length: 2',
    ],
    [
      'bytes after the last chunk',
      `${ok}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nmore`,
      {},
      '4 bytes more came after the last chunk',
    ],
    [
      'a line that is no field',
      `${ok}No colon here\r\nContent-Length: 0\r\n\r\n`,
      {},
      'the line "No colon here" of its head is no header field',
    ],
  ])('with %s is read with what is wrong', async (_, bytes, request, says) => {
    expect((await ask(bytes, request)).framing).toEqual([says])
  })

  it.each<[string, Parameters<typeof rawServer>[0], string]>([
    ['ends too early', `${ok}Content-Length: 9\r\n\r\nhi`, 'the body ended after 2 of the 9 bytes of Content-Length'],
    [
      'has a chunk of no size',
      `${ok}Transfer-Encoding: chunked\r\n\r\nhi\r\n`,
      'its body is not chunked as it says: "hi" stands where the size of a chunk belongs',
    ],
    [
      'has a longer chunk than it says',
      `${ok}Transfer-Encoding: chunked\r\n\r\n2\r\nhiya\r\n0\r\n\r\n`,
      'its body is not chunked as it says: "ya" stands where a chunk ends',
    ],
    [
      'ends before the last chunk',
      `${ok}Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n`,
      'the chunked body ended before its last chunk',
    ],
    ['is no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n\r\n', 'it begins with "SSH-2.0-OpenSSH_9.2", which is no status line'],
    ['is none', '', 'the connection ended before the answer did: nothing came'],
    ['never begins', () => {}, 'no answer within 300 ms'],
    [
      'never ends',
      socket => void socket.write(`${ok}Content-Length: 9\r\n\r\nhi`),
      'the answer did not end within 300 ms: 2 bytes of its body came',
    ],
  ])('that %s is none, and says why', async (_, bytes, says) => {
    await expect(ask(bytes, {}, 300)).rejects.toThrow(new Unreachable(says))
  })

  it('that drips is given up in time', async () => {
    const dripping = ask(
      socket => {
        socket.write(`${ok}\r\n`)
        const timer = setInterval(() => socket.write('.'), 20)
        socket.on('close', () => clearInterval(timer))
      },
      {},
      300,
    )
    await expect(dripping).rejects.toThrow(/^the answer did not end within 300 ms: \d+ bytes of its body came$/)
  })
})

describe('a request', () => {
  it('goes out byte for byte', async () => {
    await using server = await rawServer(`${ok}Content-Length: 0\r\n\r\n`)
    const send = sendTo(new URL('/base/', server.url), { headers: ['X-All', '1'] })
    await send({
      method: 'TRACE',
      target: '/a%zz?b=[]|',
      headers: ['X-Odd', 'é\u0007', 'X-Odd', 'b'],
      body: Buffer.alloc(0),
    })
    await send({
      method: 'POST',
      target: '/ü b',
      headers: ['content-length', '7', 'Host', 'else'],
      body: Buffer.from('{}'),
    })
    const { host } = server.url
    expect(server.heads).toEqual([
      `TRACE /base/a%zz?b=[]| HTTP/1.1\r\nX-Odd: é\u0007\r\nX-Odd: b\r\nX-All: 1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      expect.stringMatching(/^POST \/base\/%C3%BC%20b HTTP\/1\.1\r\ncontent-length: 7\r\nHost: else\r\n/),
    ])
  })

  it('cannot be split into two', async () => {
    await using server = await rawServer(`${ok}Content-Length: 0\r\n\r\n`)
    await sendTo(server.url)({ ...get, target: '/a b\r\nX: 1', headers: ['X-A', 'b\r\nX-B: c'] })
    expect(server.heads[0]).toContain('GET /a%20b%0D%0AX:%201 HTTP/1.1\r\nX-A: b X-B: c\r\n')
  })

  it('is answered by node, with and without a body, whether it closes the connection or not', async () => {
    const server = createServer((request, response) => {
      response.shouldKeepAlive = request.url !== '/close'
      request.pipe(response)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const send = sendTo(new URL(`http://127.0.0.1:${port}`))
    const large = Buffer.alloc(300_000, 'a')
    for (const target of ['/close', '/keep']) {
      for (const body of [Buffer.alloc(0), Buffer.from('{"a":1}'), large]) {
        const answer = await send({ method: 'POST', target, headers: [], body })
        expect(answer.framing).toBeUndefined()
        expect(Buffer.from(answer.body).equals(body)).toBe(true)
      }
    }
    server.closeAllConnections()
    server.close()
  })

  it('to nobody says so', async () => {
    await expect(sendTo(new URL('http://127.0.0.1:1'))(get)).rejects.toThrow(Unreachable)
  })
})
