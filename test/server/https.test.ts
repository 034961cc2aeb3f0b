import { request } from 'node:https'
import { connect } from 'node:net'
import { generate } from 'selfsigned'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Credentials } from '../../src/server/index.ts'
import { raw, served, siteOf } from './kit.ts'

let tls: Credentials

beforeAll(async () => {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec' })
  tls = { cert, key }
})

describe('a server of HTTPS', () => {
  it('answers over TLS, and its URL says so', async () => {
    await using server = await served(siteOf(), { tls })
    expect(server.url).toBe(`https://127.0.0.1:${server.port}`)
    expect(await get(`${server.url}/known`)).toBe('{"method":"GET","target":"/known","length":0}')
    expect(await get(`${server.url}/elsewhere`)).toBe('{"missing":"/elsewhere"}')
  })

  it('tells those who speak plain HTTP where to go', async () => {
    await using server = await served(siteOf(), { tls })
    const text = await raw(server.port, 'GET /known?a=b HTTP/1.1\r\nHost: localhost:1\r\n\r\n')
    expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
    expect(text).toContain('This port speaks HTTPS. Use https://localhost:1/known?a=b')
    const response = await fetch(`http://127.0.0.1:${server.port}/known`, { method: 'POST', body: 'a'.repeat(100_000) })
    expect(response.status).toBe(400)
  })

  it.each([
    ['nothing', ''],
    ['half a handshake', '\x16\x03\x01'],
    ['a handshake that is none', `\x16${'a'.repeat(500)}`],
    ['a line that is no request', '\0\0\0'],
  ])('survives clients that send %s and go', async (_, bytes) => {
    const bugs: unknown[] = []
    await using server = await served(siteOf(), { tls, onBug: error => bugs.push(error) })
    for (const leave of ['end', 'resetAndDestroy'] as const) {
      await new Promise<void>(resolve => {
        const socket = connect(server.port, '127.0.0.1', () => socket.write(bytes, () => socket[leave]()))
        socket.resume()
        socket.on('error', () => {})
        socket.on('close', () => resolve())
      })
    }
    expect(await get(`${server.url}/known`)).toContain('"target":"/known"')
    expect(bugs).toEqual([])
  })

  it('closes although a client has not said anything yet', async () => {
    const server = await served(siteOf(), { tls })
    const socket = connect(server.port, '127.0.0.1')
    const gone = new Promise(resolve => socket.once('close', resolve))
    await new Promise(resolve => socket.once('connect', resolve))
    await server.close()
    await gone
  })

  it('is not made of a key that does not fit, and says so', async () => {
    const { private: key } = await generate([], { keyType: 'ec' })
    await expect(served(siteOf(), { tls: { ...tls, key } })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('Certificate and key cannot be used'),
    })
  })
})

function get(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    request(url, { ca: tls.cert, servername: 'localhost', agent: false }, response => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', chunk => {
        text += chunk
      })
      response.on('end', () => resolve(text))
    })
      .on('error', reject)
      .end()
  })
}
