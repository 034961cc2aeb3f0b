import { describe, expect, it } from 'vitest'
import type { HttpRequest, HttpResponse } from '../../src/index.ts'
import { raw, said, served, siteOf } from './kit.ts'

const mebibyte = 1024 * 1024

function bodyOf(text: string): unknown {
  return JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4))
}

describe('the body of a request', () => {
  it.each<[number, unknown]>([
    [0, { length: 0 }],
    [1, { length: 1 }],
    [mebibyte, { length: mebibyte }],
    [mebibyte + 1, { length: 0, bodyLimit: mebibyte }],
    [5 * mebibyte, { length: 0, bodyLimit: mebibyte }],
  ])('is read up to a mebibyte: %i bytes', async (length, expected) => {
    await using server = await served(siteOf())
    const response = await fetch(`${server.url}/known`, { method: 'POST', body: new Uint8Array(length) })
    expect(await response.json()).toMatchObject(expected as object)
  })

  it('is read up to the limit that was set', async () => {
    await using server = await served(siteOf(), { bodyLimit: 3 })
    const lengthOf = async (body: string): Promise<unknown> =>
      (await fetch(`${server.url}/known`, { method: 'POST', body })).json()
    expect(await lengthOf('abc')).toMatchObject({ length: 3 })
    expect(await lengthOf('abcd')).toMatchObject({ length: 0, bodyLimit: 3 })
  })

  it('ends the connection when it was not read to its end', async () => {
    await using server = await served(siteOf(), { bodyLimit: 3 })
    const text = await raw(server.port, 'POST /known HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nabcd')
    expect(text).toMatch(/^connection: close\r$/im)
  })

  it('is dropped when it is endless, and the answer is sent', async () => {
    await using server = await served(siteOf(), { bodyLimit: 3 })
    const chunk = `100000\r\n${'a'.repeat(mebibyte)}\r\n`
    const endless = `POST /known HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(20)}`
    expect(await raw(server.port, endless, text => text.includes('}'))).toContain('"bodyLimit":3')
  })

  it('is put together of chunks, whatever stands at their ends', async () => {
    let body: Uint8Array | undefined
    await using server = await served(
      siteOf(request => {
        body = request.body
        return said({})
      }),
    )
    const head = 'POST /known HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n'
    await raw(server.port, `${head}3;ext=1\r\nabc\r\n1\r\nd\r\n0\r\nTrailer: x\r\n\r\n`)
    expect(Buffer.from(body ?? []).toString()).toBe('abcd')
  })

  it('is asked for with 100 Continue', async () => {
    await using server = await served(siteOf())
    const head =
      'POST /known HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n'
    const text = await raw(server.port, `${head}ab`)
    expect(text).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/)
    expect(text).toContain('"length":2')
  })

  it('may come slowly', async () => {
    await using server = await served(siteOf())
    const slow = new ReadableStream({
      async start(controller) {
        for (const part of ['a', 'b', 'c']) {
          await new Promise(resolve => setTimeout(resolve, 5))
          controller.enqueue(Buffer.from(part))
        }
        controller.close()
      },
    })
    const init = { method: 'POST', body: slow, duplex: 'half' } as RequestInit
    expect(await (await fetch(`${server.url}/known`, init)).json()).toMatchObject({ length: 3 })
  })
})

describe('a request as the site gets it', () => {
  it('holds the fields as they stood on the wire', async () => {
    let seen: HttpRequest | undefined
    await using server = await served(
      siteOf(request => {
        seen = request
        return said({})
      }),
    )
    await raw(
      server.port,
      'PATCH /known/%7Ea?b=%2F HTTP/1.1\r\nHoSt: a\r\nX-Two: 1\r\nx-two: 2\r\nConnection: close\r\n\r\n',
    )
    expect(seen?.body).toHaveLength(0)
    expect(seen).toMatchObject({
      method: 'PATCH',
      target: '/known/%7Ea?b=%2F',
      headers: ['HoSt', 'a', 'X-Two', '1', 'x-two', '2', 'Connection', 'close'],
    })
  })

  it('comes in order when requests are pipelined', async () => {
    await using server = await served(
      siteOf(async request => {
        // The first takes longest; its answer has to be the first all the same.
        if (request.target.endsWith('1')) await new Promise(resolve => setTimeout(resolve, 20))
        return said(request.target)
      }),
    )
    const get = (n: number): string => `GET /known/${n} HTTP/1.1\r\nHost: a\r\n\r\n`
    const last = 'GET /known/4 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
    const text = await raw(server.port, get(1) + get(2) + get(3) + last)
    expect(text.match(/"\/known\/\d"/g)).toEqual(['"/known/1"', '"/known/2"', '"/known/3"', '"/known/4"'])
    expect(text.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(4)
  })
})

describe('an answer on the wire', () => {
  async function wire(method: string, response: HttpResponse): Promise<string> {
    await using server = await served(siteOf(() => response))
    return await raw(server.port, `${method} /known HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
  }

  it('has the length of its body', async () => {
    const text = await wire('GET', { status: 200, headers: ['x-a', 'b'], body: Buffer.from('é') })
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\nx-a: b\r\ncontent-length: 2\r\n/)
    expect(text.endsWith('\r\n\r\n\xc3\xa9')).toBe(true)
  })

  it('to HEAD has the length of the body that it leaves out', async () => {
    const text = await wire('HEAD', { status: 200, headers: [], body: Buffer.from('four') })
    expect(text).toContain('\r\ncontent-length: 4\r\n')
    expect(text.endsWith('\r\n\r\n')).toBe(true)
  })

  it.each([204, 304])('of %i has neither body nor length', async status => {
    const text = await wire('GET', { status, headers: [], body: Buffer.from('four') })
    expect(text.toLowerCase()).not.toContain('content-length')
    expect(text).not.toContain('four')
  })

  it('without a body says that its length is nothing', async () => {
    expect(await wire('GET', { status: 202, headers: [], body: Buffer.from('') })).toContain(
      '\r\ncontent-length: 0\r\n',
    )
  })

  it('repeats fields that are repeated, in their case', async () => {
    const text = await wire('GET', {
      status: 200,
      headers: ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2'],
      body: Buffer.from(''),
    })
    expect(text).toContain('Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n')
  })
})

describe('what is no request', () => {
  it.each<[string, string, number]>([
    ['garbage', 'GARBAGE\r\n\r\n', 400],
    ['another protocol', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
    ['no host', 'GET /known HTTP/1.1\r\n\r\n', 400],
    ['two lengths', 'POST /known HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na', 400],
    [
      'a length beside chunks',
      'POST /known HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\na',
      400,
    ],
    ['a length that is none', 'POST /known HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n', 400],
    ['a chunk that is none', 'POST /known HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', 400],
    ['a space before a colon', 'GET /known HTTP/1.1\r\nHost : a\r\n\r\n', 400],
    ['a header of 20 KB', `GET /known HTTP/1.1\r\nHost: a\r\nX-Long: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
    ['a target of 20 KB', `GET /known/${'a'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 431],
  ])('is refused on the socket: %s', async (_, bytes, status) => {
    const bugs: unknown[] = []
    await using server = await served(siteOf(), { onBug: error => bugs.push(error) })
    const text = await raw(server.port, bytes)
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(text).toMatch(/^connection: close\r$/im)
    expect(bugs).toEqual([])
    expect((await fetch(`${server.url}/known`)).status).toBe(200)
  })

  it('is refused with a problem', async () => {
    await using server = await served(siteOf())
    const text = await raw(server.port, 'GARBAGE\r\n\r\n')
    expect(text).toContain('\r\ncontent-type: application/problem+json\r\n')
    expect(bodyOf(text)).toMatchObject({ title: 'Bad Request', status: 400, detail: expect.any(String) })
  })

  it('does not spoil the answers before it', async () => {
    await using server = await served(
      siteOf(async ({ target }) => {
        await new Promise(resolve => setTimeout(resolve, 5))
        return said(target)
      }),
    )
    const get = (n: number): string => `GET /known/${n} HTTP/1.1\r\nHost: a\r\n\r\n`
    const text = await raw(server.port, `${get(1)}${get(2)}GARBAGE\r\n\r\n`)
    expect(text.match(/HTTP\/1\.1 \d+|"\/known\/\d"/g)).toEqual([
      ...['HTTP/1.1 200', '"/known/1"', 'HTTP/1.1 200', '"/known/2"', 'HTTP/1.1 400'],
    ])
  })
})
