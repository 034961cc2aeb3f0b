import { describe, expect, it } from 'vitest'
import { breakEach } from '../../src/generate/index.ts'
import { Part } from '../../src/model/index.ts'
import { apiOf } from '../kit/index.ts'

async function broken(schema: string, value: unknown): Promise<string[]> {
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
  return breakEach(found, part, value).map(each => `${each.says}: ${JSON.stringify(each.value)}`)
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

  it('of a schema with hundreds of them is not broken without an end', async () => {
    const properties = Array.from({ length: 300 }, (_, at) => `p${at}: { type: string }`).join(', ')
    expect((await broken(`{ properties: { ${properties} } }`, {})).length).toBe(500)
  })
})
