import { describe, expect, it } from 'vitest'
import { operationOf, refusals, request } from '../kit/index.ts'

/** What a parameter is understood as when it is sent so: its value, or why it is refused. */
async function understood(parameter: string, sent: string, headers: Record<string, string> = {}): Promise<unknown> {
  const operation = await operationOf(`parameters: [{ name: p, ${parameter} }]`, 'get: /x/{p}')
  const reading = operation.read(
    request(`GET /x?${sent}`, { headers }),
    parameter.includes('in: path') ? { p: sent } : {},
  )
  if (reading.faults.length > 0) return reading.faults.map(({ reason }) => reason)
  return { value: parameter.includes('in: path') ? reading.path.p : reading.query.p }
}

const integer = 'schema: { type: integer }'
const integers = 'schema: { type: array, items: { type: integer } }'
const strings = 'schema: { type: array, items: { type: string } }'
const allOrIntegers = 'schema: { anyOf: [{ enum: [all] }, { type: array, items: { type: integer } }] }'
const object =
  'schema: { type: object, properties: { R: { type: integer }, on: { type: boolean }, name: { type: string } } }'

describe('in the path', () => {
  it.each([
    [integer, '7', { value: 7 }],
    [integer, '-7', { value: -7 }],
    [integer, 'x', ['p (path): must be integer']],
    [integer, '07', ['p (path): must be integer']],
    [integer, '1.5', ['p (path): must be integer']],
    [integer, '1e999', ['p (path): must be integer']],
    ['schema: { type: number }', '1.5e3', { value: 1500 }],
    ['schema: { type: boolean }', 'true', { value: true }],
    ['schema: { type: boolean }', 'TRUE', ['p (path): must be boolean']],
    ['schema: { type: string }', '7', { value: '7' }],
    ['schema: { type: string }', 'a%2Fb', { value: 'a/b' }],
    ['schema: { type: string }', 'gr%C3%B6%C3%9Fe', { value: 'größe' }],
    ['schema: { type: string }', '%zz', ['p (path): is not valid percent-encoding']],
    ['schema: { type: string }', '%ff', ['p (path): is not valid percent-encoding']],
    ['schema: { type: string }', 'a+b', { value: 'a+b' }],
    ['schema: { type: string, format: uuid }', 'x', ['p (path): must be a valid uuid']],
    ['schema: {}', 'x', { value: 'x' }],
    [integers, '3,4', { value: [3, 4] }],
    [allOrIntegers, 'all', { value: 'all' }],
    [`style: label, ${allOrIntegers}`, '.all', { value: 'all' }],
    [`style: matrix, ${allOrIntegers}`, ';p=all', { value: 'all' }],
    [`style: matrix, explode: true, ${allOrIntegers}`, ';p=all', { value: 'all' }],
    [integers, '3,x', ['p[1] (path): must be integer']],
    [strings, 'a%2Cb,c', { value: ['a,b', 'c'] }],
    [strings, 'a,%zz', ['p (path): is not valid percent-encoding']],
    [object, 'R,100,on,true', { value: { R: 100, on: true } }],
    [`explode: true, ${object}`, 'R=100,name=a=b', { value: { R: 100, name: 'a=b' } }],
    [`explode: true, ${object}`, 'R=x', ['p.R (path): must be integer']],
    ['content: { application/json: { schema: { type: object } } }', '%7B%22a%22%3A1%7D', { value: { a: 1 } }],
    ['content: { application/json: { schema: { type: object } } }', '%7B', ['p (path): is not JSON']],
  ])('%s from %s', async (schema, sent, expected) => {
    expect(await understood(`in: path, required: true, ${schema}`, sent)).toEqual(expected)
  })

  it.each([
    [`style: label, ${integer}`, '.5', { value: 5 }],
    [`style: label, ${integer}`, '5', ['p (path): must start with "."']],
    [`style: label, ${integers}`, '.3,4', { value: [3, 4] }],
    [`style: label, explode: true, ${integers}`, '.3.4', { value: [3, 4] }],
    [`style: label, explode: true, ${object}`, '.R=1.name=x', { value: { R: 1, name: 'x' } }],
    [`style: matrix, ${integer}`, ';p=5', { value: 5 }],
    [`style: matrix, ${integer}`, ';q=5', ['p (path): must start with ";p="']],
    [`style: matrix, ${integers}`, ';p=3,4', { value: [3, 4] }],
    [`style: matrix, explode: true, ${integers}`, ';p=3;p=4', { value: [3, 4] }],
    [`style: matrix, ${object}`, ';p=R,1', { value: { R: 1 } }],
    [`style: matrix, explode: true, ${object}`, ';R=1;on=false', { value: { R: 1, on: false } }],
  ])('as %s from %s', async (schema, sent, expected) => {
    expect(await understood(`in: path, required: true, ${schema}`, sent)).toEqual(expected)
  })
})

describe('in the query', () => {
  it.each([
    [integer, 'p=7', { value: 7 }],
    [integer, '', { value: undefined }],
    [integer, 'P=7', { value: undefined }],
    [integer, 'p=', ['p (query): must be integer']],
    [`required: true, ${integer}`, '', ['p (query): is required']],
    [`allowEmptyValue: true, ${integer}`, 'p=', { value: '' }],
    ['schema: { type: [integer, "null"] }', 'p=', { value: null }],
    ['schema: { type: [string, "null"] }', 'p=', { value: '' }],
    ['schema: { enum: [1, 2] }', 'p=2', { value: 2 }],
    ['schema: { enum: [1, 2] }', 'p=3', ['p (query): must be one of 1, 2']],
    ['schema: { const: true }', 'p=true', { value: true }],
    ['schema: { type: integer, maximum: 5 }', 'p=6', ['p (query): must be <= 5']],
    ['schema: { oneOf: [{ type: integer }, { type: boolean }] }', 'p=true', { value: true }],
    ['schema: { type: string }', 'p=a+b%20c', { value: 'a b c' }],
    ['schema: { type: string }', 'p=100%', ['p (query): is not valid percent-encoding']],
    ['schema: { type: string }', 'p=%ff', ['p (query): is not valid percent-encoding']],
    [`explode: false, ${strings}`, 'p=a%2Cb,c', { value: ['a,b', 'c'] }],
    [`explode: false, ${integers}`, 'p=', { value: [] }],
    ['schema: { oneOf: [{ type: integer }, { enum: ["1"] }] }', 'p=1', { value: '1' }],
    ['schema: { type: string }', 'p=1&p=2', { value: '1' }],
  ])('%s from %s', async (schema, sent, expected) => {
    expect(await understood(`in: query, ${schema}`, sent)).toEqual(expected)
  })

  it.each([
    [integers, 'p=3&p=4', { value: [3, 4] }],
    [integers, 'p=3', { value: [3] }],
    [integers, 'p=3,4', ['p[0] (query): must be integer']],
    [`explode: false, ${integers}`, 'p=3,4', { value: [3, 4] }],
    [`explode: false, ${integers}`, 'p=3%2C4', { value: [3, 4] }],
    [`style: spaceDelimited, ${integers}`, 'p=3%204', { value: [3, 4] }],
    [`style: pipeDelimited, ${integers}`, 'p=3|4', { value: [3, 4] }],
    [`style: pipeDelimited, ${integers}`, 'p=3%7C4', { value: [3, 4] }],
    ['schema: { oneOf: [{ type: integer }, { type: array, items: { type: integer } }] }', 'p=3&p=4', { value: [3, 4] }],
    [
      'schema: { type: array, maxItems: 1, items: { type: string } }',
      'p=a&p=b',
      ['p (query): must NOT have more than 1 items'],
    ],
  ])('a list, %s, from %s', async (schema, sent, expected) => {
    expect(await understood(`in: query, ${schema}`, sent)).toEqual(expected)
  })

  it.each([
    [object, 'R=1&on=true&other=x', { value: { R: 1, on: true } }],
    [`required: true, ${object}`, 'R=1', { value: { R: 1 } }],
    [`required: true, ${object}`, 'other=1', ['p (query): is required']],
    [object, 'R=x', ['p.R (query): must be integer']],
    ['required: true, schema: { type: object, additionalProperties: { type: integer } }', 'a=1', { value: undefined }],
    [`explode: false, ${object}`, 'p=R,1,name,x', { value: { R: 1, name: 'x' } }],
    [
      'schema: { type: object, properties: { o: { type: object }, s: { type: string } } }',
      'o={"a":1}&s={}',
      { value: { o: { a: 1 }, s: '{}' } },
    ],
    ['schema: { type: object, properties: { o: { type: object } } }', 'o={"a"', ['p.o (query): must be object']],
    ['schema: { type: array, items: { type: object } }', 'p={"a":1}&p={"b":2}', { value: [{ a: 1 }, { b: 2 }] }],
    [allOrIntegers, 'p=all', { value: 'all' }],
    [allOrIntegers, 'p=4&p=5', { value: [4, 5] }],
    [allOrIntegers, 'p=none', ['p[0] (query): must be integer']],
    [`explode: false, ${allOrIntegers}`, 'p=all', { value: 'all' }],
    [`style: pipeDelimited, explode: false, ${allOrIntegers}`, 'p=all', { value: 'all' }],
    [
      'schema: { anyOf: [{ type: object, properties: { R: { type: integer } } }, { enum: [all] }] }',
      'p=all',
      { value: 'all' },
    ],
    [
      'style: deepObject, schema: { anyOf: [{ type: array, items: { type: object } }, { enum: [""] }] }',
      'p=',
      { value: '' },
    ],
    [`style: deepObject, ${object}`, 'p[R]=1&p[name]=x&q[R]=2', { value: { R: 1, name: 'x' } }],
    [`style: deepObject, ${object}`, 'p%5BR%5D=1', { value: { R: 1 } }],
    [`style: deepObject, ${object}`, 'p[R]=x', ['p.R (query): must be integer']],
    [`style: deepObject, required: true, ${object}`, 'q[R]=1', ['p (query): is required']],
    [`style: deepObject, ${object}`, 'p[__proto__]=1', { value: JSON.parse('{"__proto__":"1"}') }],
    ['style: deepObject, schema: { type: array, items: { type: string } }', 'p[]=a&p[]=b', { value: ['a', 'b'] }],
    ['style: deepObject, schema: { anyOf: [{ type: object }, { type: integer }] }', 'p=5', { value: 5 }],
    [
      'style: deepObject, schema: { anyOf: [{ type: object, properties: { gt: { type: integer } } }, { type: integer }] }',
      'p[gt]=5',
      { value: { gt: 5 } },
    ],
    [
      'style: deepObject, schema: { type: object, properties: { tags: { type: array, items: { type: integer } } } }',
      'p[tags]=1&p[tags]=2',
      { value: { tags: [1, 2] } },
    ],
    [`style: deepObject, required: true, ${object}`, 'p[a][b]=1', { value: { a: { b: '1' } } }],
  ])('an object, %s, from %s', async (schema, sent, expected) => {
    expect(await understood(`in: query, ${schema}`, sent)).toEqual(expected)
  })

  it.each([
    ['p=%7B%22a%22%3A%22100%25%22%7D', { value: { a: '100%' } }],
    ['p={"a":1}', { value: { a: 1 } }],
    ['p=', ['p (query): is not JSON']],
    ['p={"a":', ['p (query): is not JSON']],
    ['p=[]', ['p (query): must be object']],
    ['', ['p (query): is required']],
  ])('JSON, from %s', async (sent, expected) => {
    const schema = 'required: true, content: { application/json: { schema: { type: object } } }'
    expect(await understood(`in: query, ${schema}`, sent)).toEqual(expected)
  })
})

describe('in a header', () => {
  async function refused(parameter: string, headers: Record<string, string>): Promise<string[]> {
    const operation = await operationOf(`parameters: [{ in: header, ${parameter} }]`, 'get: /x')
    return refusals(operation, request('GET /x', { headers }))
  }

  it.each([
    ['name: X-Count, required: true, schema: { type: integer }', { 'x-count': '7' }, []],
    ['name: X-Count, required: true, schema: { type: integer }', {}, ['X-Count (header): is required']],
    ['name: X-Count, schema: { type: integer }', { 'X-COUNT': 'x' }, ['X-Count (header): must be integer']],
    ['name: X-Ids, schema: { type: array, items: { type: integer } }', { 'X-Ids': '1, 2' }, []],
    [
      'name: X-Ids, schema: { type: array, items: { type: integer } }',
      { 'X-Ids': '1, b' },
      ['X-Ids[1] (header): must be integer'],
    ],
    ['name: X-J, content: { application/json: { schema: { type: object } } }', { 'X-J': '{"a":"%"}' }, []],
  ])('%s from %j', async (parameter, headers, expected) => {
    expect(await refused(parameter, headers)).toEqual(expected)
  })

  it('a field that comes twice is one list', async () => {
    const operation = await operationOf(
      'parameters: [{ in: header, name: X-Ids, schema: { type: array, maxItems: 1 } }]',
      'get: /x',
    )
    const sent = request('GET /x', { headers: ['X-Ids', 'a', 'x-ids', 'b'] })
    expect(refusals(operation, sent)).toEqual(['X-Ids (header): must NOT have more than 1 items'])
  })

  it.each(['Accept', 'content-type', 'AUTHORIZATION'])(
    'a parameter named %s is ignored, as the standard says',
    async name => {
      expect(await refused(`name: ${name}, required: true, schema: { type: integer }`, {})).toEqual([])
    },
  )
})

describe('in a cookie', () => {
  async function refused(parameter: string, cookie?: string): Promise<string[]> {
    const operation = await operationOf(`parameters: [{ in: cookie, name: p, ${parameter} }]`, 'get: /x')
    return refusals(operation, request('GET /x', cookie === undefined ? {} : { headers: { Cookie: cookie } }))
  }

  it.each([
    ['required: true, schema: { type: integer }', undefined, ['p (cookie): is required']],
    ['required: true, schema: { type: integer }', 'pp=1; q=2', ['p (cookie): is required']],
    ['required: true, schema: { type: integer }', 'q=2;p=7', []],
    ['required: true, schema: { type: integer }', 'p=x', ['p (cookie): must be integer']],
    ['schema: { const: "a=b" }', 'p=a=b', []],
    ['schema: { const: a b }', 'p=a%20b', []],
    ['schema: { const: "100%" }', 'p=100%', []],
    ['required: true, content: { application/json: { schema: { type: object } } }', 'p=%7B%7D', []],
    ['required: true, schema: { type: object, properties: { R: { type: integer } } }', 'R=1', []],
  ])('%s from %s', async (parameter, cookie, expected) => {
    expect(await refused(parameter, cookie)).toEqual(expected)
  })
})

describe('of an operation', () => {
  it('replace those of its path item that have the same name and place', async () => {
    const operation = await operationOf(
      `parameters:
  - { name: a, in: query, schema: { type: integer } }
  - { $ref: '#/paths/~1x/get/x-b' }
x-b: { name: b, in: query, required: true, schema: { type: string } }`,
      'get: /x',
    )
    expect(operation.parameters.map(({ name, required, pointer }) => ({ name, required, pointer }))).toEqual([
      { name: 'a', required: false, pointer: '#/paths/~1x/get/parameters/0' },
      { name: 'b', required: true, pointer: '#/paths/~1x/get/x-b' },
    ])
  })

  it('are all judged, and each fault names its clause', async () => {
    const operation = await operationOf(
      `parameters:
  - { name: a, in: query, required: true, schema: { type: integer } }
  - { name: b, in: query, schema: { type: object, required: [c], properties: { d: { type: integer } } }, style: deepObject }`,
      'get: /x',
    )
    expect(operation.read(request('GET /x?b[d]=x'), {}).faults).toEqual([
      { kind: 'invalid', reason: 'a (query): is required', pointer: '#/paths/~1x/get/parameters/0' },
      { kind: 'invalid', reason: 'b.c (query): is required', pointer: '#/paths/~1x/get/parameters/1/schema/required' },
      {
        kind: 'invalid',
        reason: 'b.d (query): must be integer',
        pointer: '#/paths/~1x/get/parameters/1/schema/properties/d/type',
      },
    ])
  })

  it('have the examples of themselves and of their schema, in this order', async () => {
    const operation = await operationOf(
      'parameters: [{ name: a, in: query, examples: { one: { value: 1 } }, schema: { type: integer, examples: [2], example: 3 } }]',
      'get: /x',
    )
    expect(operation.parameters[0]?.examples).toEqual([
      { name: 'one', value: 1, pointer: '#/paths/~1x/get/parameters/0/examples/one/value' },
      { name: 'schema-0', value: 2, pointer: '#/paths/~1x/get/parameters/0/schema/examples/0' },
      { name: 'schema', value: 3, pointer: '#/paths/~1x/get/parameters/0/schema/example' },
    ])
  })
})

describe('names and places of their own', () => {
  it.each(['__proto__', 'constructor', 'length', 'hasOwnProperty'])('%s is a name like others', async name => {
    const operation = await operationOf(
      `parameters: [{ name: ${name}, in: query, schema: { type: integer } }, { name: o, in: query, style: deepObject, schema: { type: object } }]`,
      'get: /x',
    )
    const none = operation.read(request('GET /x'), {})
    expect(none.query[name]).toBeUndefined()
    const { query, faults } = operation.read(request(`GET /x?${name}=7&o[${name}]=a`), {})
    expect(faults).toEqual([])
    expect([query[name], JSON.stringify(query.o)]).toEqual([7, `{"${name}":"a"}`])
  })

  it('a cookie may hold an object, as cookies of the names of its members', async () => {
    const operation = await operationOf(
      'parameters: [{ name: p, in: cookie, schema: { type: object, properties: { R: { type: integer } } } }]',
      'get: /x',
    )
    expect(refusals(operation, request('GET /x', { headers: { Cookie: 'R=1; a="b=c"; odd' } }))).toEqual([])
    expect(refusals(operation, request('GET /x', { headers: { Cookie: 'R=x' } }))).toEqual([
      'p.R (cookie): must be integer',
    ])
  })

  it('a matrix without a value is empty', async () => {
    expect(await understood('in: path, required: true, style: matrix, schema: { type: string }', ';p')).toEqual({
      value: '',
    })
  })
})
