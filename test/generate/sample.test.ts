import { describe, expect, it } from 'vitest'
import { type Sample, sample } from '../../src/generate/index.ts'
import { Api } from '../../src/index.ts'
import { Part } from '../../src/model/index.ts'
import { documentOf, json, thing } from '../mock/kit.ts'

/** What is made for a schema, with each of these seeds. */
async function made(
  schema: unknown,
  options: { openapi?: string; components?: unknown; seeds?: number } = {},
): Promise<Sample[]> {
  const { openapi = '3.1.0', components = {}, seeds = 20 } = options
  const document = await documentOf({ openapi, ...thing({ responses: { 200: json(schema) } }), components })
  const compiled = new Api(document).operations[0]?.responses[0]?.content[0]?.schema
  const part = compiled && Part.of(document.root).at(compiled.pointer)
  if (compiled === undefined || part === undefined) throw new Error('no schema')
  return Array.from({ length: seeds }, (_, seed) => {
    const outcome = sample(compiled, part, seed * 7_919)
    if (outcome.kind === 'made') expect(compiled.mismatches(outcome.value)).toEqual([])
    return outcome
  })
}

/** The values, all of which have to be there. */
async function values(...[schema, options]: Parameters<typeof made>): Promise<unknown[]> {
  return (await made(schema, options)).map(outcome => {
    if (outcome.kind === 'impossible') throw new Error(outcome.says)
    return outcome.value
  })
}

const text = { type: 'string' }

const base = { type: 'object', required: ['kind'], properties: { kind: text } }

describe('a value is made for', () => {
  it.each<[string, unknown]>([
    ['everything', true],
    ['nothing said', {}],
    ['null', { type: 'null' }],
    ['several types', { type: ['string', 'integer', 'null'] }],
    ['a constant', { const: { a: [1, null] } }],
    ['a constant null', { const: null }],
    ['a list of values', { enum: ['a', 2, null, { b: 3 }] }],
    ['a list of values of which the type allows one', { type: 'integer', enum: ['a', 2, null] }],
    ['a range of integers', { type: 'integer', minimum: 5, exclusiveMaximum: 7 }],
    ['a narrow range of numbers', { type: 'number', exclusiveMinimum: 0.1, maximum: 0.2 }],
    ['a negative range', { type: 'integer', minimum: -20, maximum: -10 }],
    ['multiples', { type: 'integer', multipleOf: 7, minimum: 50, maximum: 60 }],
    ['multiples of a fraction', { type: 'number', multipleOf: 0.01, minimum: 1, maximum: 2 }],
    ['a very large minimum', { type: 'integer', minimum: 2 ** 40 }],
    ['lengths', { type: 'string', minLength: 40, maxLength: 41 }],
    ['no length', { type: 'string', maxLength: 0 }],
    ['a pattern', { type: 'string', pattern: '^[A-Z]{2}-\\d{4}(-x)?$' }],
    ['a pattern with a length', { type: 'string', pattern: '^[a-z]+$', minLength: 12, maxLength: 12 }],
    ['a pattern of alternatives', { type: 'string', pattern: '^(foo|bar)baz$' }],
    ['a list', { type: 'array', items: text, minItems: 3, maxItems: 4 }],
    ['a list without repetitions', { type: 'array', items: { type: 'integer' }, minItems: 5, uniqueItems: true }],
    [
      'all of the values there are, once each',
      { type: 'array', items: { enum: ['a', 'b', 'c'] }, minItems: 3, uniqueItems: true },
    ],
    ['a tuple', { type: 'array', prefixItems: [text, { type: 'integer' }], items: false, minItems: 2 }],
    ['a list that contains something', { type: 'array', contains: { const: 'x' }, minItems: 1 }],
    ['an object', { type: 'object', required: ['a'], properties: { a: text, b: { type: 'integer' } } }],
    ['required members that are not described', { type: 'object', required: ['a', 'b'] }],
    ['members of one kind', { type: 'object', additionalProperties: { type: 'integer' }, minProperties: 2 }],
    ['nothing but what is described', { type: 'object', properties: { a: text }, additionalProperties: false }],
    ['at most one member', { type: 'object', properties: { a: text, b: text, c: text }, maxProperties: 1 }],
    ['members by pattern', { type: 'object', patternProperties: { '^x-': { type: 'integer' } } }],
    [
      'as many items of a kind as there may be, and others',
      {
        type: 'array',
        minItems: 4,
        items: { type: 'object', required: ['a'], properties: { a: { type: 'boolean' } } },
        contains: { type: 'object', required: ['a'], properties: { a: { const: true } } },
        minContains: 2,
        maxContains: 2,
      },
    ],
    [
      'letters by a property of Unicode',
      { type: 'string', pattern: '^\\p{Lu}[\\p{L}\\d]*$', minLength: 5, maxLength: 5 },
    ],
    ['a repeated letter by a property of Unicode', { type: 'string', pattern: '^\\p{Lu}+$', maxLength: 3 }],
    ['an address in little room', { type: 'string', format: 'email', minLength: 10, maxLength: 12 }],
    ['base64 in little room', { type: 'string', contentEncoding: 'base64', minLength: 10, maxLength: 12 }],
    [
      'names of members by several patterns',
      {
        type: 'object',
        minProperties: 3,
        propertyNames: { pattern: '^x_[a-z]{2,4}$' },
        patternProperties: { '^x_a': { type: 'integer' }, b$: { type: 'number' } },
        additionalProperties: { type: 'boolean' },
      },
    ],
    ['names of members', { type: 'object', propertyNames: { pattern: '^[a-z]+$' }, additionalProperties: text }],
    [
      'members that need each other',
      { type: 'object', properties: { a: text, b: text }, dependentRequired: { a: ['b'] } },
    ],
    [
      'all of several',
      {
        allOf: [
          { type: 'object', required: ['a'], properties: { a: text } },
          { type: 'object', required: ['b'], properties: { b: text } },
        ],
      },
    ],
    ['all of several bounds', { allOf: [{ type: 'integer', minimum: 5 }, { maximum: 6 }] }],
    ['any of several', { anyOf: [{ type: 'integer' }, { type: 'string', format: 'uuid' }] }],
    ['one of several', { oneOf: [{ type: 'integer' }, text, { type: 'null' }] }],
    [
      'one of several that overlap',
      {
        oneOf: [
          { type: 'object', required: ['a'], properties: { a: text } },
          { type: 'object', required: ['b'], properties: { b: text } },
        ],
      },
    ],
    [
      'one of several of which one is put together with another',
      { oneOf: [base, { allOf: [base, { properties: { name: text } }] }] },
    ],
    ['a number that none of the others is', { oneOf: [{ type: 'number' }, { type: 'integer', minimum: 10 }] }],
    [
      'alternatives beside members',
      {
        type: 'object',
        required: ['a'],
        properties: { a: text },
        anyOf: [{ required: ['b'], properties: { b: text } }],
      },
    ],
    [
      'alternatives told apart by a constant',
      {
        oneOf: ['x', 'y', 'z'].map(kind => ({
          type: 'object',
          required: ['kind', kind],
          properties: { kind: { const: kind }, [kind]: { type: 'integer' } },
        })),
      },
    ],
    [
      'a list of values beside alternatives',
      { type: 'integer', enum: [2, 3], oneOf: [{ const: 1 }, { const: 2 }, { const: 3 }] },
    ],
    ['not', { type: 'string', not: { const: '' } }],
    ['not a pattern', { type: 'string', not: { pattern: '^[a-z]' } }],
    ['not a range', { type: 'integer', not: { minimum: 10 } }],
    ['not the opposite', { not: { not: { type: 'integer' } } }],
    [
      'a member that is not a range',
      { type: 'object', required: ['n'], properties: { n: { not: { minimum: 0 }, type: 'integer' } } },
    ],
    [
      'members that nothing else describes',
      { type: 'object', unevaluatedProperties: { type: 'integer' }, minProperties: 4 },
    ],
    [
      'so many of a kind and no more',
      {
        type: 'array',
        items: { type: 'integer', minimum: 0, maximum: 9 },
        contains: { minimum: 5 },
        minContains: 2,
        maxContains: 3,
        minItems: 8,
      },
    ],
    [
      'none of a kind',
      {
        type: 'array',
        items: { enum: [1, 2, 3] },
        contains: { const: 2 },
        minContains: 0,
        maxContains: 0,
        minItems: 4,
      },
    ],
    [
      'each of several constants',
      {
        type: 'array',
        items: { oneOf: [{ const: 'a', title: 'A' }, { const: 'b' }, { const: 'c' }] },
        uniqueItems: true,
        minItems: 3,
      },
    ],
    ['a date-time of a pattern', { type: 'string', format: 'date-time', pattern: 'Z$' }],
    ['an email of a pattern', { type: 'string', format: 'email', pattern: '@corp\\.com$' }],
    ['several patterns', { allOf: [{ type: 'string', pattern: '^[a-z]+$' }, { pattern: '.{5}' }, { pattern: 'z$' }] }],
    ['a date-time of the shortest form', { type: 'string', format: 'date-time', maxLength: 20 }],
    ['a long date-time', { type: 'string', format: 'date-time', minLength: 40 }],
    ['a pattern of another language', { type: 'string', pattern: '^(?i)[a-z]++$' }],
    [
      'a multiple to people and not to a computer',
      { type: 'number', multipleOf: 0.1, exclusiveMinimum: 0.2, exclusiveMaximum: 0.4 },
    ],
    [
      'members that are asked for in masses and may be left out',
      {
        type: 'object',
        properties: {
          a: text,
          many: { type: 'array', items: text, minItems: 1e9 },
          long: { type: 'string', minLength: 1e9 },
          wide: { type: 'object', minProperties: 1e9 },
        },
      },
    ],
    ['not another type', { not: { type: 'object' } }],
    [
      'a condition',
      {
        type: 'object',
        required: ['kind'],
        properties: { kind: { enum: ['a', 'b'] }, more: text },
        if: { properties: { kind: { const: 'b' } } },
        else: { required: ['more'] },
      },
    ],
    ['what must not be evaluated further', { type: 'object', properties: { a: text }, unevaluatedProperties: false }],
    ['dependent schemas', { type: 'object', properties: { a: text }, dependentSchemas: { a: { required: ['b'] } } }],
    ['a large minimum of multiples', { type: 'integer', minimum: 1e6, multipleOf: 5e3 }],
    ['a very small maximum', { type: 'number', maximum: -5e9 }],
    [
      'members called like methods',
      { type: 'object', required: ['constructor', 'toString'], properties: { constructor: text, toString: text } },
    ],
    ['text in base64', { type: 'string', contentEncoding: 'base64' }],
  ])('%s', async (_, schema) => {
    await values(schema)
  })

  it.each([
    ...['date-time', 'date', 'time', 'duration', 'email', 'hostname', 'ipv4', 'ipv6', 'uri', 'uri-reference', 'uuid'],
    ...[
      'uri-template',
      'json-pointer',
      'relative-json-pointer',
      'regex',
      'byte',
      'binary',
      'password',
      'url',
      'unknown',
    ],
  ])('the format %s', async format => {
    await values({ type: 'string', format })
  })

  it('JSON inside of a text, in the encoding that is stated', async () => {
    const content = { contentMediaType: 'application/json', contentSchema: { const: { a: 'é?>' } } }
    const encodings = [undefined, 'base64', 'base64url']
    const made = encodings.map(contentEncoding => values({ type: 'string', ...content, contentEncoding }, { seeds: 1 }))
    expect(await Promise.all(made)).toEqual([
      ['{"a":"é?>"}'],
      [Buffer.from('{"a":"é?>"}').toString('base64')],
      [Buffer.from('{"a":"é?>"}').toString('base64url')],
    ])
  })

  it.each(['int32', 'int64', 'float', 'double'])('the format %s', async format => {
    await values({ type: format.startsWith('int') ? 'integer' : 'number', format })
  })

  it('what a reference names, alone, inside and beside other keywords', async () => {
    const components = {
      schemas: {
        Name: { type: 'string', maxLength: 30 },
        Base: { type: 'object', required: ['name'], properties: { name: { $ref: '#/components/schemas/Name' } } },
      },
    }
    const name = { $ref: '#/components/schemas/Name' }
    const base = { $ref: '#/components/schemas/Base' }
    await values(name, { components })
    await values({ type: 'array', items: base, minItems: 2 }, { components })
    await values({ type: 'object', required: ['a'], properties: { a: { ...name, minLength: 25 } } }, { components })
    await values(
      { allOf: [base, { required: ['more'], properties: { more: { ...name, pattern: '^x' } } }] },
      { components },
    )
    const member = {
      type: 'object',
      required: ['a'],
      properties: { a: { ...base, required: ['b'], properties: { b: name } } },
    }
    await values(member, { components })
  })

  it('what 3.0 calls nullable, and its exclusive bounds', async () => {
    const options = {
      openapi: '3.0.3',
      components: { schemas: { A: { type: 'object', required: ['a'], properties: { a: text } } } },
    }
    await values({ type: 'string', nullable: true, format: 'email' }, options)
    await values({ type: 'integer', minimum: 5, exclusiveMinimum: true, maximum: 7, exclusiveMaximum: true }, options)
    await values({ nullable: true, allOf: [{ $ref: '#/components/schemas/A' }] }, options)
    await values({ type: 'string', nullable: true, enum: ['a', 'b'] }, options)
  })
})

describe('a value within wide limits', () => {
  it.each<[string, unknown]>([
    ['a text', { type: 'string', maxLength: 1e9 }],
    ['a list', { type: 'array', items: { type: 'string', maxLength: 150_000 }, maxItems: 1_500, uniqueItems: true }],
    ['a map', { type: 'object', additionalProperties: { type: 'integer' }, maxProperties: 1e6 }],
    ['a pattern', { type: 'string', pattern: '^[a-z]*$', maxLength: 1e6 }],
  ])('is small: %s', async (_, schema) => {
    for (const value of await values(schema)) expect(JSON.stringify(value).length).toBeLessThan(1_000)
  })
})

describe('a value for a schema that contains itself', () => {
  const tree = {
    schemas: {
      Tree: {
        type: 'object',
        required: ['name'],
        properties: {
          name: text,
          parent: { $ref: '#/components/schemas/Tree' },
          children: { type: 'array', items: { $ref: '#/components/schemas/Tree' } },
          byName: { type: 'object', additionalProperties: { $ref: '#/components/schemas/Tree' } },
        },
      },
      Nullable: {
        type: 'object',
        required: ['next'],
        properties: { next: { anyOf: [{ $ref: '#/components/schemas/Nullable' }, { type: 'null' }] } },
      },
      Expression: {
        oneOf: [
          text,
          {
            type: 'object',
            required: ['not'],
            properties: { not: { $ref: '#/components/schemas/Expression' } },
          },
        ],
      },
      Even: { type: 'object', properties: { odd: { $ref: '#/components/schemas/Odd' } } },
      Odd: { type: 'object', required: ['even'], properties: { even: { $ref: '#/components/schemas/Even' } } },
      Tuple: {
        type: 'object',
        required: ['next'],
        properties: { next: { type: 'array', prefixItems: [{ $ref: '#/components/schemas/Tuple' }, text] } },
      },
      Endless: {
        type: 'object',
        required: ['next'],
        properties: { next: { $ref: '#/components/schemas/Endless' } },
      },
      EndlessList: {
        type: 'array',
        minItems: 1,
        items: { $ref: '#/components/schemas/EndlessList' },
      },
    },
  }

  it.each(['Tree', 'Nullable', 'Expression', 'Even', 'Odd', 'Tuple'])(
    'comes to an end where it may: %s',
    async name => {
      const all = await values({ $ref: `#/components/schemas/${name}` }, { components: tree })
      for (const value of all) expect(JSON.stringify(value).length).toBeLessThan(10_000)
    },
  )

  it('is everything but the member that is impossible, which is null', async () => {
    const never = { type: 'null', oneOf: [text, { type: 'integer' }] }
    const schema = { type: 'object', required: ['id', 'never'], properties: { id: { const: 7 }, never } }
    for (const outcome of await made(schema))
      expect(outcome).toMatchObject({ kind: 'impossible', nearest: { id: 7, never: null } })
  })

  it.each(['Endless', 'EndlessList'])('is said to be impossible where it may not: %s', async name => {
    const [outcome] = await made({ $ref: `#/components/schemas/${name}` }, { components: tree, seeds: 1 })
    expect(outcome).toMatchObject({ kind: 'impossible', says: expect.stringMatching(/\w{3}/) })
  })
})

describe('a schema that nothing matches', () => {
  it.each<[string, unknown]>([
    ['false', false],
    ['two types at once', { allOf: [{ type: 'string' }, { type: 'integer' }] }],
    ['an empty range', { type: 'integer', minimum: 5, maximum: 4 }],
    ['a length that the pattern does not have', { type: 'string', pattern: '^a$', minLength: 2 }],
    ['a required member that is forbidden', { type: 'object', required: ['a'], properties: { a: false } }],
    [
      'a required member that is not among those allowed',
      { type: 'object', required: ['a'], additionalProperties: false },
    ],
    ['not anything', { not: {} }],
    ['a constant of another type', { type: 'string', const: 5 }],
    [
      'more of different values than there are',
      { type: 'array', items: { type: 'boolean' }, minItems: 3, uniqueItems: true },
    ],
    ['an empty list of values', { enum: [] }],
    ['a text longer than can be sent', { type: 'string', minLength: 1e9 }],
    ['a list longer than can be sent', { type: 'array', items: text, minItems: 1e9 }],
    ['a pattern that is none', { type: 'string', pattern: '(' }],
  ])('is said to be impossible, with a reason: %s', async (_, schema) => {
    for (const outcome of await made(schema, { seeds: 3 })) {
      expect(outcome).toMatchObject({ kind: 'impossible', says: expect.stringMatching(/\w{3}/) })
    }
  })
})

describe('chance', () => {
  const schema = {
    type: 'object',
    required: ['id', 'at', 'n', 'tags'],
    properties: {
      id: { type: 'string', format: 'uuid' },
      at: { type: 'string', format: 'date-time' },
      n: { type: 'integer' },
      tags: { type: 'array', minItems: 2, items: text },
      mail: { type: 'string', format: 'email' },
    },
  }

  it('is the same for the same seed, whatever was made before', async () => {
    const forth = await values(schema, { seeds: 10 })
    const again = await values(schema, { seeds: 10 })
    expect(again).toEqual(forth)
  })

  it('is another for another seed', async () => {
    const all = await values(schema, { seeds: 20 })
    expect(new Set(all.map(value => JSON.stringify(value))).size).toBe(20)
  })
})
