import { describe, expect, it } from 'vitest'
import { Judge } from '../../src/check/index.ts'
import type { HttpResponse } from '../../src/http/index.ts'
import type { Api } from '../../src/model/index.ts'
import { apiOf } from '../kit/index.ts'

/** Things as many documents describe them: nothing is declared about what belongs together. */
const document = `
paths:
  /shops/{shopId}/things:
    post:
      operationId: createThing
      security: []
      parameters: [ { name: shopId, in: path, required: true, schema: { type: string } } ]
      requestBody:
        content:
          application/json:
            schema:
              properties:
                id: { type: string }
                name: { type: string }
                size: { type: integer, default: 3 }
                secret: { type: string, writeOnly: true }
      responses:
        '201':
          description: Created.
          content:
            application/json:
              schema:
                properties:
                  id: { type: string }
                  shopId: { type: string }
                  name: { type: string }
                  size: { type: integer }
                  secret: { type: string }
                  createdAt: { type: string }
                  updatedAt: { type: string }
        '400':
          description: Wrong.
          content: { application/json: { schema: { properties: { statusCode: { type: number } } } } }
        default: { description: Something else., content: { text/plain: {} } }
  /shops/{shopId}/things/{thingId}:
    get:
      operationId: readThing
      security: []
      parameters:
        - { name: shopId, in: path, required: true, schema: { type: string } }
        - { name: thingId, in: path, required: true, schema: { type: string } }
      responses: { '200': { description: The thing. } }
`

async function judgeOf(): Promise<(answer: Partial<HttpResponse> & { text: string }, sent?: string) => string[]> {
  const api: Api = await apiOf(document)
  const judge = new Judge(api)
  const operation = api.operation('createThing')
  if (operation === undefined) throw new Error('the document has no createThing')
  return ({ text, ...answer }, sent = '{"name":"a"}') => {
    const request = {
      method: 'POST',
      target: '/shops/s-1/things',
      headers: ['content-type', 'application/json'],
      body: Buffer.from(sent),
    }
    const response = { status: 201, headers: ['content-type', 'application/json'], body: Buffer.from(text), ...answer }
    return judge
      .judge({ request, response }, operation)
      .map(({ severity, code, message }) => `${severity} ${code}: ${message}`)
  }
}

describe('without x-contract, names and types suggest', () => {
  it.each<[string, string, RegExp | undefined]>([
    ['that what was sent comes back', '{"name":"b"}', /body#\/name "b" where \$request.body#\/name is "a"/],
    ['the default of what was not sent', '{"name":"a","size":1}', /size 1 where its default is 3/],
    ['what the path names', '{"shopId":"s-2"}', /shopId "s-2" where \$request.path.shopId is "s-1"/],
    [
      'that nothing changes before it is created',
      '{"createdAt":"2024-02-02T00:00:00Z","updatedAt":"2024-01-01T00:00:00Z"}',
      /after/,
    ],
    ['nothing about what only one side sends', '{"secret":"other"}', undefined],
    ['nothing about what fits', '{"id":"1","name":"a","size":3,"shopId":"s-1"}', undefined],
  ])('%s', async (_, text, says) => {
    const found = (await judgeOf())({ text }, '{"name":"a","secret":"s"}')
    expect(found).toEqual(says === undefined ? [] : [expect.stringMatching(says)])
    if (says !== undefined) expect(found[0]).toMatch(/^warning relation-suspect/)
  })

  it('that an error repeats its status', async () => {
    expect((await judgeOf())({ status: 400, text: '{"statusCode":500}' })).toEqual([
      expect.stringContaining('500 where $statusCode is 400'),
    ])
  })

  it('that each thing has an id of its own', async () => {
    const judge = await judgeOf()
    expect(judge({ text: '{"id":"1"}' })).toEqual([])
    expect(judge({ text: '{"id":"1"}' })).toEqual([expect.stringMatching(/^warning value-repeated/)])
    expect(judge({ text: '{"id":"2"}' }, '{"id":"1","name":"a"}')).toEqual([])
  })
})

describe('an answer', () => {
  it.each<[string, string, RegExp]>([
    ['has a name twice', '{"id":"1","name":"a","name":"a"}', /error body-ambiguous: .*"name" twice/],
    ['has a name twice, once escaped', '{"id":"1","x":[{"a\\u0062":1,"ab":2}]}', /error body-ambiguous: .*"ab" twice/],
    ['begins with a byte order mark', '\ufeff{"id":"1"}', /error body-ambiguous: .*byte order mark/],
  ])('that %s is read differently by parsers', async (_, text, says) => {
    expect((await judgeOf())({ text })).toEqual([expect.stringMatching(says)])
  })

  it('may have the same name in different objects, and texts that look like names', async () => {
    const text = '{"id":"1","a":{"id":"2"},"b":[{"id":"3"},{"id":"4"}],"c":"{\\"id\\": 1, \\"id\\": 2}"}'
    expect((await judgeOf())({ text })).toEqual([])
  })

  it('of 500 is a failure, documented or not', async () => {
    const found = (await judgeOf())({ status: 500, headers: ['content-type', 'text/plain'], text: 'sorry' })
    expect(found).toEqual([expect.stringMatching(/^error server-error/)])
  })

  it.each([
    'Error: no\n    at Object.<anonymous> (/srv/app/dist/main.js:10:15)\n',
    'Traceback (most recent call last):\n  File "/app/main.py", line 3',
    'java.lang.IllegalStateException\n\tat com.acme.Things.create(Things.java:42)',
    'ENOENT: /usr/src/app/things.ts',
    'PrismaClientKnownRequestError: Invalid invocation',
    'cannot reach postgres://shop:s3cr3t@10.0.3.7:5432/shop',
  ])('does not show the inside of the server: %s', async text => {
    const found = (await judgeOf())({ status: 404, headers: ['content-type', 'text/plain'], text })
    expect(found).toEqual([expect.stringMatching(/^error internals-leaked/)])
    expect(found.join()).not.toContain('s3cr3t')
  })

  it.each(['/shops/s-1/things is not here', 'look at https://acme.example/docs/usr', 'meet me at 10:30:15'])(
    'may say what it likes otherwise: %s',
    async text => {
      expect((await judgeOf())({ status: 404, headers: ['content-type', 'text/plain'], text })).toEqual([])
    },
  )
})

describe('an answer to what the document does not describe', () => {
  it.each<[string, number, string[], string[]]>([
    ['a refusal', 404, [], []],
    ['an acceptance', 200, [], []],
    ['a 405 with Allow', 405, ['allow', 'GET'], []],
    ['a 405 without', 405, [], ['warning allow-missing']],
    ['501', 501, [], []],
    ['a failure', 500, [], ['error server-error']],
  ])('%s', async (_, status, headers, expected) => {
    const api = await apiOf(document)
    const [operation] = api.operations
    if (operation === undefined) throw new Error('the document has no operation')
    const request = { method: 'TRACE', target: '/shops/s-1/things', headers: [], body: Buffer.alloc(0) }
    const found = new Judge(api).judgeOutside(
      { request, response: { status, headers, body: Buffer.alloc(0) } },
      operation,
    )
    expect(found.map(({ severity, code }) => `${severity} ${code}`)).toEqual(expected)
  })
})
