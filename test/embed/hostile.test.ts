import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadDocument } from '../../src/document/index.ts'
import { listenTo } from '../../src/embed/index.ts'
import { Mock } from '../../src/mock/index.ts'
import { Api } from '../../src/model/index.ts'
import type { Listening } from '../../src/server/index.ts'
import { raw } from '../server/kit.ts'

const described = `openapi: 3.1.0
info: { title: Test, version: '1' }
paths:
  /things/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get: { responses: { '200': { description: D, content: { application/json: { example: { got: true } } } } } }
    put:
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Tree' } } } }
      responses:
        '200': { description: D, content: { application/json: { example: { put: true } } } }
        '400': { description: D }
components:
  schemas:
    Tree: { type: object, properties: { down: { $ref: '#/components/schemas/Tree' } } }
`

let folder: string
let server: Listening
const bugs: unknown[] = []

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'contrato-'))
  await writeFile(path.join(folder, 'api.yaml'), described)
  const api = new Api(await loadDocument(path.join(folder, 'api.yaml')))
  server = await listenTo(new Mock(api), { onBug: error => bugs.push(error) })
})

afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

/** The bytes of a PUT with a JSON body. */
function put(body: string, fields = ''): string {
  // Each character is a byte here.
  const { length } = body
  return `PUT /things/1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n${fields}Content-Length: ${length}\r\n\r\n${body}`
}

function get(target: string, fields = ''): string {
  return `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${fields}\r\n`
}

function deep(open: string, close: string, depth: number): string {
  return open.repeat(depth) + close.repeat(depth)
}

describe('a mock that is asked what nobody should ask', () => {
  it.each<[string, string, number]>([
    ['malformed JSON', put('{"down": '), 400],
    ['JSON with a comma too many', put('{"down": {},}'), 400],
    ['no JSON at all', put('\0\0'), 400],
    ['an empty body', put(''), 400],
    ['bytes that are not UTF-8', put('"\xff\xfe"'), 400],
    ['a body 500 deep that the schema follows', put(`${'{"down":'.repeat(500)}{}${'}'.repeat(500)}`), 200],
    ['one that is 5,000 deep', put(`${'{"down":'.repeat(5_000)}{}${'}'.repeat(5_000)}`), 400],
    ['a list 5,000 deep', put(deep('[', ']', 5_000)), 400],
    ['a list 200,000 deep', put(deep('[', ']', 200_000)), 400],
    ['a list 200,000 deep that never ends', put('['.repeat(200_000)), 400],
    ['a key that is a prototype', put('{"__proto__": {"down": 1}, "constructor": 1}'), 200],
    ['a number beyond all measure', put(`{"n": 1${'0'.repeat(100_000)}}`), 200],
    ['a percent escape that is no UTF-8', get('/things/%E0%A4%A'), 400],
    ['a percent escape that is none', get('/things/%zz'), 400],
    ['a percent alone', get('/things/%'), 400],
    ['a NUL in the path', get('/things/%00'), 200],
    ['a target in absolute form', get('http://a.example/things/1'), 200],
    ['a target in absolute form of an unknown path', get('http://a.example/nothing'), 404],
    ['dots', get('/things/../../etc/passwd'), 404],
    ['10,000 parameters', get(`/things/1?${'a&'.repeat(5_000)}`), 200],
    ['900 fields', get('/things/1', 'X-A: b\r\n'.repeat(900)), 200],
    ['10,000 fields', get('/things/1', 'X-A: b\r\n'.repeat(10_000)), 431],
    ['a field of 100 KB', get('/things/1', `X-A: ${'a'.repeat(100_000)}\r\n`), 431],
    ['a Prefer of 10 KB', get('/things/1', `Prefer: ${'code=,;"='.repeat(1_000)}\r\n`), 200],
    ['an Accept of 10 KB', get('/things/1', `Accept: ${'a/b;q=,'.repeat(1_400)}*/*\r\n`), 200],
    ['an Origin that is none', get('/things/1', 'Origin: \x7f"<>\r\n'), 400],
    ['an upgrade', get('/things/1', 'Upgrade: websocket\r\n').replace('close', 'Upgrade'), 200],
    ['an upgrade to HTTP/2', get('/things/1', 'Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n'), 200],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['CONNECT', 'CONNECT a.example:443 HTTP/1.1\r\nHost: a\r\n\r\n', 0],
    ['TRACE', 'TRACE /things/1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 405],
    ['a method of its own', 'BREW /things/1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 400],
    ['OPTIONS *', 'OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 204],
    ['an expectation that is none', put('{}', 'Expect: something\r\n'), 417],
    ['HTTP/1.0', 'GET /things/1 HTTP/1.0\r\n\r\n', 200],
    ['HTTP/0.9', 'GET /things/1\r\n\r\n', 200],
    ['HTTP/3.0', 'GET /things/1 HTTP/3.0\r\nHost: a\r\n\r\n', 400],
  ])('answers %s', async (_, bytes, status) => {
    const text = await raw(server.port, Buffer.from(bytes, 'latin1'), said => /\r\n\r\n/.test(said))
    expect(Number(/^HTTP\/1\.1 (\d+) /.exec(text)?.[1] ?? 0)).toBe(status)
    expect(bugs).toEqual([])
    expect((await fetch(`${server.url}/things/1`)).status).toBe(200)
  })

  it('takes a body in chunks with trailers', async () => {
    const head =
      'PUT /things/1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n'
    const text = await raw(server.port, `${head}1\r\n{\r\n1;a="b"\r\n}\r\n0\r\nX-Sum: 1\r\n\r\n`)
    expect(text).toMatch(/^HTTP\/1\.1 200 /)
  })

  it('closes after an answer to HTTP/1.0, and keeps the connection where that was asked for', async () => {
    expect(await raw(server.port, 'GET /things/1 HTTP/1.0\r\n\r\n')).toMatch(/^connection: close\r$/im)
    const kept = await raw(
      server.port,
      'GET /things/1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /things/2 HTTP/1.0\r\n\r\n',
    )
    expect(kept.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2)
  })

  it('is not held up by uploads that stop midway, are given up, or trickle', async () => {
    const head = put('a'.repeat(1_000)).slice(0, 200)
    const sockets = await Promise.all(
      Array.from(
        { length: 200 },
        (_, at) =>
          new Promise<ReturnType<typeof connect>>(resolve => {
            const socket = connect(server.port, '127.0.0.1', () =>
              socket.write(head.slice(0, 20 + at), () => resolve(socket)),
            )
            socket.on('error', () => {})
          }),
      ),
    )
    expect((await fetch(`${server.url}/things/1`)).status).toBe(200)
    for (const [at, socket] of sockets.entries()) at % 2 === 0 ? socket.destroy() : socket.resetAndDestroy()
    expect((await fetch(`${server.url}/things/1`)).status).toBe(200)
    expect(bugs).toEqual([])
  })

  it('answers 500 requests that come at once on one connection, in their order', async () => {
    const text = await raw(
      server.port,
      Array.from(
        { length: 500 },
        (_, at) => `GET /${at % 2 === 0 ? 'things/1' : 'lost'} HTTP/1.1\r\nHost: a\r\n\r\n`,
      ).join('') + get('/things/1'),
    )
    const statuses = text.match(/HTTP\/1\.1 \d+/g)?.map(line => line.slice(-3)) ?? []
    expect(statuses).toHaveLength(501)
    expect(statuses.every((status, at) => status === (at % 2 === 0 ? '200' : '404'))).toBe(true)
  })
})

describe('a request that never ends', () => {
  it.each<[string, string]>([
    ['in its fields', 'GET /things/1 HTTP/1.1\r\nHost: a\r\n'],
    ['before its first byte', ''],
  ])('%s is given up after a while', { timeout: 60_000 }, async (_, bytes) => {
    const text = await new Promise<string>((resolve, reject) => {
      let said = ''
      const socket = connect(server.port, '127.0.0.1', () => socket.write(bytes))
      socket.on('data', chunk => {
        said += chunk
      })
      socket.on('close', () => resolve(said))
      socket.on('error', reject)
    })
    expect(text).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/)
  })
})
