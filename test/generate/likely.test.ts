import { describe, expect, it } from 'vitest'
import { type Sample, sample } from '../../src/generate/index.ts'
import { Api } from '../../src/index.ts'
import { Part } from '../../src/model/index.ts'
import { documentOf, json, mockOf, overFetch, thing } from '../mock/kit.ts'

type Options = { readonly components?: unknown; readonly settings?: unknown; readonly seeds?: number }

async function outcomes(schema: unknown, { components = {}, settings, seeds = 8 }: Options = {}): Promise<Sample[]> {
  const extra = settings === undefined ? {} : { 'x-json-schema-faker': settings }
  const document = await documentOf({ ...thing({ responses: { 200: json(schema) } }), components, ...extra })
  const compiled = new Api(document).operations[0]?.responses[0]?.content[0]?.schema
  const part = compiled && Part.of(document.root).at(compiled.pointer)
  if (compiled === undefined || part === undefined) throw new Error('no schema')
  return Array.from({ length: seeds }, (_, seed) => {
    const outcome = sample(compiled, part, seed * 104_729, { examples: false })
    if (outcome.kind === 'made') expect(compiled.mismatches(outcome.value)).toEqual([])
    return outcome
  })
}

/** Members made under one name. */
async function under(name: string, schema: unknown): Promise<unknown[]> {
  const all = await outcomes({ type: 'object', required: [name], properties: { [name]: schema } })
  return all.map(outcome => (outcome.kind === 'made' ? (outcome.value as Record<string, unknown>)[name] : outcome.says))
}

async function values(schema: unknown, options?: Options): Promise<unknown[]> {
  return (await outcomes(schema, options)).map(outcome => (outcome.kind === 'made' ? outcome.value : outcome.says))
}

const text = { type: 'string' }

describe('a member gets what one expects under its name', () => {
  it.each<[string, RegExp]>([
    ['email', /^[a-z]+\.[a-z]+@example\.com$/],
    ['billing_email', /@example\.com$/],
    ['homepageUrl', /^https:\/\/example\.com\//],
    ['createdAt', /^2024-\d\d-\d\dT/],
    ['updated_on', /^2024-\d\d-\d\dT/],
    ['countryCode', /^[A-Z]{2}$/],
    ['phone', /^\+1555\d{7}$/],
    ['firstName', /^[A-Z][a-z]+$/],
    ['currency', /^[A-Z]{3}$/],
    ['ip', /^203\.0\.113\.\d+$/],
    ['uuid', /^[0-9a-f-]{36}$/],
    ['hexColor', /^#[0-9a-f]{6}$/],
    ['price', /^\d+\.\d\d$/],
  ])('%s', async (name, form) => {
    for (const value of await under(name, text)) expect(value).toMatch(form)
  })

  it.each<[string, number, number]>([
    ['lat', -90, 90],
    ['longitude', -180, 180],
    ['price', 0, 1_000],
    ['age', 18, 90],
    ['year', 2000, 2024],
    ['port', 1, 65_535],
  ])('as a number: %s', async (name, least, most) => {
    for (const value of await under(name, { type: 'number' })) {
      expect(value).toBeGreaterThanOrEqual(least)
      expect(value).toBeLessThanOrEqual(most)
    }
  })

  it.each<[string, Record<string, unknown>]>([
    ['email', { ...text, maxLength: 5 }],
    ['email', { ...text, pattern: '^[0-9]{3}$' }],
    ['email', { ...text, format: 'uuid' }],
    ['country', { enum: ['x', 'y'] }],
    ['age', { type: 'integer', minimum: 200 }],
    ['lat', { type: 'number', multipleOf: 7 }],
    ['createdAt', { type: 'boolean' }],
  ])('unless the schema says otherwise: %s', async (name, schema) => {
    // Each value has been held against the schema.
    expect(await under(name, schema)).toHaveLength(8)
  })
})

describe('x-faker', () => {
  it('is called, with what it is given, and gives the same for the same seed', async () => {
    const schema = {
      type: 'object',
      required: ['mail', 'one', 'age'],
      properties: {
        mail: { ...text, 'x-faker': 'internet.email' },
        one: { ...text, 'x-faker': { 'helpers.arrayElement': [['only']] } },
        age: { type: 'integer', 'x-faker': 'datatype.number' },
      },
    }
    const all = await values(schema)
    for (const value of all)
      expect(value).toMatchObject({ mail: expect.stringContaining('@'), one: 'only', age: expect.any(Number) })
    expect(await values(schema)).toEqual(all)
    expect(new Set(all.map(value => (value as { mail: string }).mail)).size).toBeGreaterThan(4)
  })

  it('gives way to the schema', async () => {
    for (const value of await values({ ...text, maxLength: 3, 'x-faker': 'internet.email' }))
      expect(String(value).length).toBeLessThanOrEqual(3)
  })

  it('is said once when faker has no such function', async () => {
    const notices: string[] = []
    const schema = { ...text, 'x-faker': 'nothing.here' }
    await using mock = await mockOf(thing({ responses: { 200: json(schema) } }), {
      dynamic: true,
      onNotice: notice => notices.push(notice),
    })
    for (let asked = 0; asked < 3; asked += 1) await overFetch(mock)(`/thing?n=${asked}`)
    expect(notices).toEqual([expect.stringContaining('faker has no nothing.here')])
  })
})

describe('x-json-schema-faker at the root', () => {
  const list = { type: 'array', items: text }

  it.each<[string, unknown]>([
    ['with dashes', { 'min-items': 4, 'max-items': 4 }],
    ['in camel case', { minItems: 4, maxItems: 4 }],
  ])('sets the sizes of lists, %s', async (_, settings) => {
    for (const value of await values(list, { settings })) expect(value).toHaveLength(4)
  })

  it('gives way to the schema', async () => {
    for (const value of await values({ ...list, maxItems: 2 }, { settings: { 'min-items': 4 } }))
      expect((value as unknown[]).length).toBeLessThanOrEqual(2)
  })

  it('says how likely optional members are', async () => {
    const schema = { type: 'object', required: ['a'], properties: { a: text, b: text } }
    for (const value of await values(schema, { settings: { optionalsProbability: 0 } }))
      expect(Object.keys(value as object)).toEqual(['a'])
  })

  it('is said where it means nothing', async () => {
    const notices: string[] = []
    const parts = {
      ...thing({ responses: { 200: json(text) } }),
      'x-json-schema-faker': { 'fill-properties': 1, locale: 'de' },
    }
    await using mock = await mockOf(parts, { onNotice: notice => notices.push(notice) })
    await overFetch(mock)('/thing')
    expect(notices).toEqual(['x-json-schema-faker: fill-properties mean nothing here and are not obeyed'])
  })
})

describe('a discriminator', () => {
  const kind = (more: Record<string, unknown>): unknown => ({
    type: 'object',
    required: ['kind'],
    properties: { kind: text, ...more },
  })
  const schemas = { Cat: kind({ lives: { type: 'integer' } }), Dog: kind({ tricks: { type: 'integer' } }) }
  const anyOf = [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }]

  it('names the schema that was taken', async () => {
    const all = await values({ anyOf, discriminator: { propertyName: 'kind' } }, { components: { schemas } })
    for (const value of all as { kind: string }[])
      expect(value).toHaveProperty(value.kind === 'Cat' ? 'lives' : 'tricks')
    expect(new Set(all.map(value => (value as { kind: string }).kind))).toEqual(new Set(['Cat', 'Dog']))
  })

  it('names it as its mapping does', async () => {
    const mapping = { feline: '#/components/schemas/Cat', canine: 'Dog' }
    const all = await values({ anyOf, discriminator: { propertyName: 'kind', mapping } }, { components: { schemas } })
    for (const value of all as { kind: string }[])
      expect(value).toHaveProperty({ feline: 'lives', canine: 'tricks' }[value.kind] ?? 'a known kind')
  })

  it('of a schema that others extend names the one that extends it', async () => {
    const extended = {
      Pet: {
        ...(kind({}) as object),
        discriminator: { propertyName: 'kind', mapping: { big: '#/components/schemas/Lion' } },
      },
      Lion: { allOf: [{ $ref: '#/components/schemas/Pet' }, { properties: { mane: { type: 'boolean' } } }] },
    }
    for (const name of ['Pet', 'Lion']) {
      const all = await values({ $ref: `#/components/schemas/${name}` }, { components: { schemas: extended } })
      for (const value of all) expect(value).toMatchObject({ kind: 'big', mane: expect.any(Boolean) })
    }
  })

  it('without a mapping means the schemas that extend it, by their names', async () => {
    const lion = { allOf: [{ $ref: '#/components/schemas/Pet' }, { properties: { mane: { type: 'boolean' } } }] }
    const eel = { allOf: [{ $ref: '#/components/schemas/Pet' }, { properties: { volts: { type: 'integer' } } }] }
    const extended = {
      Pet: { ...(kind({}) as object), discriminator: { propertyName: 'kind' } },
      Lion: lion,
      Eel: eel,
    }
    const all = await values({ $ref: '#/components/schemas/Pet' }, { components: { schemas: extended } })
    for (const value of all as { kind: string }[])
      expect(value).toHaveProperty({ Lion: 'mane', Eel: 'volts' }[value.kind] ?? 'a known kind')
    expect(new Set(all.map(value => (value as { kind: string }).kind))).toEqual(new Set(['Lion', 'Eel']))
    const lions = await values({ $ref: '#/components/schemas/Lion' }, { components: { schemas: extended } })
    for (const value of lions) expect(value).toMatchObject({ kind: 'Lion', mane: expect.any(Boolean) })
  })

  it('means the schema alone where those that extend it cannot be', async () => {
    const closed = {
      Pet: { ...(kind({}) as object), additionalProperties: false, discriminator: { propertyName: 'kind' } },
      Lion: {
        allOf: [
          { $ref: '#/components/schemas/Pet' },
          { required: ['mane'], properties: { mane: { type: 'boolean' } } },
        ],
      },
    }
    for (const value of await values({ $ref: '#/components/schemas/Pet' }, { components: { schemas: closed } }))
      expect(value).toEqual({ kind: 'Pet' })
  })

  it('of another type than text is let alone', async () => {
    const list = {
      Page: {
        type: 'object',
        required: ['content'],
        discriminator: { propertyName: 'content' },
        properties: { content: { type: 'array', items: text } },
      },
    }
    const schema = { allOf: [{ $ref: '#/components/schemas/Page' }] }
    for (const value of await values(schema, { components: { schemas: list } }))
      expect(value).toMatchObject({ content: expect.any(Array) })
  })
})

describe('values for what schemas say in other ways', () => {
  it.each<[string, unknown]>([
    [
      'exactly one of two open objects',
      {
        oneOf: [
          { type: 'object', properties: { a: text } },
          { type: 'object', properties: { b: { type: 'integer' } } },
        ],
      },
    ],
    [
      'one required member or the other',
      { type: 'object', properties: { a: text, b: text }, oneOf: [{ required: ['a'] }, { required: ['b'] }] },
    ],
    ['a member that must not be there', { type: 'object', properties: { a: text, b: text }, not: { required: ['b'] } }],
    [
      'neither of two members',
      {
        type: 'object',
        properties: { a: text, b: text, c: text },
        not: { anyOf: [{ required: ['a'] }, { required: ['b'] }] },
      },
    ],
    ['values that are not allowed', { type: 'integer', minimum: 1, maximum: 3, not: { enum: [1, 3] } }],
    ['a pattern with Unicode classes', { ...text, pattern: '^\\p{L}+$' }],
    ['a pattern that looks ahead', { ...text, pattern: '^(?=.*[A-Z])(?=.*[0-9]).{8,}$', minLength: 8 }],
    ['two patterns', { allOf: [{ ...text, pattern: '^a' }, { pattern: 'b$' }] }],
    [
      'what must be evaluated by several',
      {
        allOf: [{ properties: { a: text } }, { properties: { b: text }, required: ['b'] }],
        type: 'object',
        unevaluatedProperties: false,
      },
    ],
    [
      'three of a kind in a list',
      { type: 'array', items: { type: 'integer' }, contains: { minimum: 100 }, minContains: 3 },
    ],
    [
      'a condition that is met',
      {
        type: 'object',
        properties: { kind: { enum: ['a', 'b'] }, n: { type: 'integer' } },
        required: ['kind'],
        if: { properties: { kind: { const: 'a' } } },
        // biome-ignore lint/suspicious/noThenProperty: the keyword is called so.
        then: { required: ['n'] },
        else: { not: { required: ['n'] } },
      },
    ],
    ['a tenth', { type: 'number', multipleOf: 0.1, minimum: 0.3, maximum: 0.7 }],
    ['null or a cycle', { $ref: '#/components/schemas/Node' }],
    ['a very long text', { ...text, minLength: 5_000 }],
    ['base64', { ...text, contentEncoding: 'base64', minLength: 40 }],
    ['a number that no double can hold', { type: 'integer', format: 'int64', minimum: 9_007_199_254_740_000 }],
  ])('%s', async (_, schema) => {
    const schemas = {
      Node: {
        type: ['object', 'null'],
        required: ['next'],
        properties: { next: { $ref: '#/components/schemas/Node' } },
      },
    }
    for (const outcome of await outcomes(schema, { components: { schemas } }))
      expect(outcome).toMatchObject({ kind: 'made' })
  })

  it('names what is impossible', async () => {
    const schemas = {
      Node: { type: 'object', required: ['next'], properties: { next: { $ref: '#/components/schemas/Node' } } },
    }
    const [cycle] = await outcomes({ $ref: '#/components/schemas/Node' }, { components: { schemas } })
    expect(cycle).toMatchObject({
      kind: 'impossible',
      says: '#/components/schemas/Node requires itself, without an end',
    })
  })
})
