import { describe, expect, it } from 'vitest'
import { operationOf, refusals, request } from '../kit/index.ts'

const body = `requestBody:
  required: true
  content:
    application/json:
      schema:
        type: object
        required: [name, url]
        additionalProperties: false
        properties: { name: { type: string }, url: { type: string, format: uri }, enabled: { type: boolean } }
`
const good = { name: 'a', url: 'https://example.com' }

describe('a body', () => {
  it('that the document allows is understood', async () => {
    const operation = await operationOf(body)
    expect(operation.read(request('POST /things', { body: good }), {})).toMatchObject({ body: good, faults: [] })
  })

  it.each([
    [{}, ['name: is required', 'url: is required']],
    [{ name: 7, url: 'x y' }, ['name: must be string', 'url: must be a valid uri']],
    [{ ...good, enabled: 'true' }, ['enabled: must be boolean']],
    [{ ...good, extra: 1 }, ['extra: is not allowed']],
    [[], ['body: must be object']],
    ['"text"', ['body: must be object']],
    ['null', ['body: must be object']],
    ['7', ['body: must be object']],
    [`{"name":"a","url":"https://e.com","__proto__":{"x":1}}`, ['__proto__: is not allowed']],
    [`{"name":"a","name":7,"url":"https://e.com"}`, ['name: must be string']],
  ])('%j is refused: %j', async (sent, reasons) => {
    expect(refusals(await operationOf(body), request('POST /things', { body: sent }))).toEqual(reasons)
  })

  it.each([
    ['{"name":', 'body: is not valid JSON: it ends too early'],
    ['{"name": abc}', 'body: is not valid JSON at line 1, column 10'],
    ['{\n  "name": "a",\n}', 'body: is not valid JSON at line 3, column 1'],
    ['{"name": "a"} x', 'body: is not valid JSON at line 1, column 15'],
    ['name=a', 'body: is not valid JSON at line 1, column 1'],
    [' ', 'body: is not valid JSON: it ends too early'],
    ['', 'body: is required'],
    ['['.repeat(100_000), 'body: is not valid JSON: it ends too early'],
    [Buffer.from([0x7b, 0xff, 0x7d]), 'body: is not valid UTF-8'],
    [Buffer.from('{"name":"\ud800"}', 'utf16le'), 'body: is not valid UTF-8'],
    [Buffer.from('{}', 'utf16le'), 'body: is not valid JSON at line 1, column 2'],
  ])('that is no JSON is a fault of syntax: %s', async (sent, reason) => {
    const { faults } = (await operationOf(body)).read(request('POST /things', { body: sent }), {})
    expect(faults).toEqual([{ kind: 'syntax', reason, pointer: '#/paths/~1things/post/requestBody' }])
  })

  it('is not repeated in the reason, for it may hold secrets', async () => {
    const reasons = refusals(await operationOf(body), request('POST /things', { body: '{"password": s3cret}' }))
    expect(reasons.join()).not.toContain('s3cret')
  })

  it('may start with a byte order mark', async () => {
    const sent = request('POST /things', { body: `\ufeff${JSON.stringify(good)}` })
    expect((await operationOf(body)).read(sent, {})).toMatchObject({ body: good, faults: [] })
  })

  it('nested a hundred thousand times is an answer, not a crash', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    expect(refusals(await operationOf(body), request('POST /things', { body: deep }))).toEqual(['body: must be object'])
  })

  it('names the place of a fault in lists and objects', async () => {
    const lists =
      'requestBody: { content: { application/json: { schema: { properties: { items: { type: array, items: { required: [name] } } } } } } }'
    const sent = request('POST /things', { body: { items: [{ name: 1 }, {}, { name: 1 }, {}] } })
    expect(refusals(await operationOf(lists), sent)).toEqual([
      'items[1].name: is required',
      'items[3].name: is required',
    ])
  })

  it('that is a list itself has its items named', async () => {
    const list = 'requestBody: { content: { application/json: { schema: { type: array, items: { type: string } } } } }'
    expect(refusals(await operationOf(list), request('POST /things', { body: ['a', 1] }))).toEqual([
      '[1]: must be string',
    ])
  })

  it('may be missing where it is not required', async () => {
    const optional = body.replace('required: true', 'required: false')
    expect(refusals(await operationOf(optional), request('POST /things'))).toEqual([])
  })

  it('is not looked at where none is described', async () => {
    expect(refusals(await operationOf('summary: none'), request('POST /things', { body: '{"' }))).toEqual([])
  })

  it('that was too long to be read is told before everything else', async () => {
    const operation = await operationOf(`parameters: [{ name: q, in: query, required: true, schema: {} }]\n${body}`)
    const { faults } = operation.read({ ...request('POST /things'), bodyLimit: 10 }, {})
    expect(faults.map(({ kind, reason }) => [kind, reason])).toEqual([['too-large', 'body: is longer than 10 bytes']])
  })

  it('that is faulty is told together with the parameters', async () => {
    const operation = await operationOf(`parameters: [{ name: q, in: query, required: true, schema: {} }]\n${body}`)
    expect(refusals(operation, request('POST /things', { body: {} }))).toEqual([
      'q (query): is required',
      'name: is required',
      'url: is required',
    ])
  })
})

describe('a media type', () => {
  const described = (...types: string[]) =>
    `requestBody: { content: { ${types.map(type => `'${type}': { schema: { type: object } }`).join(', ')} } }`
  const json = '{"a":1}'

  it.each([
    ['application/json', 'application/json'],
    ['application/json', 'application/json; charset=utf-8'],
    ['application/json', 'Application/JSON;charset="UTF-8"'],
    ['application/json; charset=utf-8', 'application/json'],
    ['application/vnd.acme+json', 'application/vnd.acme+json'],
    ['application/*', 'application/json'],
    ['*/*', 'application/problem+json'],
  ])('of %s covers %s', async (documented, sent) => {
    const operation = await operationOf(described(documented))
    const reading = operation.read(request('POST /things', { headers: { 'Content-Type': sent }, body: json }), {})
    expect(reading).toMatchObject({ body: { a: 1 }, faults: [] })
  })

  it.each([
    ['application/json', 'text/plain', 'Content-Type: text/plain is not supported, send application/json'],
    [
      'application/json',
      'application/jsonp',
      'Content-Type: application/jsonp is not supported, send application/json',
    ],
    [
      'application/json',
      'application/vnd.x+json',
      'Content-Type: application/vnd.x+json is not supported, send application/json',
    ],
    ['application/*', 'text/json', 'Content-Type: text/json is not supported, send application/*'],
    ['application/json', 'json', 'Content-Type: json is not supported, send application/json'],
    ['application/json', '', 'Content-Type:  is not supported, send application/json'],
    [
      'application/json',
      'application/json, application/json',
      'Content-Type: application/json, application/json is not supported, send application/json',
    ],
    [
      'application/json',
      'application/json; charset=latin1',
      'Content-Type: charset latin1 is not supported, JSON is sent as UTF-8',
    ],
  ])('of %s does not cover %s', async (documented, sent, reason) => {
    const operation = await operationOf(described(documented))
    const { faults } = operation.read(request('POST /things', { headers: { 'Content-Type': sent }, body: json }), {})
    expect(faults.map(({ kind, reason }) => [kind, reason])).toEqual([['media-type', reason]])
  })

  it('that is sent twice is none', async () => {
    const headers = ['Content-Type', 'application/json', 'content-type', 'application/json']
    const operation = await operationOf(described('application/json'))
    expect(operation.read(request('POST /things', { headers, body: json }), {}).faults).toMatchObject([
      { kind: 'media-type' },
    ])
  })

  it('that is not sent is missed', async () => {
    const operation = await operationOf(described('application/json', 'text/plain'))
    const sent = { ...request('POST /things', { body: json }), headers: [] }
    expect(refusals(operation, sent)).toEqual(['Content-Type: is missing, send application/json or text/plain'])
  })

  it('that fits several descriptions is read by the closest', async () => {
    const operation = await operationOf(
      `requestBody: { content: { '*/*': { schema: false }, 'application/*': { schema: false }, application/json: { schema: true } } }`,
    )
    expect(refusals(operation, request('POST /things', { body: json }))).toEqual([])
  })

  it('that is not looked into is not judged', async () => {
    const operation = await operationOf(described('application/octet-stream'))
    const headers = { 'Content-Type': 'application/octet-stream' }
    expect(operation.read(request('POST /things', { headers, body: json }), {})).toMatchObject({
      body: undefined,
      faults: [],
    })
  })

  it('of text is read as text', async () => {
    const operation = await operationOf(
      'requestBody: { content: { text/plain: { schema: { type: string, maxLength: 2 } } } }',
    )
    const headers = { 'Content-Type': 'text/plain' }
    expect(refusals(operation, request('POST /things', { headers, body: 'abc' }))).toEqual([
      'body: must NOT have more than 2 characters',
    ])
  })

  it.each([
    ['compress', ['Content-Encoding: compress is not supported, send gzip, deflate, br or none']],
    ['gzip', ['body: is not gzip, as Content-Encoding says']],
    ['Identity', []],
  ])('in the coding %s', async (coding, reasons) => {
    const operation = await operationOf(described('application/json'))
    const sent = request('POST /things', { headers: { 'Content-Encoding': coding }, body: json })
    expect(refusals(operation, sent)).toEqual(reasons)
  })
})

describe('the answer that is promised', () => {
  it('for a status is that of the code, else of its range, else the default', async () => {
    const operation = await operationOf(
      `responses:
  '200': { description: A }
  '4XX': { description: B }
  default: { description: C }
  x-note: none
`,
    )
    const of = (status: number) => operation.responseFor(status)?.status
    expect([of(200), of(201), of(404), of(499), of(500)]).toEqual(['200', 'default', '4XX', '4XX', 'default'])
    expect(operation.responses.map(({ status }) => status)).toEqual(['200', '4XX', 'default'])
  })

  it('is none for a status that is not documented', async () => {
    const operation = await operationOf("responses: { '200': { description: A } }")
    expect(operation.responseFor(201)).toBeUndefined()
  })

  it('has the headers that the document names, but Content-Type', async () => {
    const operation = await operationOf(`responses:
  '200':
    description: A
    headers:
      x-rate-limit: { required: true, schema: { type: integer }, example: 5 }
      Content-Type: { schema: { type: string } }
`)
    const headers = operation.responseFor(200)?.headers
    expect(headers).toMatchObject([{ name: 'x-rate-limit', required: true, example: { value: 5 } }])
    expect(headers?.[0]?.read(' 7 ')).toBe(7)
  })

  it('has the examples of its media type, as they stand', async () => {
    const operation = await operationOf(`responses:
  '200':
    description: A
    content:
      application/json:
        examples:
          x-one: { value: { $ref: '#/info' } }
          two: { value: null }
          three: { externalValue: 'https://example.com' }
        schema: { type: object, examples: [{ a: 1 }] }
`)
    expect(operation.responseFor(200)?.content[0]?.examples.map(({ name, value }) => [name, value])).toEqual([
      ['x-one', { $ref: '#/info' }],
      ['two', null],
      ['schema-0', { a: 1 }],
    ])
  })
})

it('a template with a percent sign is described like others', async () => {
  const operation = await operationOf(body, 'post: /100%/a%20b')
  const { faults } = operation.read(request('POST /x', { body: { name: 7, url: 'https://e.com' } }), {})
  expect(faults).toMatchObject([
    { reason: 'name: must be string', pointer: expect.stringContaining('~1100%25~1a%2520b') },
  ])
})
