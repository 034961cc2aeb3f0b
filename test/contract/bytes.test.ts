import { describe, expect, it } from 'vitest'
import { runContract } from '../../src/contract/index.ts'
import { type Finding, sendTo } from '../../src/index.ts'
import { rawServer } from '../http/raw-server.ts'
import { apiOf } from '../kit/index.ts'

const document = `
paths:
  /things:
    get:
      operationId: listThings
      security: []
      responses:
        '200': { description: Things., content: { application/json: { schema: { type: object } } } }
        '204': { description: None. }
`

const json = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n'
const sized = (body: string | Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${json}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`), Buffer.from(body)])

async function found(bytes: Parameters<typeof rawServer>[0], keepAlive: boolean): Promise<readonly Finding[]> {
  const api = await apiOf(document)
  await using server = await rawServer(bytes)
  const send = sendTo(server.url, { timeout: 250, keepAlive })
  const { findings } = await runContract(api, send, { phases: ['examples', 'protocol'] })
  return findings
}

describe.each([
  ['', false],
  [' to who would keep connections', true],
])('the bytes of an answer%s', (_of, keepAlive) => {
  it('that are in order have no finding', async () => {
    expect((await found(sized('{}'), keepAlive)).filter(({ code }) => code !== 'framing-unsound')).toEqual([])
  })

  it.each<[string, Parameters<typeof rawServer>[0], string, RegExp]>([
    ['more than the length', `${json}Content-Length: 2\r\n\r\n{} `, 'framing-unsound', /1 bytes more came than the 2/],
    [
      'a body with 204',
      'HTTP/1.1 204 No Content\r\n\r\n{}',
      'framing-unsound',
      /2 bytes more came after the head of a 204/,
    ],
    ['a body with HEAD', sized('{}'), 'framing-unsound', /^HEAD \/things was answered 200: 2 bytes more came after/],
    ['two lengths', `${json}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}`, 'framing-unsound', /came 2 times: 2, 2/],
    [
      'a length and chunks',
      `${json}Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
      'framing-unsound',
      /together with Content-Length: 9/,
    ],
    ['a length of no number', `${json}Content-Length: -1\r\n\r\n{}`, 'framing-unsound', /"-1", which is no number/],
    ['a field without a colon', `${json}oops\r\nContent-Length: 2\r\n\r\n{}`, 'framing-unsound', /"oops" of its head/],
    ['bad chunks', `${json}Transfer-Encoding: chunked\r\n\r\n{}`, 'answer-missing', /before its last chunk/],
    [
      'chunks of no size',
      `${json}Transfer-Encoding: chunked\r\n\r\nxx\r\n{}\r\n`,
      'answer-missing',
      /"xx" stands where the size/,
    ],
    ['less than the length', `${json}Content-Length: 9\r\n\r\n{}`, 'answer-missing', /after 2 of the 9 bytes/],
    ['no end', socket => void socket.write(`${json}\r\n{`), 'answer-missing', /did not end within 250 ms: 1 bytes/],
    ['no HTTP', 'hello\r\n\r\n', 'answer-missing', /"hello", which is no status line/],
    ['a byte order mark', sized('\ufeff{}'), 'body-ambiguous', /a byte order mark/],
    ['invalid UTF-8', sized(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])), 'body-unreadable', /UTF-8/],
    ['NaN', sized('{"a":NaN}'), 'body-unreadable', /not valid JSON/],
    ['Infinity', sized('{"a":-Infinity}'), 'body-unreadable', /not valid JSON/],
    ['a name twice', sized('{"a":1,"a":2}'), 'body-ambiguous', /the name "a" twice/],
  ])('with %s have a finding that says what was seen', async (_, bytes, code, says) => {
    const messages = (await found(bytes, keepAlive))
      .filter(finding => finding.code === code)
      .map(({ message }) => message)
    expect(messages).toContainEqual(expect.stringMatching(says))
  })
})
