import { execFile, spawnSync } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { curlLine } from '../../src/report/index.ts'
import { folderWith } from '../kit/files.ts'
import { request } from '../kit/index.ts'

describe('the line for a request', () => {
  it.each([
    ['GET /a?b=c&d=e', {}, "curl -i 'http://h/a?b=c&d=e'"],
    [
      'POST /a',
      { body: { n: "it's" } },
      `curl -i -X POST 'http://h/a' -H 'Content-Type: application/json' -d '{"n":"it'\\''s"}'`,
    ],
    ['GET /a', { body: 'x' }, "curl -i -X GET 'http://h/a' -H 'Content-Type: application/json' -d 'x'"],
    ['HEAD /a', {}, "curl -i --head 'http://h/a'"],
    ['GET /a?f[x]={1,2}', {}, "curl -i --globoff 'http://h/a?f[x]={1,2}'"],
    ['GET /a', { headers: { 'X-None': '' } }, "curl -i 'http://h/a' -H 'X-None;'"],
    [
      'GET /a',
      { headers: { Authorization: 'Bearer $TOKEN' } },
      `curl -i 'http://h/a' -H "Authorization: Bearer $TOKEN"`,
    ],
    ['GET /a', { headers: { A: '$TOKEN "`$HOME\\' } }, 'curl -i \'http://h/a\' -H "A: $TOKEN \\"\\`\\$HOME\\\\"'],
    [
      'POST /a',
      { headers: { 'Content-Type': 't/p' }, body: '@f' },
      "curl -i -X POST 'http://h/a' -H 'Content-Type: t/p' --data-raw '@f'",
    ],
    ['GET /a#b', {}, "curl -i --request-target '/a#b' 'http://h/'"],
    ['GET /a/../b?c=d', {}, "curl -i --request-target '/a/../b?c=d' 'http://h/'"],
  ])('%s is %s', (line, options, curl) => {
    expect(curlLine('http://h', request(line, options))).toBe(curl)
  })
})

it('leaves other variables to the shell, if they are named', () => {
  const sent = request('GET /a?k=$KEY', { headers: { 'X-Key': '$KEY', 'X-Home': '$HOME' } })
  const line = `curl -i "http://h/b/a?k=$KEY" -H "X-Key: $KEY" -H 'X-Home: $HOME'`
  expect(curlLine('http://h/b', sent, { variables: ['KEY'] })).toBe(line)
})

const noCurl = spawnSync('curl', ['--version']).error !== undefined

describe(`a shell that runs it${noCurl ? ' (there is no curl on this machine)' : ''}`, () => {
  it.skipIf(noCurl)('sends the request, and nothing else', async () => {
    const seen: unknown[] = []
    const server = createServer(async (incoming, answer) => {
      let body = ''
      for await (const chunk of incoming.setEncoding('utf8')) body += chunk
      seen.push([incoming.method, incoming.url, incoming.headers['x-quote'], incoming.headers['x-token'], body])
      answer.end()
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const body = `@it's \`date\` "$HOME" \\n é`
    const headers = { 'X-Quote': `'$(date)'`, 'X-Token': 'a "$TOKEN" $HOME `x`' }
    const sent = request('PUT /a?f[x]=%20&b={c}', { headers, body })
    await promisify(execFile)('sh', ['-c', curlLine(origin, sent)], { env: { ...process.env, TOKEN: 't0k' } })
    expect(seen).toEqual([['PUT', '/a?f[x]=%20&b={c}', `'$(date)'`, 'a "t0k" $HOME `x`', body]])
    seen.length = 0
    await promisify(execFile)('sh', ['-c', curlLine(`${origin}/base`, request('GET /files/7#share?a=<b>'))])
    expect(seen).toEqual([['GET', '/base/files/7#share?a=<b>', undefined, undefined, '']])
  })
})

/** Bodies and fields that quotes alone cannot say. */
const awkward: readonly (readonly [string, readonly string[], Uint8Array])[] = [
  ['bytes that are no text', ['Content-Type', 'a/b'], Uint8Array.of(0, 1, 255, 254, 10, 13, 39, 37, 92, 0)],
  ['a hyphen at the start', ['Content-Type', 'a/b'], Buffer.from('--x\r\n\r\n\x89PNG\r\n--x--\r\n', 'latin1')],
  ['a byte order mark', ['Content-Type', 'application/json'], Buffer.from('\ufeff{"a":"\u202e\t"}')],
  ['several lines', ['Content-Type', 'application/json'], Buffer.from('{\n"a": "é"\n}\n')],
  ['a megabyte', ['Content-Type', 'application/json'], Buffer.from(`["it's", "${'y'.repeat(1_048_576)}"]`)],
  ['much that differs', ['Content-Type', 'text/plain'], Buffer.from('abcdefg%\\'.repeat(20_000))],
  ['no media type', [], Buffer.from('{}')],
  ['a letter beyond ASCII in a field', ['X-A', 'h\u00e9 100%', 'X-B', ' '], new Uint8Array()],
  ['exclamation marks beside a token', ['X-A', '!$TOKEN!!', 'Content-Type', 'a/b'], Buffer.from('!x')],
]

describe.each(['bash', 'dash'])('%s', shell => {
  const isAbsent = noCurl || spawnSync(shell, ['-c', ':']).error !== undefined

  it.skipIf(isAbsent)(
    'sends what is awkward byte for byte (skipped where there is no such shell, or no curl)',
    async () => {
      const seen: { fields: readonly (string | undefined)[]; body: Buffer }[] = []
      const server = createServer(async (incoming, answer) => {
        const chunks: Buffer[] = []
        for await (const chunk of incoming) chunks.push(chunk)
        const { headers } = incoming
        seen.push({
          fields: [headers['content-type'], headers['x-a'] as string, headers['x-b'] as string],
          body: Buffer.concat(chunks),
        })
        answer.end()
      })
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
      onTestFinished(() => void server.close())
      const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      for (const [what, headers, body] of awkward) {
        const line = curlLine(origin, { method: 'POST', target: '/', headers, body })
        expect(line, what).not.toMatch(/(?!\n)\p{Cc}|\ufeff|\u202e/u)
        const file = path.join(await folderWith({ line }), 'line')
        await promisify(execFile)(shell, [file], { env: { ...process.env, TOKEN: 't0k' } })
        const field = (name: string) => {
          const at = headers.indexOf(name)
          return at < 0 ? undefined : headers[at + 1]?.trim().replace('$TOKEN', 't0k')
        }
        const { fields, body: sent } = seen.at(-1) ?? { fields: [], body: Buffer.of() }
        expect(fields, what).toEqual([field('Content-Type'), field('X-A'), field('X-B')])
        expect(sent.equals(body), what).toBe(true)
      }
    },
  )
})

it('a line for a megabyte is short', () => {
  const body = Buffer.from(`"${'y'.repeat(1_048_576)}"`)
  expect(curlLine('http://h', { method: 'PUT', target: '/', headers: ['Content-Type', 'a/b'], body })).toBe(
    `{ printf '"'; head -c 1048576 /dev/zero | tr '\\0' '\\171'; printf '"'; } | curl -i -X PUT 'http://h/' -H 'Content-Type: a/b' --data-binary @-`,
  )
})
