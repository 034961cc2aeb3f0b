import { describe, expect, it } from 'vitest'
import type { MockServer } from '../../src/index.ts'
import { type Answer, type Ask, faces, json, mockOf, overFetch, thing } from './kit.ts'

/** A mock whose `POST /thing` takes any object and answers 201 with the example, related to the request. */
function echoing(schema: unknown, example: unknown, contract: unknown, components: unknown = {}): Promise<MockServer> {
  const requestBody = { content: { 'application/json': { schema: { type: 'object' } } } }
  const responses = { 201: { ...json(schema, { example }), 'x-contract': contract } }
  return mockOf({ ...thing({ requestBody, responses }, 'post'), components })
}

async function post(mock: MockServer, body: unknown): Promise<unknown> {
  return (await overFetch(mock)('/thing', { json: body })).json
}

const name = { equal: [['$response.body#/name', '$request.body#/name']] }
const nameAndId = { ...name, unique: ['$response.body#/id'] }

describe('a value of the request that the response schema would not take', () => {
  const text = { type: 'string' }
  it.each<[string, unknown, unknown]>([
    ['has another pattern', { properties: { name: { type: 'string', pattern: '^[a-z]+$' } } }, 'Ünfit'],
    ['is not listed', { properties: { name: { enum: ['shown', 'other'] } } }, 'unlisted'],
    ['is not the constant', { properties: { name: { const: 'shown' } } }, 'another'],
    ['is too long', { properties: { name: { type: 'string', maxLength: 6 } } }, 'much too long'],
    ['has another type', { properties: { name: text } }, 7],
    ['has another format', { properties: { name: { type: 'string', format: 'hostname' } } }, 'no host name'],
    ['is refused behind a reference', { properties: { name: { $ref: '#/components/schemas/Name' } } }, 'much too long'],
    [
      'is refused beside a reference',
      { properties: { name: { $ref: '#/components/schemas/Text', maxLength: 6 } } },
      'much too long',
    ],
    [
      'is refused by one of allOf',
      { allOf: [{ properties: { name: text } }, { properties: { name: { maxLength: 6 } } }] },
      'much too long',
    ],
    [
      'is refused by a condition on another member',
      {
        properties: { name: text, id: text },
        if: { properties: { id: { not: { const: 'wh_12345678' } } } },
        else: { properties: { name: { maxLength: 6 } } },
      },
      'much too long',
    ],
    [
      'fits none of oneOf',
      { oneOf: [{ properties: { name: { maxLength: 6 } } }, { properties: { name: { pattern: '^x' } } }] },
      'much too long',
    ],
    [
      'fits both of oneOf',
      { oneOf: [{ properties: { name: { maxLength: 6 } } }, { properties: { name: { pattern: '^x' } } }] },
      'x',
    ],
    ['is what not names', { not: { properties: { name: { const: 'forbidden' } } } }, 'forbidden'],
  ])('is not echoed when it %s', async (_, rules, sent) => {
    const schema = { type: 'object', required: ['name', 'id'], ...(rules as object) }
    const components = { schemas: { Name: { type: 'string', maxLength: 6 }, Text: { type: 'string' } } }
    const shown = { name: 'shown', id: 'wh_12345678' }
    await using mock = await echoing(schema, shown, name, components)
    expect(await post(mock, { name: sent })).toEqual(shown)
  })

  it('is not echoed where it would be one member too many', async () => {
    const schema = { type: 'object', additionalProperties: false, properties: { id: { type: 'string' } } }
    await using mock = await echoing(schema, { id: 'a' }, name)
    expect(await post(mock, { name: 'n' })).toEqual({ id: 'a' })
  })

  it('is not echoed where it would need another member beside it', async () => {
    const schema = { type: 'object', dependentRequired: { name: ['reason'] } }
    await using mock = await echoing(schema, { id: 'a' }, name)
    expect(await post(mock, { name: 'n' })).toEqual({ id: 'a' })
  })

  it('leaves the other relations as they were promised', async () => {
    const schema = { type: 'object', properties: { name: { type: 'string', maxLength: 6 }, id: { type: 'string' } } }
    await using mock = await echoing(schema, { name: 'shown', id: 'wh_12345678' }, nameAndId)
    const [first, second] = [await post(mock, { name: 'much too long' }), await post(mock, { name: 'much too long' })]
    expect(first).toEqual({ name: 'shown', id: expect.stringMatching(/^wh_/) })
    expect(second).toEqual({ name: 'shown', id: expect.stringMatching(/^wh_/) })
    expect((first as { id: string }).id).not.toBe((second as { id: string }).id)
  })
})

describe('a value of the request that the response schema takes', () => {
  /** Schemas that say the same in ways that are filled in quickly, and in ways that have to be judged as a whole. */
  const schemas: [string, unknown][] = [
    ['plain properties', { type: 'object', properties: { name: {}, id: { type: 'string' } } }],
    ['no properties', { type: 'object' }],
    ['true', true],
    ['a closed object', { additionalProperties: false, properties: { name: true, id: {} } }],
    ['typed additional properties', { additionalProperties: true, properties: { id: { type: 'string' } } }],
    ['allOf', { allOf: [{ properties: { name: {} } }, { $ref: '#/components/schemas/Id' }] }],
    ['a reference with siblings', { properties: { name: { $ref: '#/components/schemas/Any', minLength: 0 }, id: {} } }],
    ['minProperties', { minProperties: 1, properties: { name: {} } }],
    ['a condition', { if: { not: { required: ['never'] } }, else: false }],
    ['dependentRequired', { dependentRequired: { name: ['id'] } }],
    ['propertyNames', { propertyNames: { maxLength: 10 } }],
    ['patternProperties', { patternProperties: { '^n': {} } }],
    ['unevaluatedProperties', { properties: { name: {}, id: {} }, unevaluatedProperties: false }],
  ]
  const components = {
    schemas: { Any: {}, Id: { type: 'object', properties: { id: { type: 'string' } } } },
  }
  const values: unknown[] = [
    ...[
      '',
      'plain',
      '"quoted" \\ and / back',
      '😀🏽 e\u0301',
      '\u2028\u2029',
      '\ud800',
      'a\ud800b\udc00',
      '\u0000',
      '\u001f',
    ],
    ...['\u0000slot 0\u0000', '__proto__', 'constructor', '$&$1', '{{name}}', 'x'.repeat(100_000)],
    ...[0, -1, 1e21, 1e-7, 2 ** 53, 1.7976931348623157e308, 5e-324, true, false],
    ...[[], [[1], { a: [null] }], {}, { '': '' }, JSON.parse('{"__proto__":{"a":1},"constructor":{"prototype":2}}')],
  ]

  it.each(schemas)('is echoed byte for byte: %s', async (_, schema) => {
    await using mock = await echoing(schema, { name: 'shown', id: 'wh_12345678' }, nameAndId, components)
    const talk = overFetch(mock)
    for (const value of values) {
      const { status, text } = await talk('/thing', { json: { name: value } })
      expect(status).toBe(201)
      expect(text).toMatch(/,"id":"wh_[0-9]{8,10}"\}$/)
      expect(text.slice(0, text.lastIndexOf(',"id"'))).toBe(`{"name":${JSON.stringify(value)}`)
    }
  })

  it.each(schemas)('is not looked for in the prototype: %s', async (_, schema) => {
    await using mock = await echoing(schema, { name: 'shown', id: 'wh_12345678' }, name, components)
    const ask = { body: '{"__proto__":{"name":"inherited"}}', headers: { 'content-type': 'application/json' } }
    expect((await overFetch(mock)('/thing', ask)).json).toMatchObject({ name: 'shown' })
  })

  it('is echoed when it is null', async () => {
    await using mock = await echoing(
      { type: 'object', properties: { name: { type: ['string', 'null'] } } },
      { name: 'shown' },
      name,
    )
    expect(await post(mock, { name: null })).toEqual({ name: null })
    expect(await post(mock, {})).toEqual({ name: 'shown' })
  })

  it('is added where the example does not have it', async () => {
    await using mock = await echoing({ type: 'object' }, { id: 'a' }, name)
    expect(await post(mock, { name: 'n' })).toEqual({ id: 'a', name: 'n' })
    expect(await post(mock, {})).toEqual({ id: 'a' })
  })

  it('is written as a member even when that is called __proto__', async () => {
    const contract = { equal: [['$response.body#/__proto__', '$request.body#/a']] }
    await using mock = await echoing({ type: 'object' }, { id: 'a' }, contract)
    const { text } = await overFetch(mock)('/thing', { json: { a: 'b' } })
    expect(text).toBe('{"id":"a","__proto__":"b"}')
  })
})

describe.each([...faces])('a value of the request that cannot be written, $name', ({ talkTo }) => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
  function raw(body: string): Ask {
    return { body, headers: { 'content-type': 'application/json' } }
  }
  async function answerTo(body: string, schema: unknown): Promise<Answer> {
    await using mock = await echoing(schema, { name: 'shown', id: 'wh_12345678' }, nameAndId)
    const talk = await talkTo(mock)
    return await talk('/thing', raw(body))
  }

  it.each<[string, unknown]>([
    ['alone', { type: 'object', properties: { name: {} } }],
    ['with the rest', { type: 'object', properties: { name: {} }, minProperties: 1 }],
  ])('because it is nested 100,000 deep is left out, judged %s', async (_, schema) => {
    const { status, json: body } = await answerTo(`{"name":${deep}}`, schema)
    expect(status).toBe(201)
    expect(body).toEqual({ name: 'shown', id: expect.stringMatching(/^wh_/) })
    expect(body).not.toMatchObject({ id: 'wh_12345678' })
  })

  it.each<[string, unknown]>([
    ['alone', { type: 'object', properties: { name: { type: ['string', 'number'] } } }],
    ['with the rest', { type: 'object', properties: { name: { type: ['string', 'number'] } }, minProperties: 1 }],
  ])('because it is beyond all numbers is left out, judged %s', async (_, schema) => {
    expect((await answerTo('{"name":1e999}', schema)).json).toMatchObject({ name: 'shown' })
  })

  it('because it is minus zero is written as zero', async () => {
    expect((await answerTo('{"name":-0}', { type: 'object' })).text).toContain('"name":0')
  })
})

describe('relations of places that have to do with each other', () => {
  it('may write inside of what another has written', async () => {
    const contract = {
      equal: [
        ['$response.body#/data', '$request.body#/data'],
        ['$response.body#/data/id', '$request.body#/id'],
      ],
    }
    await using mock = await echoing({ type: 'object' }, { data: { id: 'a' } }, contract)
    expect(await post(mock, { data: { id: 'b', more: 1 }, id: 'c' })).toEqual({ data: { id: 'c', more: 1 } })
    expect(await post(mock, { id: 'c' })).toEqual({ data: { id: 'c' } })
  })

  it('may write around what another has written', async () => {
    const contract = {
      equal: [
        ['$response.body#/data/id', '$request.body#/id'],
        ['$response.body#/data', '$request.body#/data'],
      ],
    }
    await using mock = await echoing({ type: 'object' }, { data: { id: 'a' } }, contract)
    expect(await post(mock, { data: { id: 'b' }, id: 'c' })).toEqual({ data: { id: 'b' } })
  })

  it('leave nothing of one request in the answer to the next', async () => {
    const contract = { equal: [['$response.body#/data/id', '$request.body#/id']], unique: ['$response.body#/key'] }
    const example = { key: 'k_12345678', data: { id: 'a' } }
    await using mock = await echoing({ type: 'object', minProperties: 1 }, example, contract)
    expect(await post(mock, { id: 'b' })).toMatchObject({ data: { id: 'b' } })
    expect(await post(mock, {})).toMatchObject({ data: { id: 'a' } })
  })

  it('put what the example has in the wrong order right', async () => {
    const contract = { ordered: [['$response.body#/createdAt', '$response.body#/updatedAt']] }
    const example = { createdAt: '2024-04-14T12:00:00+02:00', updatedAt: '2024-04-14T09:00:00Z' }
    await using mock = await echoing({ type: 'object' }, example, contract)
    const createdAt = '2024-04-14T12:00:00+02:00'
    expect(await post(mock, {})).toEqual({ createdAt, updatedAt: createdAt })
  })

  it('keep order with what was echoed', async () => {
    const contract = {
      equal: [['$response.body#/from', '$request.body#/from']],
      ordered: [['$response.body#/from', '$response.body#/to']],
    }
    await using mock = await echoing({ type: 'object' }, { from: 1, to: 5 }, contract)
    expect(await post(mock, { from: 3 })).toEqual({ from: 3, to: 5 })
    expect(await post(mock, { from: 9 })).toEqual({ from: 9, to: 9 })
  })

  it('reach every item of a list', async () => {
    const contract = {
      equal: [['$response.body#/items/*/owner', '$request.body#/owner']],
      unique: ['$response.body#/tags/*'],
    }
    const example = { items: [{ owner: 'a' }, { owner: 'b' }], tags: ['t_12345678', 't_87654321'] }
    await using mock = await echoing({ type: 'object' }, example, contract)
    const [first, second] = [await post(mock, { owner: 'me' }), await post(mock, { owner: 'me' })]
    expect(first).toMatchObject({ items: [{ owner: 'me' }, { owner: 'me' }] })
    const tags = [first, second].flatMap(body => (body as { tags: string[] }).tags)
    expect(new Set([...tags, ...example.tags]).size).toBe(6)
  })

  it('read header, query and method as well as the body', async () => {
    const contract = {
      equal: [
        ['$response.body#/trace', '$request.header.X-Trace'],
        ['$response.body#/page', '$request.query.page'],
        ['$response.body#/method', '$method'],
        ['$response.body#/status', '$statusCode'],
        ['$response.body#/self', '$url'],
        ['$response.body#/size', '$request.query.size', { default: 20 }],
      ],
    }
    const parameters = [
      { name: 'page', in: 'query', schema: { type: 'integer' } },
      { name: 'size', in: 'query', schema: { type: 'integer' } },
    ]
    const example = { trace: '', page: 1, method: '', status: 0, self: '', size: 1 }
    const responses = { 200: { ...json({ type: 'object' }, { example }), 'x-contract': contract } }
    await using mock = await mockOf(thing({ parameters, responses }))
    const answer = await overFetch(mock)('/thing?page=3', { headers: { 'x-trace': 't-1' } })
    expect(answer.json).toEqual({ trace: 't-1', page: 3, method: 'GET', status: 200, self: '/thing?page=3', size: 20 })
  })
})
