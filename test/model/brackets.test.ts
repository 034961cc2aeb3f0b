import { describe, expect, it } from 'vitest'
import { decodeBody, encodeBody } from '../../src/model/index.ts'
import { operationOf, refusals, request } from '../kit/index.ts'

const mediaType = 'application/x-www-form-urlencoded'

/** A form with one field `a` of a schema, sent in brackets. */
async function form(schema: string, required = true) {
  const operation = await operationOf(
    `requestBody:
  required: true
  content:
    ${mediaType}:
      schema: { type: object, required: [${required ? 'a' : ''}], properties: { a: ${schema} } }
      encoding: { a: { style: deepObject, explode: true } }
`,
  )
  const shape = operation.requestBody?.content[0]?.shape
  const sent = (body: string | Uint8Array) => request('POST /things', { headers: { 'Content-Type': mediaType }, body })
  return {
    /** What a body is understood as, or why it is refused. */
    understood: (body: string): unknown => {
      const reading = operation.read(sent(body), {})
      return reading.faults.length > 0 ? reading.faults.map(({ reason }) => reason) : reading.body
    },
    written: (a: unknown): string =>
      decodeURIComponent(Buffer.from(encodeBody(mediaType, { a }, shape).bytes).toString()),
    reread: (a: unknown): unknown => {
      const { bytes } = encodeBody(mediaType, { a }, shape)
      expect(refusals(operation, sent(bytes))).toEqual([])
      const decoded = decodeBody(mediaType, bytes, shape)
      return decoded.kind === 'value' ? (decoded.value as { a?: unknown }).a : decoded
    },
  }
}

const item =
  '{ type: object, properties: { b: { type: integer }, c: { type: string }, d: { type: array, items: { type: integer } } } }'
const items = `{ type: array, items: ${item} }`
const matrix = '{ type: array, items: { type: array, items: { type: integer } } }'
const map = '{ type: object, additionalProperties: { type: integer } }'
const either = `{ anyOf: [${items}, { enum: [""] }] }`
const pair = '{ type: array, prefixItems: [{ type: integer }, { type: object, properties: { b: { type: integer } } }] }'

describe('what clients send in brackets', () => {
  it.each([
    ['qs and stripe-node', items, 'a[0][b]=1&a[0][c]=x&a[1][b]=2', [{ b: 1, c: 'x' }, { b: 2 }]],
    ['PHP', items, 'a%5B0%5D%5Bb%5D=1&a%5B1%5D%5Bd%5D%5B0%5D=2', [{ b: 1 }, { d: [2] }]],
    ['Rails', items, 'a[][b]=1&a[][c]=x&a[][b]=2', [{ b: 1, c: 'x' }, { b: 2 }]],
    ['Rails with lists inside', items, 'a[][b]=1&a[][d][]=2&a[][d][]=3&a[][b]=4', [{ b: 1, d: [2, 3] }, { b: 4 }]],
    ['a client that begins with 1', items, 'a[1][b]=1&a[2][b]=2', [{ b: 1 }, { b: 2 }]],
    ['a client in another order', items, 'a[10][b]=10&a[9][b]=9', [{ b: 9 }, { b: 10 }]],
    ['lists of lists', matrix, 'a[0][0]=1&a[0][1]=2&a[1][]=3', [[1, 2], [3]]],
    ['a list inside of a list that is empty', matrix, 'a[0][]&a[1][]=3', [[], [3]]],
    ['numbers as names', map, 'a[0]=1&a[7]=2', { 0: 1, 7: 2 }],
    ['items that are described one by one', pair, 'a[0]=1&a[1][b]=2', [1, { b: 2 }]],
    ['a list or nothing, of nothing', either, 'a=', ''],
    ['a list or nothing, of one', either, 'a[][b]=1', [{ b: 1 }]],
    ['a text or a list, of a text', '{ anyOf: [{ type: string }, { type: array }] }', 'a=x', 'x'],
    ['a text or a list, of a list', '{ anyOf: [{ type: string }, { type: array }] }', 'a[]=x', ['x']],
    ['a number or a list', '{ anyOf: [{ type: integer }, { type: array }] }', 'a=5', 5],
    ['Rails, of an empty list', items, 'a[]=', []],
    ['Rails, of an empty text', '{ type: array, items: { type: string } }', 'a[]=', ['']],
    ['qs, of an empty list', '{ type: array, items: { type: string } }', 'a[]', []],
    ['an empty object', item, 'a=', {}],
    ['a name that is empty', '{ type: object }', 'a[]=1', { '': '1' }],
    ['what no schema describes, as a list', '{}', 'a[0][x]=1&a[1]=2', [{ x: '1' }, '2']],
    ['what no schema describes, as an object', '{}', 'a[1]=1', { 1: '1' }],
    ['a list or an object, as a list', '{ type: [array, object] }', 'a[0]=1&a[1]=2', ['1', '2']],
    ['a list or an object, as an object', '{ type: [array, object] }', 'a[1]=1&a[2]=2', { 1: '1', 2: '2' }],
  ])('%s, where the schema is %s, is read', async (_, schema, body, expected) => {
    expect((await form(schema)).understood(body)).toEqual({ a: expected })
  })

  it.each([
    ['a list with names', items, 'a[x][b]=1', ['a: must be array']],
    ['an object with items', item, 'a[][b]=1', ['a: must be object']],
    ['an item of the wrong type', items, 'a[0][b]=x', ['a[0].b: must be integer']],
    ['a text for a list of objects', items, 'a=x', ['a[0]: must be object']],
    ['a text for a list or nothing', either, 'a=x', ['a[0]: must be object']],
    ['a broken escape', items, 'a[0][c]=%zz', ['body: has a field "a" that is not valid percent-encoding']],
  ])('%s, where the schema is %s, is refused', async (_, schema, body, expected) => {
    expect((await form(schema)).understood(body)).toEqual(expected)
  })

  it('may have an index as large as it likes, and names of what objects have', async () => {
    expect((await form(items)).understood('a[99999999999999999999][b]=1&a[4294967296][b]=2')).toEqual({
      a: [{ b: 2 }, { b: 1 }],
    })
    expect((await form('{}')).understood('a[__proto__][x]=1&a[constructor][prototype][y]=2')).toEqual(
      JSON.parse('{"a":{"__proto__":{"x":"1"},"constructor":{"prototype":{"y":"2"}}}}'),
    )
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false)
  })

  it('may have ten thousand items', async () => {
    const { understood } = await form(items)
    const body = Array.from({ length: 9_000 }, (_, at) => `a[][b]=${at}`).join('&')
    expect(understood(body)).toMatchObject({ a: { length: 9_000 } })
  })
})

describe('what is written in brackets', () => {
  it.each<[string, unknown, string]>([
    [items, [{ b: 1, c: 'x' }, { d: [1, 2] }], 'a[0][b]=1&a[0][c]=x&a[1][d][0]=1&a[1][d][1]=2'],
    [items, [{}, { b: 1 }], 'a[0]=&a[1][b]=1'],
    [items, [], 'a[]'],
    [matrix, [[], [1, 2], [3]], 'a[0][]&a[1][0]=1&a[1][1]=2&a[2][0]=3'],
    [map, { 0: 1, 7: 2 }, 'a[0]=1&a[7]=2'],
    [map, {}, 'a='],
    [either, '', 'a='],
    [either, [{ b: 1 }], 'a[0][b]=1'],
    [`{ type: object, required: [e], properties: { e: ${items}, f: ${items} } }`, { e: [] }, 'a[e][]'],
    [
      `{ type: object, properties: { e: { type: object, properties: { f: ${items} } } } }`,
      { e: { f: [{ b: 1 }] } },
      'a[e][f][0][b]=1',
    ],
    ['{ type: object, additionalProperties: { type: [string, "null"] } }', { 'b[c]': 'x&y=z' }, 'a[b[c]]=x&y=z'],
    ['{ type: [object, "null"] }', null, 'a='],
  ])('for %s is read back as %j', async (schema, value, expected) => {
    const { written, reread } = await form(schema)
    expect(written(value)).toBe(expected)
    expect(reread(value)).toEqual(value)
  })

  it('leaves out what is empty and not demanded, as clients do', async () => {
    const inside = `{ type: object, properties: { b: { type: string }, e: ${items}, f: { type: object } } }`
    expect((await form(inside)).written({ b: 'x', e: [], f: {} })).toBe('a[b]=x')
    expect((await form(inside, false)).written({ e: [] })).toBe('')
  })
})
