import { describe, expect, it } from 'vitest'
import { type Answer, json, mockOf, overFetch, type Parts, thing } from './kit.ts'

/** What two requests are answered, and what the mock says about it. */
async function observed(parts: Parts): Promise<{ answer: Answer; notices: readonly string[] }> {
  const notices: string[] = []
  await using mock = await mockOf(parts, { onNotice: notice => notices.push(notice) })
  const talk = overFetch(mock)
  const answer = await talk('/thing')
  expect((await talk('/thing')).text).toBe(answer.text)
  return { answer, notices }
}

const where = '#/paths/~1thing/get/responses/200'

describe('the body of an answer', () => {
  const schema = { type: 'object', required: ['a'], properties: { a: { type: 'integer' } }, examples: [{ a: 4 }] }

  it.each<[string, unknown, unknown]>([
    ['the first named example', { schema, examples: { one: { value: { a: 1 } }, two: { value: { a: 2 } } } }, { a: 1 }],
    ['the example of the media type', { schema, example: { a: 3 } }, { a: 3 }],
    ['the example of the schema', { schema }, { a: 4 }],
    ['an example that looks like a reference', { schema: {}, example: { $ref: 'not one' } }, { $ref: 'not one' }],
  ])('is %s', async (_, content, expected) => {
    const { answer, notices } = await observed(
      thing({ responses: { 200: { description: '', content: { 'application/json': content } } } }),
    )
    expect(answer).toMatchObject({ status: 200, json: expected })
    expect(notices).toEqual([])
  })

  it('is generated where there is no example', async () => {
    const { answer } = await observed(thing({ responses: { 200: json({ type: 'integer', minimum: 7, maximum: 7 }) } }))
    expect(answer.json).toBe(7)
  })

  it('is the next example where one does not match its schema, and that is said', async () => {
    const examples = { wrong: { value: { a: 'x' } }, worse: { value: null }, right: { value: { a: 2 } } }
    const { answer, notices } = await observed(thing({ responses: { 200: json(schema, { examples }) } }))
    expect(answer.json).toEqual({ a: 2 })
    expect(notices).toEqual([
      'thing 200: the example "wrong" does not match its schema (/a must be integer) and is not served; ' +
        'the example "worse" does not match its schema (the value must be object) and is not served',
    ])
  })

  it('is generated where no example matches its schema, and that is said', async () => {
    const strict = { type: 'object', required: ['b'], properties: { b: { const: 5 } } }
    const { answer, notices } = await observed(thing({ responses: { 200: json(strict, { example: { b: 6 } }) } }))
    expect(answer.json).toEqual({ b: 5 })
    expect(notices).toHaveLength(1)
  })

  it('breaks the schema only where nothing keeps it, and that is said', async () => {
    const impossible = { allOf: [{ type: 'string' }, { type: 'integer' }] }
    const { answer, notices } = await observed(thing({ responses: { 200: json(impossible) } }))
    expect(answer.status).toBe(200)
    expect(notices).toEqual([expect.stringMatching(`thing 200: no value fits the schema at ${where}/content.*: .+`)])
  })

  it('is not held against a schema of which no validator can be made, and that is said', async () => {
    const unusable = { type: 'object', properties: { a: { type: 'string', pattern: '(' } } }
    const { answer, notices } = await observed(thing({ responses: { 200: json(unusable, { example: { a: 'b' } }) } }))
    expect(answer).toMatchObject({ status: 200, json: { a: 'b' } })
    expect(notices).toEqual([expect.stringMatching('cannot be compiled: .*; bodies are not held against it')])
  })
})

describe('a body that gets to a schema of which no validator can be made', () => {
  const members = Object.fromEntries([...'abcdefghijklmno'].map(name => [name, { type: 'string' }]))
  const bad = { type: 'object', properties: { ...members, z: { type: 'string', pattern: '(' } } }
  const schema = { type: 'object', properties: { id: { type: 'integer' }, bad: { $ref: '#/components/schemas/Bad' } } }

  it.each([
    ['documented', { example: { id: 1, bad: { z: 'b' } } }],
    ['generated', {}],
  ])('is sent, and that is said: %s', async (_, content) => {
    const { answer, notices } = await observed({
      ...thing({ responses: { 200: json(schema, content) } }),
      components: { schemas: { Bad: bad } },
    })
    expect(answer).toMatchObject({ status: 200, json: { bad: {} } })
    expect(notices).toEqual([
      expect.stringMatching('#/components/schemas/Bad cannot be compiled: .*; bodies are not held against it'),
    ])
  })
})

describe('a request schema of which no validator can be made', () => {
  it('lets every request pass, and that is said', async () => {
    const notices: string[] = []
    const schema = { type: 'object', properties: { a: { type: 'string', pattern: '(' } } }
    const requestBody = { content: { 'application/json': { schema } } }
    const document = thing({ requestBody, responses: { 200: json({ const: 1 }) } }, 'post')
    await using mock = await mockOf(document, { onNotice: notice => notices.push(notice) })
    const talk = overFetch(mock)
    for (const a of ['b', 7]) expect(await talk('/thing', { json: { a } })).toMatchObject({ status: 200 })
    expect(notices).toHaveLength(1)
  })
})

describe('the documented header fields of an answer', () => {
  async function headersOf(headers: unknown, origin?: string): Promise<Answer['headers']> {
    await using mock = await mockOf(thing({ responses: { 200: { ...json({ const: 1 }), headers } } }))
    return (await overFetch(mock)('/thing', { headers: origin === undefined ? {} : { origin } })).headers
  }

  it('are examples, or made up where they are required', async () => {
    const headers = {
      'X-Rate-Limit': { schema: { type: 'integer' }, example: 100 },
      'X-Required': { required: true, schema: { type: 'string', enum: ['made'] } },
      'X-Optional': { schema: { type: 'string' } },
      'X-List': { schema: { type: 'array', items: { type: 'integer' } }, example: [1, 2] },
      'X-Pairs': { schema: { type: 'object' }, example: { a: 1, b: 2 } },
    }
    const shown = await headersOf(headers)
    expect(shown).toMatchObject({ 'x-rate-limit': '100', 'x-required': 'made', 'x-list': '1,2', 'x-pairs': 'a,1,b,2' })
    expect(shown).not.toHaveProperty('x-optional')
  })

  it('are made up where the example does not match the schema', async () => {
    const header = { required: true, schema: { type: 'integer', minimum: 5, maximum: 5 }, example: 'five' }
    expect(await headersOf({ 'X-Five': header })).toMatchObject({ 'x-five': '5' })
  })

  it('leave the framing of the message alone', async () => {
    const headers = {
      'Content-Length': { required: true, schema: { type: 'integer' }, example: 9_999 },
      'Transfer-Encoding': { schema: { type: 'string' }, example: 'chunked' },
      'Content-Encoding': { schema: { type: 'string' }, example: 'gzip' },
      Connection: { schema: { type: 'string' }, example: 'close' },
    }
    expect(await headersOf(headers)).toEqual({ 'content-type': 'application/json' })
  })

  it('are left out where no field can hold them, and that is said', async () => {
    const notices: string[] = []
    const headers = {
      'X-Break': { schema: { type: 'string' }, example: 'a\r\nSet-Cookie: b=c' },
      'X-Wide': { schema: { type: 'string' }, example: '☕' },
      'X Space': { schema: { type: 'string' }, example: 'a' },
    }
    const document = thing({ responses: { 200: { ...json({ const: 1 }), headers } } })
    await using mock = await mockOf(document, { onNotice: notice => notices.push(notice) })
    expect((await overFetch(mock)('/thing')).headers).toEqual({ 'content-type': 'application/json' })
    expect(notices).toHaveLength(3)
  })

  it('give way to the sharing of this server', async () => {
    const headers = {
      'Access-Control-Allow-Origin': { schema: { type: 'string' }, example: '*' },
      'Access-Control-Expose-Headers': { schema: { type: 'string' }, example: 'X-Other' },
      'X-Total': { schema: { type: 'integer' }, example: 3 },
    }
    const shown = await headersOf(headers, 'http://localhost:3000')
    expect(shown['access-control-allow-origin']).toBe('http://localhost:3000')
    expect(shown['access-control-expose-headers']).toBe('x-total')
    expect(await headersOf(headers)).toMatchObject({ 'access-control-allow-origin': '*' })
  })
})

it('an example is sent without what is writeOnly', async () => {
  const schema = {
    type: 'object',
    required: ['name', 'password'],
    properties: { name: { type: 'string' }, password: { type: 'string', writeOnly: true } },
  }
  const example = { name: 'Ada', password: 'secret' }
  const responses = { 200: json(schema, { examples: { one: { value: example } } }) }
  await using mock = await mockOf(thing({ responses }))
  for (const prefer of ['example=one', 'code=200']) {
    const response = await mock.fetch('http://mock/thing', { headers: { prefer } })
    expect(await response.json()).toEqual({ name: 'Ada' })
  }
})

it('an example inside of a generated body is sent without what is writeOnly', async () => {
  const User = {
    type: 'object',
    required: ['name', 'password'],
    properties: { name: { type: 'string' }, password: { type: 'string', writeOnly: true } },
    example: { name: 'Ada', password: 'secret' },
  }
  const list = { type: 'array', minItems: 1, maxItems: 1, items: { $ref: '#/components/schemas/User' } }
  await using mock = await mockOf({ ...thing({ responses: { 200: json(list) } }), components: { schemas: { User } } })
  expect(await (await mock.fetch('http://mock/thing')).json()).toEqual([{ name: 'Ada' }])
})

describe('an example of XML that is written as text', () => {
  const pet = { type: 'object', required: ['name'], xml: { name: 'pet' }, properties: { name: { type: 'string' } } }
  const answered = async (example: string) =>
    observed(
      thing({
        responses: { 200: { description: 'A pet.', content: { 'application/xml': { schema: pet, example } } } },
      }),
    )

  it('is sent as it stands', async () => {
    const { answer, notices } = await answered('<pet><name>Rex</name></pet>')
    expect(answer.text).toBe('<pet><name>Rex</name></pet>')
    expect(notices).toEqual([])
  })

  it('is not sent where it is not well-formed', async () => {
    const { answer, notices } = await answered('<pet><name>Rex</pet>')
    expect(answer.text).toMatch(/<pet><name>[^<]+<\/name><\/pet>\n$/)
    expect(notices).toEqual([
      'thing 200: the example "example" is not well-formed XML: Missing end tag for element name (line 1, column 15), and is not served',
    ])
  })
})
