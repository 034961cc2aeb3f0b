import { describe, expect, it } from 'vitest'
import { decodeBody, encodeBody } from '../../src/model/index.ts'
import { apiOf, documentIn, locator, request } from '../kit/index.ts'

const head = "openapi: 3.2.0\ninfo: { title: Test, version: '1' }\n"

const streams = `${head}paths:
  /lines:
    post:
      operationId: sendLines
      requestBody:
        required: true
        content:
          application/jsonl: { itemSchema: { $ref: '#/components/schemas/Item' } }
          application/json-seq: { itemSchema: { $ref: '#/components/schemas/Item' } }
      responses:
        '200':
          description: Done
          content:
            text/event-stream:
              itemSchema:
                type: object
                required: [data]
                properties: { event: { type: string }, retry: { type: integer }, data: { $ref: '#/components/schemas/Item' } }
              examples:
                text: { serializedValue: "event: a\\ndata: {\\"id\\": 1}\\n\\n" }
                data: { dataValue: [ { data: { id: 2 } } ] }
components:
  schemas:
    Item: { type: object, required: [id], properties: { id: { type: integer } } }
`

describe('the methods of 3.2', () => {
  it('are operations: query, and those of additionalOperations', async () => {
    const api = await apiOf(`${head}paths:
  /search:
    query: { operationId: search, responses: {} }
    additionalOperations: { COPY: { operationId: copy, responses: {} } }
`)
    expect(api.operations.map(({ method, id }) => `${method} ${id}`)).toEqual(['QUERY search', 'COPY copy'])
    expect(api.match('QUERY', '/search')).toMatchObject({ kind: 'found', operation: { id: 'search' } })
    expect(api.match('COPY', '/search')).toMatchObject({ kind: 'found', operation: { id: 'copy' } })
    // Methods are case-sensitive (RFC 9110, section 9.1).
    expect(api.match('copy', '/search')).toMatchObject({ kind: 'wrong-method', allow: ['QUERY', 'COPY', 'OPTIONS'] })
  })

  it('that no server can receive are unreachable', async () => {
    const api = await apiOf(
      `${head}paths: { /a: { additionalOperations: { Odd: { operationId: odd, responses: {} } } } }\n`,
    )
    expect(api.unreachable().map(({ operation, why }) => `${operation.id}: ${why}`)).toEqual([
      'odd: no server made with Node.js takes the method Odd',
    ])
  })
})

describe('an itemSchema', () => {
  it.each([
    ['application/jsonl', '{"id":1}\n\n{"id":2}', []],
    ['application/jsonl', '{"id":1}\r\n{"id":2}\r\n', []],
    ['application/jsonl', '', ['body: is required']],
    ['application/jsonl', '{"id":1}\n{"id":"x"}\n', ['[1].id: must be integer']],
    ['application/jsonl', '{"id":1}\n{"id":\n', ['body: is not JSON in its line 2']],
    ['application/json-seq', '\u001e{"id":1}\n\u001e{"id":\n2}\n', []],
    ['application/json-seq', '\u001e{"id":1}\n\u001e{"id":"x"}\n', ['[1].id: must be integer']],
    ['application/json-seq', '\u001e{"id":1}\n\u001e{]\n', ['body: is not JSON in its text 2']],
  ])('says what each part of %s is: %j', async (type, body, reasons) => {
    const [operation] = (await apiOf(streams)).operations
    const read = operation?.read(request('POST /lines', { body, headers: ['content-type', type] }), {})
    expect(read?.faults.map(({ reason }) => reason)).toEqual(reasons)
  })

  it('keeps its place', async () => {
    const document = await documentIn({ 'openapi.yaml': streams })
    const pointer = '#/paths/~1lines/post/responses/200/content/text~1event-stream/schema'
    expect(locator(document)(`${pointer}/items/properties/event`)).toBe('openapi.yaml:20:31')
    expect(locator(document)(`${pointer}/items`)).toBe(locator(document)(pointer))
  })

  it('has examples as data and as they are sent', async () => {
    const [operation] = (await apiOf(streams)).operations
    const examples = operation?.responses[0]?.content[0]?.examples
    expect(examples?.map(({ name, value }) => [name, value])).toEqual([
      ['text', [{ event: 'a', data: { id: 1 } }]],
      ['data', [{ data: { id: 2 } }]],
    ])
  })
})

describe('an example of JSON', () => {
  it('is its dataValue, else its serializedValue', async () => {
    const api = await apiOf(`${head}paths:
  /a:
    get:
      responses:
        '200':
          description: Done
          content:
            application/json:
              schema: { type: object }
              examples:
                one: { dataValue: { a: 1 }, serializedValue: '{"a":2}' }
                two: { serializedValue: '{"a":2}' }
                not: { serializedValue: '{"a":' }
                old: { value: { a: 3 } }
`)
    const examples = api.operations[0]?.responses[0]?.content[0]?.examples ?? []
    expect(examples.map(({ name, value }) => [name, value])).toEqual([
      ['one', { a: 1 }],
      ['two', { a: 2 }],
      ['old', { a: 3 }],
    ])
  })
})

describe('a stream', () => {
  const text = (type: string, value: unknown) => Buffer.from(encodeBody(type, value).bytes).toString()

  it.each([
    ['application/x-ndjson', [{ a: 1 }, 'b', null], '{"a":1}\n"b"\nnull\n'],
    ['application/json-seq', [1, 2], '\u001e1\n\u001e2\n'],
    ['application/geo+json-seq', [1], '\u001e1\n'],
    ['application/jsonl', { a: 1 }, '{"a":1}\n'],
    ['text/event-stream', { a: 1 }, 'data: {"a":1}\n\n'],
    ['text/event-stream', 'two\nlines', 'data: two\ndata: lines\n\n'],
    ['text/event-stream', 'data: as it is sent\n\n', 'data: as it is sent\n\n'],
  ])('of %s is written: %j', (type, value, written) => {
    expect(text(type, value)).toBe(written)
  })

  it('without a schema of its parts is not judged', () => {
    for (const type of ['application/jsonl', 'application/json-seq', 'text/event-stream'])
      expect(decodeBody(type, Buffer.from('what?'))).toEqual({ kind: 'opaque' })
  })

  it('of events is read as browsers do', async () => {
    const [operation] = (await apiOf(streams)).operations
    const content = operation?.responses[0]?.content[0]
    const sent = ': hello\nid: 1\nretry: 10\nretry: soon\ndata:{"id":\ndata: 1}\n\n\nevent\ndata\n\n'
    expect(decodeBody('text/event-stream', Buffer.from(sent), content?.shape)).toEqual({
      kind: 'value',
      value: [
        { id: '1', retry: 10, data: { id: 1 } },
        { event: '', data: '' },
      ],
    })
  })
})
