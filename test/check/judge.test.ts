import { describe, expect, it } from 'vitest'
import { checks, Judge } from '../../src/check/index.ts'
import type { Exchange } from '../../src/http/index.ts'
import { apiOf } from '../kit/index.ts'

const document = `
paths:
  /things/{id}:
    put:
      operationId: replaceThing
      security: []
      parameters: [ { name: id, in: path, required: true, schema: { type: string } } ]
      requestBody: { content: { application/json: { schema: { type: object } } } }
      responses:
        '200':
          description: The thing.
          headers:
            X-Version: { required: true, schema: { type: integer } }
            X-Note: { schema: { enum: [ fresh, stale ] } }
          content:
            application/json:
              schema:
                type: object
                required: [ id, size ]
                properties: { id: { type: string }, size: { type: integer, maximum: 9 } }
          x-contract:
            equal:
              - [ $response.body#/id, $request.path.id ]
              - [ $response.body#/size, $request.body#/size, default: 1 ]
            ordered: [ [ $response.body#/from, $response.body#/to ] ]
            unique: [ $response.body#/serial ]
        '204': { description: Nothing to say. }
`

type Answer = { readonly status?: number; readonly headers?: readonly string[]; readonly body?: string | Uint8Array }

const json = ['content-type', 'application/json', 'x-version', '1'] as const

function exchange({ status = 200, headers = json, body = '{"id":"a","size":1}' }: Answer, sent = '{}'): Exchange {
  return {
    request: {
      method: 'PUT',
      target: '/things/a',
      headers: ['content-type', 'application/json'],
      body: Buffer.from(sent),
    },
    response: { status, headers, body: typeof body === 'string' ? Buffer.from(body) : body },
  }
}

async function judged(answer: Answer, sent?: string): Promise<string[]> {
  const api = await apiOf(document)
  const [operation] = api.operations
  if (operation === undefined) throw new Error('the document has no operation')
  return new Judge(api)
    .judge(exchange(answer, sent), operation)
    .map(({ check, code, message }) => `${check} ${code}: ${message}`)
}

describe('the judge', () => {
  it('has nothing against an answer that keeps the document', async () => {
    expect(await judged({})).toEqual([])
    expect(await judged({ status: 204, headers: [], body: '' })).toEqual([])
    expect(await judged({ headers: ['Content-Type', 'application/json; charset=UTF-8', 'X-VERSION', ' 7 '] })).toEqual(
      [],
    )
    expect(await judged({ body: '{"id":"a","size":1,"more":true}' })).toEqual([])
  })

  it.each<[string, Answer, string]>([
    [
      'another status',
      { status: 202 },
      'status-documented status-undocumented: replaceThing answered 202 where the document has 200, 204',
    ],
    [
      'another media type',
      { headers: ['content-type', 'text/html', 'x-version', '1'] },
      'content-type-documented content-type-undocumented: replaceThing answered 200 with Content-Type: text/html where the document has application/json',
    ],
    [
      'no media type',
      { headers: ['x-version', '1'] },
      'content-type-documented content-type-missing: replaceThing answered 200 without a Content-Type where the document has application/json',
    ],
    [
      'JSON that ends too early',
      { body: '{"id":' },
      'body-readable body-unreadable: replaceThing answered 200 with a body that is not valid JSON: it ends too early, though its Content-Type is application/json',
    ],
    [
      'bytes that are no UTF-8',
      { body: Buffer.from([0x22, 0xff, 0x22]) },
      'body-readable body-unreadable: replaceThing answered 200 with a body that is not valid UTF-8, though its Content-Type is application/json',
    ],
    [
      'no body',
      { body: '' },
      'body-matches body-missing: replaceThing answered 200 without a body where the document promises application/json',
    ],
    [
      'a missing property',
      { body: '{"size":1}' },
      'body-matches body-mismatch: replaceThing answered 200 without id, which is required',
    ],
    [
      'a property of another type',
      { body: '{"id":"a","size":1.5}' },
      'body-matches body-mismatch: replaceThing answered 200 with size: 1.5, which must be integer',
    ],
    [
      'a missing header',
      { headers: ['content-type', 'application/json'] },
      'headers-match header-missing: replaceThing answered 200 without the header X-Version, which is required',
    ],
    [
      'a header of another form',
      { headers: [...json, 'x-note', 'old'] },
      'headers-match header-mismatch: replaceThing answered 200 with X-Note: "old", which must be one of "fresh", "stale"',
    ],
    [
      'another id than the path',
      { body: '{"id":"b","size":1}' },
      'relations-hold relation-broken: replaceThing answered 200 with $response.body#/id "b" where $request.path.id is "a"',
    ],
    [
      'another default',
      { body: '{"id":"a","size":2}' },
      'relations-hold relation-broken: replaceThing answered 200 with $response.body#/size 2 where its default is 1',
    ],
    [
      'instants in the wrong order',
      { body: '{"id":"a","size":1,"from":"2024-01-01T02:00:00+01:00","to":"2024-01-01T00:59:59Z"}' },
      'relations-hold relation-broken: replaceThing answered 200 with $response.body#/from "2024-01-01T02:00:00+01:00" after $response.body#/to "2024-01-01T00:59:59Z"',
    ],
  ])('objects to %s, and to nothing else', async (_name, answer, finding) => {
    const found = await judged(answer)
    expect(found[0]).toBe(finding)
    // A size that is no integer is not the default either.
    expect(
      found.filter(text => !text.startsWith(finding.split(' ')[0] ?? '') && !text.includes('its default is')),
    ).toEqual([])
  })

  it('compares a relation with what was sent', async () => {
    expect(await judged({ body: '{"id":"a","size":5}' }, '{"size":5}')).toEqual([])
    expect(await judged({}, '{"size":5}')).toEqual([
      'relations-hold relation-broken: replaceThing answered 200 with $response.body#/size 1 where $request.body#/size is 5',
    ])
  })

  it('objects to a unique value the second time it comes', async () => {
    const api = await apiOf(document)
    const [operation] = api.operations
    if (operation === undefined) throw new Error('the document has no operation')
    const judge = new Judge(api)
    const numbered = (serial: number) => exchange({ body: `{"id":"a","size":1,"serial":${serial}}` })
    expect(judge.judge(numbered(1), operation)).toEqual([])
    expect(judge.judge(numbered(2), operation)).toEqual([])
    expect(judge.judge(numbered(1), operation).map(({ code }) => code)).toEqual(['value-repeated'])
  })

  it('names the clause of the document and its place', async () => {
    const api = await apiOf(document)
    const [operation] = api.operations
    if (operation === undefined) throw new Error('the document has no operation')
    const [finding] = new Judge(api).judge(exchange({ body: '{"id":"a","size":10}' }, '{"size":10}'), operation)
    expect(finding).toMatchObject({
      pointer: '#/paths/~1things~1{id}/put/responses/200/content/application~1json/schema/properties/size/maximum',
      position: { line: 22 },
      operation: 'replaceThing',
      severity: 'error',
    })
  })

  it('names a schema that cannot be compiled instead of judging by it', async () => {
    const api = await apiOf(document.replace('maximum: 9', "pattern: '('"))
    const [operation] = api.operations
    if (operation === undefined) throw new Error('the document has no operation')
    const found = new Judge(api).judge(exchange({}), operation)
    expect(found.map(({ code }) => code)).toEqual(['schema-unusable'])
  })

  it('takes no bytes for an empty text where the schema allows one', async () => {
    const api = await apiOf(
      document.replace(
        'application/json:\n              schema:\n                type: object',
        'text/html:\n              schema:\n                type: string',
      ),
    )
    const [operation] = api.operations
    if (operation === undefined) throw new Error('the document has no operation')
    const empty = exchange({ headers: ['content-type', 'text/html', 'x-version', '1'], body: '' })
    expect(new Judge(api).judge(empty, operation)).toEqual([])
  })

  it.each([
    ['an empty list of lines', 'type: array', []],
    ['lines where there is to be one at least', 'type: array\n                minItems: 1', ['body-missing']],
  ])('takes no bytes of JSON Lines for %s', async (_, schema, codes) => {
    const media = `application/jsonl:\n              schema:\n                ${schema}`
    const api = await apiOf(
      document
        .replace('application/json:\n              schema:\n                type: object', media)
        .replace(/^ {16}(required|properties|additionalProperties):.*\n( {18}.*\n)*/gm, ''),
    )
    const [operation] = api.operations
    if (operation === undefined) throw new Error('the document has no operation')
    const empty = exchange({ headers: ['content-type', 'application/jsonl', 'x-version', '1'], body: '' })
    expect(new Judge(api).judge(empty, operation).map(({ code }) => code)).toEqual(codes)
  })

  it('puts a question for every check it lists', () => {
    for (const { asks } of checks) expect(asks).toMatch(/\?$/)
    expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length)
  })
})
