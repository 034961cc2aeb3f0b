import { describe, expect, it } from 'vitest'
import { Part, SchemaUnusable } from '../../src/model/index.ts'
import { Schemas } from '../../src/model/schema.ts'
import { documentOf } from '../kit/index.ts'

const head = "openapi: 3.1.0\ninfo: { title: Test, version: '1' }\n"

/** The schema `Thing` of a document; the other schemas are beside it. */
async function schemaOf(thing: unknown, others: object = {}) {
  const document = await documentOf(`${head}components: ${JSON.stringify({ schemas: { Thing: thing, ...others } })}\n`)
  const part = Part.of(document.root).at('#/components/schemas/Thing')
  if (part === undefined) throw new Error('the document has no Thing')
  return new Schemas(document).at(part.pointer, part.value)
}

/** Why a value does not match, as `place: reason`. */
async function reasons(thing: unknown, value: unknown, others: object = {}): Promise<string[]> {
  return (await schemaOf(thing, others)).mismatches(value).map(({ at, says }) => `${at}: ${says}`)
}

const cat = {
  type: 'object',
  required: ['kind', 'meow'],
  properties: { kind: { const: 'cat' }, meow: { type: 'boolean' } },
}
const dog = {
  type: 'object',
  required: ['kind', 'bark'],
  properties: { kind: { const: 'dog' }, bark: { type: 'string' } },
}
const refs = [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }]
const pets = { Cat: cat, Dog: dog }

describe('a value that matches', () => {
  it('is accepted, and there is nothing to say', async () => {
    const schema = await schemaOf({ type: 'object', required: ['a'] })
    expect(schema.accepts({ a: 1 })).toBe(true)
    expect(schema.mismatches({ a: 1 })).toEqual([])
  })
})

describe('a reason', () => {
  it('names the place in the value, the keyword and the clause of the document', async () => {
    const schema = await schemaOf({ type: 'object', properties: { 'a/b': { type: 'string' } } })
    expect(schema.accepts({ 'a/b': 1 })).toBe(false)
    expect(schema.mismatches({ 'a/b': 1 })).toEqual([
      {
        at: '/a~1b',
        says: 'must be string',
        keyword: 'type',
        pointer: '#/components/schemas/Thing/properties/a~1b/type',
      },
    ])
  })

  it('names the clause behind a reference', async () => {
    const thing = { type: 'array', items: { $ref: '#/components/schemas/Cat' } }
    expect((await schemaOf(thing, pets)).mismatches([{ kind: 'cat' }])).toEqual([
      { at: '/0/meow', says: 'is required', keyword: 'required', pointer: '#/components/schemas/Cat/required' },
    ])
  })

  it.each([
    [{ required: ['a', 'b'] }, {}, ['/a: is required', '/b: is required']],
    [{ dependentRequired: { a: ['b'] } }, { a: 1 }, ['/b: is required']],
    [{ type: 'string' }, 1, [': must be string']],
    [{ type: ['string', 'null'] }, 1, [': must be string or null']],
    [{ type: 'integer' }, 1.5, [': must be integer']],
    [{ type: 'integer' }, Number.POSITIVE_INFINITY, [': must be integer']],
    [{ type: 'number' }, '1', [': must be number']],
    [{ enum: ['a', 1, null] }, 'b', [': must be one of "a", 1, null']],
    [{ enum: Array.from({ length: 30 }, (_, at) => at) }, 'b', [expect.stringMatching(/, 19, … \(30 in all\)$/)]],
    [{ const: { a: 1 } }, 2, [': must be {"a":1}']],
    [
      { additionalProperties: false, properties: { a: {} } },
      { a: 1, b: 2, c: 3 },
      ['/b: is not allowed', '/c: is not allowed'],
    ],
    [{ unevaluatedProperties: false, allOf: [{ properties: { a: {} } }] }, { a: 1, b: 2 }, ['/b: is not allowed']],
    [{ properties: { a: false } }, { a: 1 }, ['/a: is not allowed']],
    [{ type: 'string', format: 'email' }, 'x', [': must be a valid email']],
    [{ type: 'string', format: 'date-time' }, '2024-01-01 00:00:00Z', [': must be a valid date-time']],
    [{ type: 'string', format: 'date-time' }, '2024-02-30T00:00:00Z', [': must be a valid date-time']],
    [{ type: 'string', format: 'uri' }, 'x y', [': must be a valid uri']],
    [{ type: 'integer', format: 'int32' }, 2 ** 31, [': must be a valid int32']],
    [{ type: 'string', format: 'unheard-of' }, 'x', []],
    [{ type: 'string', pattern: '^a+$' }, 'b', [': must match the pattern ^a+$']],
    [{ type: 'string', pattern: '^\\_$' }, '_', []],
    [{ pattern: '^(?i)abc$' }, 'aBC', []],
    [{ pattern: '(?i)^abc$' }, 'abd', [': must match the pattern (?i)^abc$']],
    [{ pattern: '^(?P<year>[0-9]++)(?>x|y)$' }, '2024x', []],
    [{ pattern: '^(?P<year>[0-9]++)(?>x|y)$' }, '2024', [': must match the pattern ^(?P<year>[0-9]++)(?>x|y)$']],
    [{ multipleOf: 0.01 }, 19.99, []],
    [{ multipleOf: 0.01 }, 1_234_567.89, []],
    [{ multipleOf: 0.01 }, 19.995, [': must be multiple of 0.01']],
    [{ type: 'string', minLength: 2 }, '𝄞', [': must NOT have fewer than 2 characters']],
    [{ type: 'number', minimum: 1 }, 0, [': must be >= 1']],
    [
      { type: 'array', uniqueItems: true },
      [1, 1],
      [': must NOT have duplicate items (items ## 0 and 1 are identical)'],
    ],
    [
      { type: 'array', items: { type: 'object', required: ['name'] } },
      [{}, { name: 1 }, {}],
      ['/0/name: is required', '/2/name: is required'],
    ],
    [JSON.parse('{ "if": { "required": ["a"] }, "then": { "required": ["b"] } }'), { a: 1 }, ['/b: is required']],
    [{ propertyNames: { pattern: '^a' } }, { b: 1 }, [': must match the pattern ^a', ': property name must be valid']],
    [false, 1, [': is not allowed']],
  ])('of %j for %j is %j', async (thing, value, expected) => {
    expect(await reasons(thing, value)).toEqual(expected)
  })

  it('is given a hundred times at most', async () => {
    const found = await reasons({ type: 'array', items: { type: 'string' } }, Array(1000).fill(1))
    expect(found).toHaveLength(100)
    expect(found.at(-1)).toBe('/99: must be string')
  })
})

describe.each(['anyOf', 'oneOf'])('of %s', union => {
  it.each([
    [
      'nothing but the types, where none fits',
      [{ type: 'string' }, { type: 'integer' }],
      true,
      [': must be string or integer'],
    ],
    ['the values too', [{ enum: ['auto', 'off'] }, { type: 'integer' }], 'x', [': must be "auto", "off" or integer']],
    [
      'the branch of the type that was sent',
      [{ type: 'string' }, { type: 'integer', minimum: 5 }],
      3,
      [': must be >= 5'],
    ],
    ['what is behind null', [{ type: 'null' }, { type: 'object', required: ['a'] }], {}, ['/a: is required']],
    ['the branch with fewer faults', [{ required: ['a', 'b'] }, { required: ['c'] }], {}, ['/c: is required']],
    ['the branch that was meant by its tag', refs, { kind: 'dog' }, ['/bark: is required']],
    ['the same, when that branch has a fault deep inside', refs, { kind: 'dog', bark: 1 }, ['/bark: must be string']],
    [
      'the tag, when it fits no branch',
      refs,
      { kind: 'bird', meow: true, bark: 'x' },
      ['/kind: must be "cat" or "dog"'],
    ],
    ['the types behind references', refs, 7, [': must be object']],
    [
      'that the forms are many, when nothing better can be said',
      [{ not: {} }, { type: 'string' }],
      7,
      [': must NOT be valid'],
    ],
  ])('it says %s', async (_, branches, value, expected) => {
    expect(await reasons({ [union]: branches }, value, pets)).toEqual(expected)
  })

  it('it says the closest inside the closest', async () => {
    const inner = { [union]: [{ type: 'string' }, { [union]: refs }] }
    expect(await reasons({ type: 'array', items: inner }, [{ kind: 'cat' }, 7], pets)).toEqual([
      '/0/meow: is required',
      '/1: must be string or object',
    ])
  })

  it('it leaves the reasons beside it alone', async () => {
    const thing = {
      required: ['z'],
      properties: { pet: { [union]: refs }, name: { type: 'string' }, other: { [union]: [{ type: 'null' }] } },
      allOf: [{ required: ['y'] }, { [union]: [{ required: ['x'] }] }],
    }
    expect((await reasons(thing, { pet: { kind: 'cat' }, name: 1, other: 2 }, pets)).sort()).toEqual([
      '/name: must be string',
      '/other: must be null',
      '/pet/meow: is required',
      '/x: is required',
      '/y: is required',
      '/z: is required',
    ])
  })

  it('it is judged through recursion', async () => {
    const Tree = {
      type: 'object',
      required: ['id'],
      properties: { next: { [union]: [{ type: 'null' }, { $ref: '#/components/schemas/Tree' }] } },
    }
    const value = { id: 1, next: { id: 2, next: { next: null } } }
    expect(await reasons({ $ref: '#/components/schemas/Tree' }, value, { Tree })).toEqual([
      '/next/next/id: is required',
    ])
  })

  it('it names the clause of the branch', async () => {
    const schema = await schemaOf({ [union]: refs }, pets)
    expect(schema.mismatches({ kind: 'dog', bark: 1 })).toEqual([
      {
        at: '/bark',
        says: 'must be string',
        keyword: 'type',
        pointer: '#/components/schemas/Dog/properties/bark/type',
      },
    ])
    expect(schema.mismatches(1)).toMatchObject([{ keyword: union, pointer: `#/components/schemas/Thing/${union}` }])
  })

  it('it comes to an end for as many faults as a body can have', async () => {
    const found = await reasons({ type: 'array', items: { [union]: refs } }, Array(20_000).fill({ kind: 'cat' }), pets)
    expect(found).toHaveLength(100)
    expect(found[0]).toBe('/0/meow: is required')
  })
})

describe('of oneOf, when several fit', () => {
  it('that only one may', async () => {
    expect(await reasons({ oneOf: [{ type: 'string' }, { type: 'integer' }, { minimum: 0 }] }, 7)).toEqual([
      ': must match only one of the 3 forms that are allowed',
    ])
  })
})

describe('hostile values', () => {
  it('named as what every object inherits do not count as present', async () => {
    expect(await reasons({ type: 'object', required: ['constructor', '__proto__'] }, {})).toEqual([
      '/constructor: is required',
      '/__proto__: is required',
    ])
  })

  it('with a key __proto__ are objects like others', async () => {
    const thing = { type: 'object', properties: { a: {} }, additionalProperties: false }
    expect(await reasons(thing, JSON.parse('{"__proto__": {"a": 1}}'))).toEqual(['/__proto__: is not allowed'])
  })

  it('nested deeper than the stack are refused', async () => {
    const nested = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)
    const Deep = { type: 'array', items: { $ref: '#/components/schemas/Deep' } }
    const schema = await schemaOf({ $ref: '#/components/schemas/Deep' }, { Deep })
    expect(schema.accepts(nested)).toBe(false)
    expect(schema.mismatches(nested)).toMatchObject([{ at: '', says: 'is nested too deeply' }])
  })
})

describe('a schema that consists of itself', () => {
  it.each(['allOf', 'anyOf', 'oneOf'])(
    'by %s is told to be of no use, and not that the value is nested',
    async keyword => {
      const Self = { [keyword]: [{ $ref: '#/components/schemas/Self' }, { type: 'object' }] }
      const schema = await schemaOf({ $ref: '#/components/schemas/Self' }, { Self })
      expect(() => schema.accepts({ a: [1] })).toThrow('cannot be compiled: it consists of itself')
      expect(() => schema.mismatches({})).toThrow('it consists of itself')
    },
  )
})

describe('a schema that is none', () => {
  it.each([
    ['a pattern that is no regular expression', { pattern: '(' }],
    ['a keyword of the wrong type', { required: 'name' }],
    ['a type that does not exist', { type: 'file' }],
  ])('is told when it is used: %s', async (_, thing) => {
    const schema = await schemaOf(thing)
    expect(() => schema.accepts({})).toThrow(SchemaUnusable)
    expect(() => schema.mismatches({})).toThrow(/#\/components\/schemas\/Thing/)
  })

  it('does not spoil the others', async () => {
    const document = await documentOf(
      `${head}components: { schemas: { Bad: { pattern: '(' }, Good: { type: string } } }\n`,
    )
    const schemas = new Schemas(document)
    expect(() => schemas.at('#/components/schemas/Bad', {}).accepts('x')).toThrow(SchemaUnusable)
    expect(schemas.at('#/components/schemas/Good', {}).accepts('x')).toBe(true)
  })
})

describe('what a schema refers to', () => {
  const members = Object.fromEntries([...'abcdefghijklmno'].map(name => [name, { type: 'string' }]))
  const Bad = { type: 'object', properties: { ...members, z: { type: 'file' } } }
  const thing = { type: 'object', properties: { name: { type: 'string' }, bad: { $ref: '#/components/schemas/Bad' } } }

  it('is compiled when a value gets there, and tells then that it cannot be', async () => {
    const schema = await schemaOf(thing, { Bad })
    expect(schema.accepts({ name: 'a' })).toBe(true)
    expect(schema.accepts({ name: 1 })).toBe(false)
    expect(() => schema.accepts({ bad: {} })).toThrow(SchemaUnusable)
    expect(() => schema.accepts({ bad: {} })).toThrow('#/components/schemas/Bad')
    expect(schema.accepts({ name: 'a' })).toBe(true)
  })

  it.each([
    ['itself', { Loop: { $ref: '#/components/schemas/Loop' } }],
    ['what refers to it', { Loop: { $ref: '#/components/schemas/Pool' }, Pool: { $ref: '#/components/schemas/Loop' } }],
  ])('may be %s and nothing else, and then allows everything', async (_, others) => {
    const schema = await schemaOf({ properties: { a: { $ref: '#/components/schemas/Loop' } } }, others)
    expect(schema.accepts({})).toBe(true)
    expect(schema.accepts({ a: 1 })).toBe(true)
  })

  it('is compiled wherever in a value it is first met, but for one that is nested too deeply', async () => {
    const Deep = { type: 'array', items: { $ref: '#/components/schemas/Either' } }
    const Either = { anyOf: [{ $ref: '#/components/schemas/Deep' }, { $ref: '#/components/schemas/Large' }] }
    const Large = { type: 'object', properties: members }
    const schema = await schemaOf({ $ref: '#/components/schemas/Deep' }, { Deep, Either, Large })
    const nested = (depth: number): unknown => {
      let value: unknown = { a: 'a' }
      for (let at = 0; at < depth; at += 1) value = [value]
      return value
    }
    for (let depth = 20_000; depth > 100; depth = Math.floor(depth / 1.1))
      expect(schema.accepts(nested(depth))).toBeTypeOf('boolean')
    expect(schema.accepts(nested(100))).toBe(true)
    expect(schema.mismatches([[{ a: 1 }]])).toMatchObject([{ at: '/0/0/a', says: 'must be string' }])
  })

  it('may be an anchor', async () => {
    const Text = { $anchor: 'text', type: 'string', minLength: 2 }
    const schema = await schemaOf({ type: 'object', properties: { name: { $ref: '#text' } } }, { Text })
    expect([schema.accepts({ name: 'ab' }), schema.accepts({ name: 'a' })]).toEqual([true, false])
  })

  it('counts for what is unevaluated, however large it is', async () => {
    const Large = { type: 'object', properties: members }
    const large = { $ref: '#/components/schemas/Large' }
    const schema = await schemaOf(
      { allOf: [large], properties: { z: { type: 'string' } }, unevaluatedProperties: false },
      { Large },
    )
    // The first time it is compiled on the way.
    for (let times = 0; times < 2; times += 1) {
      expect(schema.accepts({ a: 'a', z: 'z' })).toBe(true)
      expect(schema.accepts({ a: 'a', y: 'y' })).toBe(false)
    }
    expect(schema.mismatches({ a: 'a', y: 'y' })).toMatchObject([{ at: '/y', says: 'is not allowed' }])
  })

  it('is told of with every reason, the first time as well', async () => {
    const Large = { type: 'object', required: [...'abcdefghijklmno'], properties: { a: { type: 'string' } } }
    const pair = { type: 'array', items: { anyOf: [{ $ref: '#/components/schemas/Large' }, { type: 'string' }] } }
    const schema = await schemaOf(pair, { Large })
    const value = [{ a: 'a' }, { a: 1 }]
    const first = schema.mismatches(value)
    expect(first).toHaveLength(14 + 15)
    expect(schema.mismatches(value)).toEqual(first)
  })
})

describe('what an example holds', () => {
  it.each([
    [
      'the same $id twice',
      [
        { $id: 'x', a: 1 },
        { $id: 'x', a: 2 },
      ],
    ],
    ['a $id that is no text', [{ $id: 7 }]],
    ['a $ref', [{ $ref: '#/components/schemas/Thing' }]],
    ['a type that does not exist', [{ type: 'file', pattern: '(' }]],
  ])('is no schema: %s', async (_, values) => {
    const Others = Object.fromEntries(values.map((example, at) => [`Other${at}`, { type: 'object', example }]))
    expect(await reasons({ type: 'string' }, 'x', Others)).toEqual([])
  })
})

it('a name with signs that pointers and addresses escape is found', async () => {
  const name = 'a/b~c%25 ü"'
  const Thing = { type: 'object', properties: { [name]: { type: 'string' } } }
  const document = await documentOf(`${head}components: { schemas: ${JSON.stringify({ Thing })} }\n`)
  const part = Part.of(document.root).at('#/components/schemas/Thing/properties')?.get(name)
  const schema = new Schemas(document).at(part?.pointer ?? '', part?.value)
  expect([schema.accepts('x'), schema.accepts(1)]).toEqual([true, false])
})
