import { execFile, spawnSync } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { curlLine } from '../../src/report/index.ts'
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
