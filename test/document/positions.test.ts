import { describe, expect, it } from 'vitest'
import { documentIn, documentOf, locator } from '../kit/index.ts'

const head = "openapi: 3.1.0\ninfo: { title: Test, version: '1' }\n"

describe('in YAML', () => {
  const text = `${head}paths:
  /things/{id}:
    get:
      tags: [ a, 'b' ]
      responses:
        '200':
          description: >
            long
            text
        default: { "description": Other }
`
  it.each([
    ['#', '1:1'],
    ['', '1:1'],
    ['#/openapi', '1:1'],
    ['#/paths', '3:1'],
    ['#/paths/~1things~1{id}/get', '5:5'],
    ['#/paths/~1things~1%7Bid%7D/get', '5:5'],
    ['#/paths/~1things~1{id}/get/tags/0', '6:15'],
    ['#/paths/~1things~1{id}/get/tags/1', '6:18'],
    ['#/paths/~1things~1{id}/get/responses/200', '8:9'],
    ['#/paths/~1things~1{id}/get/responses/200/description', '9:11'],
    ['#/paths/~1things~1{id}/get/responses/default/description', '12:20'],
  ])('a member is found at its key, an item at its start: %s', async (pointer, place) => {
    expect(locator(await documentOf(text))(pointer)).toBe(`openapi.yaml:${place}`)
  })

  it.each([
    ['#/paths/~1things~1{id}/get/responses/200/headers/X', '8:9'],
    ['#/paths/~1things~1{id}/get/tags/7', '6:7'],
    ['#/paths/~1things~1{id}/get/tags/x', '6:7'],
    ['#/paths/~1nowhere/get', '3:1'],
    ['#/nowhere', '1:1'],
  ])('what is not written down is found at what is above it: %s', async (pointer, place) => {
    expect(locator(await documentOf(text))(pointer)).toBe(`openapi.yaml:${place}`)
  })

  it('lines that end as on Windows count once', async () => {
    const locate = locator(await documentIn({ 'openapi.yaml': text.replaceAll('\n', '\r\n') }))
    expect(locate('#/paths/~1things~1{id}/get/responses/200')).toBe('openapi.yaml:8:9')
  })

  it('a byte order mark is no column', async () => {
    const locate = locator(await documentIn({ 'openapi.yaml': `\ufeff${text}` }))
    expect(locate('#/openapi')).toBe('openapi.yaml:1:1')
  })

  it('columns count UTF-16 code units, as editors do', async () => {
    const locate = locator(await documentOf(`${head}x-é𝄞: { a: 1, b: 2 }\npaths: {}\n`))
    expect(locate('#/x-é𝄞/b')).toBe('openapi.yaml:3:16')
  })

  it('a comment or a directive in front moves nothing', async () => {
    const locate = locator(await documentIn({ 'openapi.yaml': `%YAML 1.2\n---\n# hello\n${head}paths: {}\n` }))
    expect(locate('#/paths')).toBe('openapi.yaml:6:1')
  })
})

describe('through anchors', () => {
  const text = `${head}components:
  schemas:
    A: &a
      type: object
      title: A
    B: *a
    C:
      <<: *a
      title: C
    D:
      <<: [ { nullable: no }, *a ]
`
  it.each([
    ['#/components/schemas/B', '8:5'],
    ['#/components/schemas/B/type', '6:7'],
    ['#/components/schemas/C/type', '6:7'],
    ['#/components/schemas/C/title', '11:7'],
    ['#/components/schemas/D/title', '7:7'],
    ['#/components/schemas/D/nullable', '13:15'],
  ])('a member is found where it is written: %s', async (pointer, place) => {
    expect(locator(await documentOf(text))(pointer)).toBe(`openapi.yaml:${place}`)
  })
})

describe('in JSON', () => {
  const json = `{
\t"openapi": "3.1.0",
\t"info": { "title": "T\\u00e9st", "version": "1" },
\t"paths": {
\t\t"\\/things": { "get": { "responses": { "200": { "description": "a/b", "x-del": "\\ud83d\\ude00" } } } }
\t},
\t"x-list": [10, "a", {"k":true}]
}
`
  it.each([
    ['#/openapi', '2:2'],
    ['#/info/version', '3:34'],
    ['#/paths/~1things', '5:3'],
    ['#/paths/~1things/get/responses/200/description', '5:50'],
    ['#/x-list/1', '7:17'],
    ['#/x-list/2/k', '7:23'],
  ])('a member is found at its key: %s', async (pointer, place) => {
    expect(locator(await documentIn({ 'openapi.json': json }))(pointer)).toBe(`openapi.json:${place}`)
  })

  it('a key that comes twice is found where its value comes from', async () => {
    const text = '{"openapi":"3.1.0","info":{"title":"A","version":"1"},\n"paths":{},\n"paths":{"/a":{}}}'
    const document = await documentIn({ 'openapi.json': text })
    expect(document.root.paths).toEqual({ '/a': {} })
    expect(locator(document)('#/paths/~1a')).toBe('openapi.json:3:10')
  })

  it('a text that only JSON allows is at least known as a file', async () => {
    const text = '{"openapi":"3.1.0","info":{"title":"\u0085\ufffe\u007f","version":"1"},"paths":{}}'
    expect(locator(await documentIn({ 'openapi.json': text }))('#/paths')).toMatch(/^openapi\.json:1:/)
  })
})

describe('over several files', () => {
  const files = {
    'openapi.yaml': `${head}paths:
  /things:
    $ref: paths/things.yaml
  /other:
    $ref: paths/things.yaml
components:
  schemas:
    $ref: schemas/all.yaml
`,
    'paths/things.yaml': `get:
  responses:
    '200':
      description: All
      content:
        application/json:
          schema: { type: array, items: { $ref: ../schemas/all.yaml#/Thing } }
    '400':
      $ref: '../responses.json#/Bad%20Request'
`,
    'schemas/all.yaml': `Thing:
  type: object
  properties:
    id: { type: string }
    next:
      $ref: '#/Thing'
`,
    'responses.json': '{\n  "Bad Request": { "description": "Bad" }\n}',
  }

  it.each([
    ['#/paths/~1things', 'openapi.yaml:4:3'],
    ['#/paths/~1things/get', 'paths/things.yaml:1:1'],
    ['#/paths/~1other/get/responses/200', 'paths/things.yaml:3:5'],
    ['#/paths/~1things/get/responses/200/content/application~1json/schema/items/properties/id', 'schemas/all.yaml:4:5'],
    ['#/paths/~1things/get/responses/400/description', 'responses.json:2:20'],
    ['#/components/schemas/Thing/type', 'schemas/all.yaml:2:3'],
    ['#/components/schemas/Thing/properties/next/properties/next', 'schemas/all.yaml:5:5'],
  ])('what the bundle holds is found in the file it came from: %s', async (pointer, place) => {
    expect(locator(await documentIn(files))(pointer)).toBe(place)
  })

  it('every object of the bundle knows a pointer, and each pointer a place', async () => {
    const document = await documentIn(files)
    const schemas = (document.root.components as { schemas: Record<string, object> }).schemas
    const pointer = document.pointerOf(schemas.Thing as object)
    expect(pointer).toBeDefined()
    expect(locator(document)(`${pointer}/type`)).toBe('schemas/all.yaml:2:3')
    expect(document.pointerOf({})).toBeUndefined()
  })

  it('the text of each file can be had by the name that positions carry', async () => {
    const document = await documentIn(files)
    const { file } = document.locate('#/components/schemas/Thing/type')
    expect(document.textOf(file)).toBe(files['schemas/all.yaml'])
    expect(document.textOf('nowhere.yaml')).toBeUndefined()
  })

  it('references that only go round end somewhere', async () => {
    const document = await documentIn({
      'openapi.yaml': `${head}components:\n  schemas:\n    A: { $ref: '#/components/schemas/B' }\n    B: { $ref: '#/components/schemas/A' }\n`,
    })
    expect(locator(document)('#/components/schemas/A/type')).toMatch(/^openapi\.yaml:[56]:5$/)
  })
})
