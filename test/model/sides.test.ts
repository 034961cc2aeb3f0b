import { describe, expect, it } from 'vitest'
import { apiOf, refusals, request } from '../kit/index.ts'

/** An operation whose body and answer have one schema, with these components beside it. */
async function bothSides(given: string, givenSchemas = '{}') {
  const [schema, schemas] = [given, givenSchemas].map(text => text.replaceAll('\n', ' '))
  const api = await apiOf(`paths:
  /things:
    post:
      requestBody: { required: true, content: { application/json: { schema: ${schema} } } }
      responses: { '200': { description: Done, content: { application/json: { schema: ${schema} } } } }
components: { schemas: ${schemas} }
`)
  const [operation] = api.operations
  if (operation === undefined) throw new Error('no operation')
  const answer = operation.responses[0]?.content[0]?.schema
  return {
    asked: (body: unknown) => refusals(operation, request('POST /things', { body })),
    answered: (body: unknown) => (answer?.mismatches(body) ?? []).map(({ at, says }) => `${at} ${says}`),
  }
}

const user = `{ type: object, required: [id, secret, name], properties: {
  id: { type: integer, readOnly: true }, secret: { type: string, writeOnly: true }, name: { type: string } } }`

describe('a required property of the other side', () => {
  it.each([
    ['inline', user, '{}', (value: unknown) => value, ''],
    ['behind a reference', "{ $ref: '#/components/schemas/User' }", `{ User: ${user} }`, (value: unknown) => value, ''],
    ['in a list', `{ type: array, items: ${user} }`, '{}', (value: unknown) => [value], '[0].'],
    [
      'in an object',
      "{ type: object, required: [a], properties: { a: { $ref: '#/components/schemas/User' } } }",
      `{ User: ${user} }`,
      (value: unknown) => ({ a: value }),
      'a.',
    ],
    [
      'that a branch of allOf demands and a reference beside it declares',
      "{ allOf: [ { $ref: '#/components/schemas/User' }, { required: [id, secret, name] } ] }",
      '{ User: { properties: { id: { type: integer, readOnly: true }, secret: { writeOnly: true }, name: {} } } }',
      (value: unknown) => value,
      '',
    ],
    [
      'whose schema is a reference to one that says so',
      "{ required: [id, secret, name], properties: { id: { $ref: '#/components/schemas/Id' }, secret: { allOf: [ { $ref: '#/components/schemas/Secret' } ] }, name: {} } }",
      '{ Id: { type: integer, readOnly: true }, Secret: { type: string, writeOnly: true } }',
      (value: unknown) => value,
      '',
    ],
    [
      'whose reference has a sibling that says so',
      "{ required: [id, secret, name], properties: { id: { $ref: '#/components/schemas/Id', readOnly: true }, secret: { writeOnly: true }, name: {} } }",
      '{ Id: { type: integer } }',
      (value: unknown) => value,
      '',
    ],
  ])('%s is not demanded', async (_, schema, schemas, around, prefix) => {
    const { asked, answered } = await bothSides(schema, schemas)
    expect(asked(around({ secret: 'x', name: 'a' }))).toEqual([])
    expect(asked(around({ id: 1, name: 'a' }))).toEqual([`${prefix}secret: is required`])
    expect(answered(around({ id: 1, name: 'a' }))).toEqual([])
    expect(answered(around({ secret: 'x', name: 'a' }))).toEqual([expect.stringMatching(/\/id is required$/)])
    expect(asked(around({ secret: 'x' }))).toEqual([`${prefix}name: is required`])
    expect(answered(around({ id: 1 }))).toEqual([expect.stringMatching(/\/name is required$/)])
  })

  it('in a union is no reason against a branch', async () => {
    const { asked } = await bothSides(
      `{ oneOf: [ ${user}, { type: object, required: [key], properties: { key: { type: string } } } ] }`,
    )
    expect(asked({ secret: 'x', name: 'a' })).toEqual([])
    expect(asked({ name: 'a' })).not.toEqual([])
  })

  it('that is sent all the same is judged like any other', async () => {
    const { asked } = await bothSides(user)
    expect(asked({ id: 1, secret: 'x', name: 'a' })).toEqual([])
    expect(asked({ id: 'one', secret: 'x', name: 'a' })).toEqual(['id: must be integer'])
  })

  it('may be one of both sides, and of a schema that contains itself', async () => {
    const { asked, answered } = await bothSides(
      "{ $ref: '#/components/schemas/Node' }",
      `{ Node: { type: object, required: [id, next], properties: {
        id: { readOnly: true }, next: { anyOf: [ { type: 'null' }, { $ref: '#/components/schemas/Node' } ] } } } }`,
    )
    expect(asked({ next: { next: null } })).toEqual([])
    expect(answered({ id: 1, next: { next: null } })).not.toEqual([])
    expect(answered({ id: 1, next: { id: 2, next: null } })).toEqual([])
  })
})

describe('what stands beside a reference', () => {
  it('applies at the schema of a body', async () => {
    const { asked } = await bothSides(
      "{ $ref: '#/components/schemas/Name', maxLength: 3 }",
      '{ Name: { type: string } }',
    )
    expect(asked('"abc"')).toEqual([])
    expect(asked('"abcd"')).toEqual([expect.stringMatching(/3 characters/)])
    expect(asked('7')).toEqual(['body: must be string'])
  })

  it('applies at the schema of a parameter', async () => {
    const api = await apiOf(`paths: { /n: { get: {
      parameters: [{ name: n, in: query, schema: { $ref: '#/components/schemas/N', maximum: 3 } }],
      responses: { '200': { description: Done } } } } }
components: { schemas: { N: { type: integer } } }
`)
    const [found] = api.operations
    expect(found && refusals(found, request('GET /n?n=3'))).toEqual([])
    expect(found && refusals(found, request('GET /n?n=4'))).toEqual(['n (query): must be <= 3'])
  })
})

describe('a pattern', () => {
  it.each([
    ['^\\p{L}+$', '"größe"', '"7"'],
    ['^.$', '"😀"', '"ab"'],
    ['^[\\w-.]+$', '"a-b.c"', '"a b"'],
    ['^[\\_a]+$', '"_a"', '"b"'],
  ])('%s is read as Unicode where that is possible: %s but not %s', async (pattern, good, bad) => {
    const { asked } = await bothSides(`{ type: string, pattern: ${JSON.stringify(pattern)} }`)
    expect(asked(good)).toEqual([])
    expect(asked(bad)).toEqual([`body: must match the pattern ${pattern}`])
  })
})

describe('a discriminator', () => {
  const pets = `{ Cat: { type: object, required: [kind, lives], properties: { kind: { type: string }, lives: { type: integer } } },
    Dog: { type: object, required: [kind, bark], properties: { kind: { type: string }, bark: { type: boolean } } } }`
  const pet = (more: string) =>
    `{ oneOf: [ { $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' } ], discriminator: { propertyName: kind${more} } }`

  it.each([
    ['', { kind: 'Cat' }, ['lives: is required where kind is "Cat"']],
    ['', { kind: 'Dog', bark: 1 }, ['bark: must be boolean where kind is "Dog"']],
    ['', { kind: 'Bird' }, ['kind: must be "Cat" or "Dog"']],
    ['', {}, ['kind: is required']],
    ['', { kind: 'Cat', lives: 9 }, []],
    [
      ", mapping: { mieze: Cat, hasso: '#/components/schemas/Dog' }",
      { kind: 'mieze' },
      ['lives: is required where kind is "mieze"'],
    ],
    [', mapping: { mieze: Cat }', { kind: 'Cat' }, ['kind: must be "mieze" or "Dog"']],
    ['', { kind: '__proto__' }, ['kind: must be "Cat" or "Dog"']],
    ['', 7, ['body: must be object']],
  ])('with %s tells of %j: %j', async (more, body, expected) => {
    const { asked } = await bothSides(pet(more), pets)
    expect(asked(body)).toEqual(expected)
  })
})
