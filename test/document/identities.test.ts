import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { createMock } from '../../src/index.ts'
import { documentIn, type Files, folderWith, locator, troubleIn } from '../kit/index.ts'

const head = "openapi: 3.1.0\ninfo: { title: Test, version: '1' }\n"

/** An operation that takes and gives a schema, beside the others. */
function withSchemas(schema: string, schemas: string): string {
  return `${head}paths:
  /things:
    post:
      requestBody: { required: true, content: { application/json: { schema: ${schema} } } }
      responses: { '200': { description: Done, content: { application/json: { schema: ${schema} } } } }
components:
  schemas:
${schemas.replace(/^(?=.)/gm, '    ')}`
}

/** What a mock answers to each body: the status, and whether an answer of 200 is a body like these. */
async function statuses(files: Files, bodies: readonly unknown[]): Promise<number[]> {
  const folder = await folderWith(files)
  await using mock = await createMock(path.join(folder, Object.keys(files)[0] ?? ''), { dynamic: true })
  const found: number[] = []
  for (const body of bodies) {
    const headers = { 'content-type': 'application/json' }
    found.push((await mock.fetch('/things', { method: 'POST', headers, body: JSON.stringify(body) })).status)
  }
  return found
}

describe('an $id', () => {
  it('is what absolute and relative references mean', async () => {
    const schemas = `Pet:
  $id: https://example.com/schemas/pet
  type: object
  required: [owner]
  properties: { owner: { $ref: owner }, home: { $ref: 'https://example.com/schemas/home#/$defs/Place' } }
Owner: { $id: 'https://example.com/schemas/owner', type: object, required: [name], properties: { name: { type: string } } }
Home: { $id: 'https://example.com/schemas/home', $defs: { Place: { type: string, minLength: 2 } } }
`
    const files = { 'openapi.yaml': withSchemas("{ $ref: 'https://example.com/schemas/pet' }", schemas) }
    const bodies = [{ owner: { name: 'Ann' }, home: 'here' }, { owner: {} }, { owner: { name: 'Ann' }, home: 'x' }]
    expect(await statuses(files, bodies)).toEqual([200, 400, 400])
    const document = await documentIn(files)
    const line = files['openapi.yaml'].split('\n').findIndex(text => text.includes('required: [name]')) + 1
    expect(locator(document)('#/components/schemas/Pet/properties/owner/properties/name')).toMatch(
      new RegExp(`^openapi.yaml:${line}:`),
    )
  })

  it('is what the pointers below it start at, and otherwise they start at the document', async () => {
    const schemas = `Pet:
  $id: https://example.com/pet
  type: object
  properties: { size: { $ref: '#/$defs/Size' }, owner: { $ref: '#/components/schemas/Owner' } }
  $defs: { Size: { type: integer } }
Owner: { type: string }
`
    const files = { 'openapi.yaml': withSchemas("{ $ref: '#/components/schemas/Pet' }", schemas) }
    expect(await statuses(files, [{ size: 1, owner: 'a' }, { size: 'a' }, { owner: 1 }])).toEqual([200, 400, 400])
  })

  it('may be a name, a urn, and stand in another file', async () => {
    const files = {
      'openapi.yaml': withSchemas("{ $ref: '#/components/schemas/Pet' }", "Pet: { $ref: './schemas/pet.yaml' }\n"),
      'schemas/pet.yaml':
        "$id: Pet\ntype: object\nproperties: { owner: { $ref: Owner }, code: { $ref: 'urn:example:code' } }\n$defs:\n  Owner: { $id: Owner, type: string }\n  Code: { $id: 'urn:example:code', $anchor: top, enum: [a], $defs: { Again: { $ref: '#top' } } }\n",
    }
    expect(await statuses(files, [{ owner: 'a', code: 'a' }, { owner: 1 }, { code: 'b' }])).toEqual([200, 400, 400])
  })

  it('of a file that is read for another reference is known everywhere', async () => {
    const files = {
      'openapi.yaml': withSchemas(
        "{ $ref: 'https://example.com/pet' }",
        "Any: { $ref: './pet.yaml' }\nOther: { $ref: 'other.yaml#thing' }\n",
      ),
      'pet.yaml': '$id: https://example.com/pet\ntype: object\nproperties: { size: { type: integer } }\n',
      'other.yaml': 'Thing: { $anchor: thing, type: string }\n',
    }
    expect(await statuses(files, [{ size: 1 }, { size: 'a' }])).toEqual([200, 400])
    const document = await documentIn(files)
    expect(document.imperfections).toEqual([])
    expect(document.root.components).toMatchObject({ schemas: { Other: { type: 'string' } } })
  })

  it('in an example means nothing', async () => {
    const schemas =
      "Pet:\n  type: object\n  example: { $id: 'https://example.com/pet', $ref: '#x', $anchor: x }\n  properties: { $id: { type: string } }\n"
    const files = { 'openapi.yaml': withSchemas("{ $ref: '#/components/schemas/Pet' }", schemas) }
    expect(await statuses(files, [{ $id: 'a' }, { $id: 1 }])).toEqual([200, 400])
    const document = await documentIn(files)
    expect(document.root).toMatchObject({ components: { schemas: { Pet: { example: { $ref: '#x' } } } } })
  })

  it('that is not there is told with what was written', async () => {
    const schemas =
      "Pet: { $id: 'https://example.com/pet', type: object }\nA: { $ref: 'https://example.com/pet#/$defs/No' }\nB: { $ref: 'https://example.com/pet#no' }\n"
    const files = { 'openapi.yaml': withSchemas('{}', schemas) }
    expect(await troubleIn(files)).toEqual([
      {
        code: 'reference-missing',
        message:
          '$ref https://example.com/pet#/$defs/No leads nowhere: openapi.yaml has nothing at #/components/schemas/Pet/%24defs/No',
        at: 'openapi.yaml:11:10',
      },
      {
        code: 'reference-refused',
        message: '$ref https://example.com/pet#no leaves the folder of the document, .',
        at: 'openapi.yaml:12:10',
      },
    ])
  })
})

describe('$self', () => {
  it('is what references to the document itself may name', async () => {
    const text = withSchemas(
      "{ $ref: 'https://example.com/api#/components/schemas/Pet' }",
      'Pet: { type: object, properties: { size: { type: integer } } }\n',
    ).replace('openapi: 3.1.0', 'openapi: 3.2.0\n$self: https://example.com/api')
    expect(await statuses({ 'openapi.yaml': text }, [{ size: 1 }, { size: 'a' }])).toEqual([200, 400])
  })
})

describe('a $dynamicRef', () => {
  const list = `List:
  $id: https://example.com/list
  type: object
  required: [items]
  properties: { items: { type: array, minItems: 1, items: { $dynamicRef: '#item' } }, next: { $ref: '#/$defs/Page' } }
  $defs:
    Any: { $dynamicAnchor: item, type: [object, string, integer] }
    Page: { type: object, properties: { first: { $dynamicRef: '#item' } } }
Numbers: { $id: 'https://example.com/numbers', $ref: list, $defs: { Item: { $dynamicAnchor: item, type: integer } } }
Texts: { $id: 'https://example.com/texts', $ref: list, $defs: { Item: { $dynamicAnchor: item, type: string } } }
`
  const bodies = [{ items: [1] }, { items: ['a'] }, { items: [null] }, { items: [1], next: { first: 'a' } }]

  it.each([
    ['List', [200, 200, 400, 200]],
    ['Numbers', [200, 400, 400, 400]],
    ['Texts', [400, 200, 400, 400]],
  ])('means what %s says on the way to it', async (name, expected) => {
    const files = { 'openapi.yaml': withSchemas(`{ $ref: '#/components/schemas/${name}' }`, list) }
    expect(await statuses(files, bodies)).toEqual(expected)
  })

  it('extends a schema that consists of itself', async () => {
    const schemas = `Tree:
  $id: https://example.com/tree
  $dynamicAnchor: node
  type: object
  properties: { data: true, children: { type: array, items: { $dynamicRef: '#node' } } }
Strict: { $id: 'https://example.com/strict', $dynamicAnchor: node, $ref: tree, unevaluatedProperties: false }
`
    const wrong = { children: [{ children: [{ daat: 1 }] }] }
    const right = { children: [{ children: [{ data: 1 }] }] }
    const of = (name: string) => ({ 'openapi.yaml': withSchemas(`{ $ref: '#/components/schemas/${name}' }`, schemas) })
    expect(await statuses(of('Tree'), [right, wrong])).toEqual([200, 200])
    expect(await statuses(of('Strict'), [right, wrong])).toEqual([200, 400])
  })

  it('goes through files, each of which has anchors of its own', async () => {
    const files = {
      'openapi.yaml': withSchemas("{ $ref: './numbers.yaml' }", 'None: {}\n'),
      'numbers.yaml':
        "$ref: '#/$defs/List'\n$defs:\n  Item: { $dynamicAnchor: item, type: integer }\n  List: { $ref: ./list.yaml }\n",
      'list.yaml': "type: array\nitems: { $dynamicRef: '#item' }\n$defs: { Item: { $dynamicAnchor: item } }\n",
    }
    expect(await statuses(files, [[1], ['a']])).toEqual([200, 400])
  })

  it('may start in another file, and is a plain reference where that has a plain anchor or a pointer', async () => {
    const files = {
      'openapi.yaml': withSchemas("{ $ref: './numbers.yaml' }", 'None: {}\n'),
      'numbers.yaml': '$ref: ./list.yaml\n$defs:\n  Item: { $dynamicAnchor: item, type: integer }\n',
      'list.yaml':
        "type: object\nproperties:\n  one: { $dynamicRef: 'items.yaml#item' }\n  two: { $dynamicRef: 'items.yaml#plain' }\n  three: { $dynamicRef: 'items.yaml#/$defs/Any' }\n",
      'items.yaml':
        '$defs:\n  Any: { $dynamicAnchor: item, type: [string, integer] }\n  Plain: { $anchor: plain, type: string }\n',
    }
    const bodies = [{ one: 1, two: 'a', three: 'a' }, { one: 'a' }, { two: 1 }, { three: null }]
    expect(await statuses(files, bodies)).toEqual([200, 400, 400, 400])
    const list = { ...files, 'openapi.yaml': withSchemas("{ $ref: './list.yaml' }", 'None: {}\n') }
    expect(await statuses(list, bodies)).toEqual([200, 200, 400, 400])
    const at = locator(await documentIn(list))
    expect(at('#/paths/~1things/post/requestBody/content/application~1json/schema/properties/two')).toBe(
      'list.yaml:4:3',
    )
  })

  it('may name a schema by its $id, and a pointer below that', async () => {
    const schemas = `List:
  $id: https://example.com/list
  type: object
  properties: { one: { $dynamicRef: 'any#item' }, two: { $dynamicRef: '#/$defs/Size' }, three: { $dynamicRef: any } }
  $defs: { Size: { type: integer } }
Any: { $id: https://example.com/any, type: object, $defs: { Item: { $dynamicAnchor: item, type: string } } }
`
    const files = { 'openapi.yaml': withSchemas("{ $ref: '#/components/schemas/List' }", schemas) }
    expect(await troubleIn(files)).toEqual([])
    const bodies = [{ one: 'a', two: 1, three: {} }, { one: 1 }, { two: 'a' }, { three: 1 }]
    expect(await statuses(files, bodies)).toEqual([200, 400, 400, 400])
  })

  it.each([
    ["'list.yaml#no'", '$dynamicRef #no leads nowhere: no schema has such a $dynamicAnchor', 'openapi.yaml:10:10'],
    ["'no.yaml#item'", '$ref no.yaml leads nowhere: there is no file no.yaml', 'openapi.yaml:10:5'],
  ])('to %s, where nothing is, is told with its place', async (target, message, at) => {
    const list = 'type: array\n$defs: { Item: { $dynamicAnchor: item } }\n'
    const files = { 'openapi.yaml': withSchemas('{}', `A: { $dynamicRef: ${target} }\n`), 'list.yaml': list }
    expect(await troubleIn(files)).toMatchObject([{ message, at }])
  })

  it('that leads nowhere is told, and demands nothing', async () => {
    const files = { 'openapi.yaml': withSchemas('{}', "A: { $dynamicRef: '#no' }\n") }
    expect(await troubleIn(files)).toEqual([
      {
        code: 'document-imperfect',
        message: '$dynamicRef #no leads nowhere: no schema has such a $dynamicAnchor',
        at: 'openapi.yaml:10:10',
      },
    ])
  })
})
