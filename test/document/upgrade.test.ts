import { describe, expect, it } from 'vitest'
import { documentIn, locator } from '../kit/index.ts'

const head = "openapi: 3.0.3\ninfo: { title: Test, version: '1' }\npaths: {}\n"

/** What becomes of the schema `Thing` of a 3.0 document; the other schemas are beside it. */
async function upgraded(thing: object, others: object = {}): Promise<unknown> {
  const schemas = { Thing: thing, ...others }
  const document = await documentIn({ 'openapi.yaml': `${head}components: ${JSON.stringify({ schemas })}\n` })
  return (document.root.components as { schemas: Record<string, unknown> }).schemas.Thing
}

const Other = { type: 'object' }
const ref = { $ref: '#/components/schemas/Other' }

describe('nullable', () => {
  it.each([
    ['beside a type', { type: 'string', nullable: true }, { type: ['string', 'null'] }],
    ['as false', { type: 'string', nullable: false }, { type: 'string' }],
    ['without a type, where it means nothing', { nullable: true, minLength: 1 }, { minLength: 1 }],
    [
      'with an enum, which then has to list the null',
      { type: 'string', nullable: true, enum: ['a'] },
      { type: ['string', 'null'], enum: ['a', null] },
    ],
    [
      'with an enum that lists the null already',
      { type: 'string', nullable: true, enum: ['a', null] },
      { type: ['string', 'null'], enum: ['a', null] },
    ],
    ['beside allOf', { nullable: true, allOf: [ref] }, { anyOf: [{ allOf: [ref] }, { type: 'null' }] }],
    ['beside oneOf', { nullable: true, oneOf: [ref] }, { anyOf: [{ oneOf: [ref] }, { type: 'null' }] }],
    [
      'beside anyOf and a type',
      { type: 'object', nullable: true, anyOf: [ref], title: 'T' },
      { type: ['object', 'null'], title: 'T', anyOf: [{ anyOf: [ref] }, { type: 'null' }] },
    ],
    ['beside a reference, where it is ignored', { ...ref, nullable: true }, ref],
    [
      'deep inside',
      { type: 'array', items: { type: 'object', properties: { a: { type: 'string', nullable: true } } } },
      { type: 'array', items: { type: 'object', properties: { a: { type: ['string', 'null'] } } } },
    ],
    [
      'in additionalProperties and not',
      { additionalProperties: { type: 'string', nullable: true }, not: { type: 'integer', nullable: true } },
      { additionalProperties: { type: ['string', 'null'] }, not: { type: ['integer', 'null'] } },
    ],
    [
      'as the name of a property',
      { type: 'object', properties: { nullable: { type: 'boolean' }, example: { type: 'string', nullable: true } } },
      { type: 'object', properties: { nullable: { type: 'boolean' }, example: { type: ['string', 'null'] } } },
    ],
  ])('%s', async (_, before, after) => {
    expect(await upgraded(before, { Other })).toEqual(after)
  })

  it('beside allOf does not lose the references that lead into it', async () => {
    const before = { type: 'object', properties: { self: { $ref: '#/components/schemas/Base/allOf/1/properties/b' } } }
    const Base = { nullable: true, allOf: [ref, { properties: { b: { type: 'string' } } }] }
    expect(await upgraded(before, { Other, Base })).toEqual({
      type: 'object',
      properties: { self: { $ref: '#/components/schemas/Base/anyOf/0/allOf/1/properties/b' } },
    })
  })
})

describe('exclusive bounds', () => {
  it.each([
    [{ minimum: 1, exclusiveMinimum: true }, { exclusiveMinimum: 1 }],
    [{ minimum: 1, exclusiveMinimum: false }, { minimum: 1 }],
    [{ maximum: 0, exclusiveMaximum: true }, { exclusiveMaximum: 0 }],
    [{ exclusiveMaximum: true }, {}],
    [
      { minimum: 0, maximum: 1 },
      { minimum: 0, maximum: 1 },
    ],
  ])('%j become numbers: %j', async (before, after) => {
    expect(await upgraded({ type: 'number', ...before })).toEqual({ type: 'number', ...after })
  })
})

describe('an example', () => {
  it.each([
    [
      { type: 'string', example: 'a' },
      { type: 'string', examples: ['a'] },
    ],
    [
      { type: 'boolean', example: false },
      { type: 'boolean', examples: [false] },
    ],
    [
      { type: 'string', nullable: true, example: null },
      { type: ['string', 'null'], examples: [null] },
    ],
  ])('of a schema becomes one of its examples: %j', async (before, after) => {
    expect(await upgraded(before)).toEqual(after)
  })

  it.each([
    ['example', { nullable: true, type: 'string', example: 1 }],
    ['default', { nullable: true, exclusiveMinimum: true }],
    ['x-note', { schema: { nullable: true, type: 'string' } }],
  ])('or other literal keeps what looks like keywords: %s', async (member, value) => {
    const after = member === 'example' ? { examples: [value] } : { [member]: value }
    expect(await upgraded({ type: 'object', [member]: value })).toEqual({ type: 'object', ...after })
  })
})

describe('a reference', () => {
  it('loses its siblings, which 3.0 ignores', async () => {
    expect(
      await upgraded({ type: 'object', properties: { a: { ...ref, description: 'x', maxLength: 1 } } }, { Other }),
    ).toEqual({
      type: 'object',
      properties: { a: ref },
    })
  })

  it('is a property like others where it is the name of one', async () => {
    const named = { type: 'object', properties: { $ref: { type: 'string', nullable: true } } }
    expect(await upgraded(named)).toEqual({ type: 'object', properties: { $ref: { type: ['string', 'null'] } } })
  })
})

describe('schemas outside of components.schemas', () => {
  const nullable = '{ type: string, nullable: true }'
  const text = `openapi: 3.0.3
info: { title: Test, version: '1' }
paths:
  /things:
    parameters:
      - { name: p, in: query, schema: ${nullable} }
    post:
      parameters:
        - { name: q, in: query, content: { application/json: { schema: ${nullable} } } }
      requestBody: { content: { application/json: { schema: ${nullable}, example: { schema: ${nullable} } } } }
      responses:
        '200':
          description: Done
          headers:
            x-one: { schema: ${nullable} }
            example: { schema: ${nullable} }
            schema: { schema: ${nullable} }
          content: { application/json: { schema: ${nullable} } }
      callbacks:
        example:
          '{$request.body#/url}':
            post: { requestBody: { content: { '*/*': { schema: ${nullable} } } }, responses: { default: { description: D } } }
components:
  parameters:
    schema: { name: r, in: query, schema: ${nullable} }
  responses:
    example: { description: E, content: { application/json: { schema: ${nullable} } } }
`
  const post = '#/paths/~1things/post'

  it.each([
    ['of a path parameter', '#/paths/~1things/parameters/0/schema'],
    ['of a parameter with content', `${post}/parameters/0/content/application~1json/schema`],
    ['of a request body', `${post}/requestBody/content/application~1json/schema`],
    ['of a response', `${post}/responses/200/content/application~1json/schema`],
    ['of a header whose name starts with x-', `${post}/responses/200/headers/x-one/schema`],
    ['of a header named example', `${post}/responses/200/headers/example/schema`],
    ['of a header named schema', `${post}/responses/200/headers/schema/schema`],
    ['of a callback', `${post}/callbacks/example/{$request.body#~1url}/post/requestBody/content/*~1*/schema`],
    ['of a parameter component named schema', '#/components/parameters/schema/schema'],
    ['of a response component named example', '#/components/responses/example/content/application~1json/schema'],
  ])('are rewritten: that %s', async (_, pointer) => {
    const { root } = await documentIn({ 'openapi.yaml': text })
    expect(at(root, pointer)).toEqual({ type: ['string', 'null'] })
  })

  it('are left alone inside an example', async () => {
    const { root } = await documentIn({ 'openapi.yaml': text })
    expect(at(root, `${post}/requestBody/content/application~1json/example`)).toEqual({
      schema: { type: 'string', nullable: true },
    })
  })
})

it('a schema that several places share is rewritten once', async () => {
  const text = `${head}components:\n  schemas:\n    A: &a { type: string, nullable: true, example: x }\n    B: *a\n`
  const { root } = await documentIn({ 'openapi.yaml': text })
  const upgradedOnce = { type: ['string', 'null'], examples: ['x'] }
  expect(root.components).toEqual({ schemas: { A: upgradedOnce, B: upgradedOnce } })
})

it('a 3.1 document stays as it is', async () => {
  const schemas = { A: { type: 'string', nullable: true, example: 'x', $comment: 'kept' } }
  const text = `${head.replace('3.0.3', '3.1.0')}components: ${JSON.stringify({ schemas })}\n`
  expect((await documentIn({ 'openapi.yaml': text })).root.components).toEqual({ schemas })
})

it('a keyword that was rewritten is found where its schema stands', async () => {
  const text = `${head}components:\n  schemas:\n    A:\n      nullable: true\n      allOf:\n        - { type: object }\n`
  const locate = locator(await documentIn({ 'openapi.yaml': text }))
  expect(locate('#/components/schemas/A/anyOf/1/type')).toBe('openapi.yaml:7:7')
})

function at(root: unknown, pointer: string): unknown {
  return pointer
    .slice(2)
    .split('/')
    .map(token => token.replaceAll('~1', '/'))
    .reduce<unknown>((value, token) => (value as Record<string, unknown> | undefined)?.[token], root)
}
