import { describe, expect, it } from 'vitest'
import { breakEach } from '../../src/generate/index.ts'
import { Part, type Schema } from '../../src/model/index.ts'
import { apiOf } from '../kit/index.ts'

async function broken(schema: string, value: unknown): Promise<string[]> {
  const { found, part } = await schemaOf(schema)
  return breakEach(found, part, value).map(each => `${each.says}: ${JSON.stringify(each.value)}`)
}

/** How many clauses of the schema each broken value breaks. */
async function clausesBroken(schema: string, value: unknown): Promise<(readonly [says: string, clauses: string])[]> {
  const { found, part } = await schemaOf(schema)
  return breakEach(found, part, value).map(each => {
    const clauses = new Set(found.mismatches(each.value).map(({ pointer }) => pointer?.split('/schema/')[1]))
    return [each.says, [...clauses].join(' and ')]
  })
}

async function schemaOf(schema: string): Promise<{ found: Schema; part: Part }> {
  const api = await apiOf(`
paths:
  /a:
    post:
      operationId: a
      security: []
      requestBody: { content: { application/json: { schema: ${schema} } } }
      responses: { '204': { description: Done. } }
`)
  const found = api.operation('a')?.requestBody?.content[0]?.schema
  const part = found && Part.of(api.document.root).at(found.pointer)
  if (found === undefined || part === undefined) throw new Error('the operation has no schema')
  return { found, part }
}

describe('each clause', () => {
  it.each<[string, string, unknown, string]>([
    [
      'additionalProperties',
      '{ additionalProperties: false, properties: { a: {} } }',
      { a: 1 },
      'body with a member that is not described: {"a":1,"contratoExtra":"not allowed"}',
    ],
    ['const', '{ properties: { a: { const: x } } }', { a: 'x' }, 'a as another text than the only one: {"a":"not-x"}'],
    ['multipleOf', '{ type: integer, multipleOf: 5 }', 10, 'body beside multipleOf 5: 12.5'],
    ['uniqueItems', '{ type: array, uniqueItems: true }', [1, 2], 'body as a list with an item twice: [1,1,2]'],
    [
      'maxProperties',
      '{ type: object, maxProperties: 1 }',
      { a: 1 },
      'body beyond maxProperties 1: {"a":1,"contratoExtra1":"more"}',
    ],
    ['minProperties', '{ type: object, minProperties: 2 }', { a: 1, b: 2 }, 'body beyond minProperties 2: {"a":1}'],
    [
      'of what the value lacks',
      '{ properties: { a: { type: integer, maximum: 3 } } }',
      {},
      'a beyond maximum 3: {"a":4}',
    ],
    [
      'inside allOf',
      '{ allOf: [ { required: [ a ] }, { properties: { b: { enum: [ x ] } } } ] }',
      { a: 1, b: 'x' },
      'b as a string that is not listed: {"a":1,"b":"not-x"}',
    ],
    ['required, inside allOf', '{ allOf: [ { required: [ a ] } ] }', { a: 1, b: 'x' }, 'body without a: {"b":"x"}'],
    [
      'inside the alternative that was taken',
      '{ oneOf: [ { type: string }, { type: object, required: [ a ] } ] }',
      { a: 1, b: 2 },
      'body without a: {"b":2}',
    ],
  ])('%s is broken alone', async (_, schema, value, says) => {
    expect(await broken(schema, value)).toContain(says)
  })

  it('is broken once, whatever repeats it', async () => {
    const found = await broken('{ allOf: [ { required: [ a ] }, { required: [ a ] } ], required: [ a ] }', { a: 1 })
    expect(found).toEqual(['body without a: {}', 'body with A instead of a: {"A":1}'])
  })

  it('of a member that the value lacks is broken alone, beginning with one that the schema accepts', async () => {
    const code = "code: { type: string, pattern: '^[A-Z]{3}$', minLength: 3, maxLength: 3 }"
    const place = 'place: { type: object, required: [ city ], properties: { city: { type: string, minLength: 2 } } }'
    const tags = 'tags: { type: array, minItems: 2, uniqueItems: true, items: { enum: [ a, b, c ] } }'
    const found = await clausesBroken(`{ properties: { ${code}, ${place}, ${tags} } }`, {})
    expect(found).toEqual(
      expect.arrayContaining([
        ['code as text of its pattern with a line break behind it', expect.stringMatching(/pattern/)],
        ['place without city', 'properties/place/required'],
        ['place.city beyond minLength 2', 'properties/place/properties/city/minLength'],
        ['tags beyond minItems 2', 'properties/tags/minItems'],
        ['tags[0] as a string that is not listed', 'properties/tags/items/enum'],
        ['tags as a list with an item twice', 'properties/tags/uniqueItems'],
      ]),
    )
    const ofOthers = found.filter(([, clauses]) => clauses.includes(' and ') && !clauses.startsWith('properties/code/'))
    expect(ofOthers).toEqual([])
  })

  it('of a member that may not be there is left alone', async () => {
    expect(await broken('{ properties: { a: {}, b: { type: integer } }, maxProperties: 1 }', { a: 1 })).toEqual([
      'body beyond maxProperties 1: {"a":1,"contratoExtra1":"more"}',
    ])
  })

  it('of a schema with hundreds of them is not broken without an end', async () => {
    const properties = Array.from({ length: 300 }, (_, at) => `p${at}: { type: string }`).join(', ')
    expect((await broken(`{ properties: { ${properties} } }`, {})).length).toBe(500)
  })
})
