import { describe, expect, it } from 'vitest'
import type { Document } from '../../src/document/index.ts'
import { resolvePointer } from '../../src/finding/index.ts'
import { documentIn, locator } from '../kit/index.ts'

const head = "swagger: '2.0'\ninfo: { title: Test, version: '1' }\n"

function documentOf(text: string): Promise<Document> {
  return documentIn({ 'swagger.yaml': head + text })
}

function at(document: Document, ...tokens: string[]): unknown {
  return resolvePointer(document.root, tokens)
}

/** The only operation, `POST /things`, with these members. */
function operation(members: string, rest = ''): Promise<Document> {
  return documentOf(
    `${rest}paths:\n  /things:\n    post:\n      responses: { '200': { description: Done } }\n      ${members}\n`,
  )
}

const post = ['paths', '/things', 'post'] as const

describe('the address', () => {
  it.each([
    ['host: a.example\nbasePath: /v1\nschemes: [https, http]\n', ['https://a.example/v1', 'http://a.example/v1']],
    ['host: a.example\n', ['https://a.example']],
    ['basePath: /v1/\n', ['/v1']],
    ['basePath: v1\n', ['/v1']],
    ['', ['/']],
  ])('becomes servers: %j', async (text, urls) => {
    const document = await documentOf(`${text}paths: {}\n`)
    expect(at(document, 'servers')).toEqual(urls.map(url => ({ url })))
  })
})

describe('a parameter', () => {
  it.each([
    [
      '{ name: a, in: query, type: integer, maximum: 3 }',
      { name: 'a', in: 'query', schema: { type: 'integer', maximum: 3 } },
    ],
    ['{ name: a, in: query, type: array, items: { type: string } }', { style: 'form', explode: false }],
    ['{ name: a, in: query, type: array, collectionFormat: multi }', { style: 'form', explode: true }],
    ['{ name: a, in: query, type: array, collectionFormat: pipes }', { style: 'pipeDelimited', explode: false }],
    ['{ name: a, in: query, type: array, collectionFormat: ssv }', { style: 'spaceDelimited', explode: false }],
  ])('gets a schema and a style: %s', async (parameter, expected) => {
    const document = await operation(`parameters: [${parameter}]`)
    expect(at(document, ...post, 'parameters', '0')).toMatchObject(expected)
    expect(at(document, ...post, 'parameters', '0', 'type')).toBeUndefined()
  })

  it('in the body becomes the request body, of every media type that is consumed', async () => {
    const document = await operation(
      'parameters: [{ name: b, in: body, required: true, schema: { type: object } }]',
      'consumes: [application/json, application/xml]\n',
    )
    const mediaType = { schema: { type: 'object' } }
    expect(at(document, ...post, 'requestBody')).toEqual({
      required: true,
      content: { 'application/json': mediaType, 'application/xml': mediaType },
    })
    expect(at(document, ...post, 'parameters')).toEqual([])
  })

  it('of a form becomes a property of the body', async () => {
    const document = await operation(
      'parameters: [{ name: f, in: formData, type: file, required: true }, { name: n, in: formData, type: array, collectionFormat: multi, items: { type: string } }]',
    )
    expect(at(document, ...post, 'requestBody')).toEqual({
      required: true,
      content: {
        'multipart/form-data': {
          schema: {
            type: 'object',
            properties: {
              f: { type: 'string', format: 'binary' },
              n: { type: 'array', items: { type: 'string' } },
            },
            required: ['f'],
          },
          encoding: { n: { style: 'form', explode: true } },
        },
      },
    })
  })

  it('that is shared is taken over, be it in the body or not', async () => {
    const document = await operation(
      "parameters: [{ $ref: '#/parameters/Limit' }, { $ref: '#/parameters/Body' }]",
      "parameters:\n  Limit: { name: limit, in: query, type: integer }\n  Body: { name: b, in: body, schema: { $ref: '#/definitions/Thing' } }\ndefinitions: { Thing: { type: object } }\n",
    )
    expect(at(document, ...post, 'parameters')).toEqual([{ $ref: '#/components/parameters/Limit' }])
    expect(at(document, ...post, 'requestBody', 'content', 'application/json', 'schema')).toEqual({
      $ref: '#/components/schemas/Thing',
    })
    expect(at(document, 'components', 'parameters')).toEqual({
      Limit: { name: 'limit', in: 'query', schema: { type: 'integer' } },
    })
  })
})

describe('a response', () => {
  it('has its schema and its examples by media type', async () => {
    const document = await operation(
      'produces: [application/json]',
      "responses: { Other: { description: Other, schema: { type: file }, examples: { image/png: 'x' } } }\nproduces: [text/plain]\n",
    )
    expect(at(document, 'components', 'responses', 'Other', 'content')).toEqual({
      'text/plain': { schema: { type: 'string', format: 'binary' } },
      'image/png': { schema: { type: 'string', format: 'binary' }, example: 'x' },
    })
    expect(at(document, ...post, 'responses', '200')).toEqual({ description: 'Done' })
  })
})

describe('a schema', () => {
  it('may be null, and names its discriminator', async () => {
    const document = await documentOf(
      'paths: {}\ndefinitions:\n  A: { type: object, discriminator: kind, required: [kind], properties: { kind: { type: string, x-nullable: true } } }\n',
    )
    expect(at(document, 'components', 'schemas', 'A')).toMatchObject({
      discriminator: { propertyName: 'kind' },
      properties: { kind: { type: ['string', 'null'] } },
    })
  })

  it('is still reached by a reference that leads through what was rewritten', async () => {
    const document = await documentOf(
      "paths:\n  /a:\n    get:\n      responses:\n        '200': { description: A, schema: { type: object } }\ndefinitions:\n  B: { $ref: '#/paths/~1a/get/responses/200/schema' }\n",
    )
    expect(at(document, 'components', 'schemas', 'B')).toEqual({
      $ref: '#/paths/~1a/get/responses/200/content/application~1json/schema',
    })
  })
})

it('security definitions become security schemes', async () => {
  const document = await documentOf(
    'paths: {}\nsecurityDefinitions:\n  b: { type: basic }\n  o: { type: oauth2, flow: application, tokenUrl: https://t.example, scopes: { r: Read } }\n',
  )
  expect(at(document, 'components', 'securitySchemes')).toEqual({
    b: { type: 'http', scheme: 'basic' },
    o: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: 'https://t.example', scopes: { r: 'Read' } } } },
  })
})

describe('positions', () => {
  const yaml = `${head}host: a.example
parameters:
  Body: { name: b, in: body, schema: { $ref: 'parts.json#/Thing' } }
responses:
  Bad:
    description: Bad
    schema: { type: object }
paths:
  /things:
    post:
      parameters:
        - { $ref: '#/parameters/Body' }
        - name: limit
          in: query
          type: integer
      responses:
        '200':
          description: Done
          examples: { application/json: { id: 1 } }
          schema:
            type: object
            x-nullable: true
        '400': { $ref: '#/responses/Bad' }
`
  const files = { 'swagger.yaml': yaml, 'parts.json': '{\n  "Thing": {\n    "type": "object" }\n}' }

  it.each([
    ['#/servers/0/url', 'swagger.yaml:3:1'],
    ['#/components/responses/Bad/content/application~1json/schema/type', 'swagger.yaml:9:15'],
    ['#/paths/~1things/post/requestBody', 'swagger.yaml:5:3'],
    ['#/paths/~1things/post/requestBody/content/application~1json/schema/type', 'parts.json:3:5'],
    ['#/paths/~1things/post/parameters/0/name', 'swagger.yaml:15:11'],
    ['#/paths/~1things/post/parameters/0/schema/type', 'swagger.yaml:17:11'],
    ['#/paths/~1things/post/responses/200/content/application~1json/schema/type/1', 'swagger.yaml:23:13'],
    ['#/paths/~1things/post/responses/200/content/application~1json/example/id', 'swagger.yaml:21:43'],
    ['#/paths/~1things/post/responses/400', 'swagger.yaml:25:9'],
  ])('lead into the file that was written: %s', async (pointer, place) => {
    expect(locator(await documentIn(files))(pointer)).toBe(place)
  })

  it('are known of every object, in JSON as in YAML', async () => {
    const { load } = await import('js-yaml')
    const json = JSON.stringify(load(yaml.replace('parts.json#/Thing', '#/responses/Bad/schema')), null, 2)
    const document = await documentIn({ 'swagger.json': json })
    const visit = (node: unknown, pointer: string): void => {
      if (typeof node !== 'object' || node === null) return
      const { line } = document.locate(pointer)
      if (pointer !== '#/components') expect(line, pointer).toBeGreaterThan(1)
      for (const [key, member] of Object.entries(node)) {
        visit(member, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`)
      }
    }
    for (const [key, member] of Object.entries(document.root)) visit(member, `#/${key}`)
  })
})

describe('a document of OpenAPI 3.2', () => {
  it('is read with what is new in it', async () => {
    const document = await documentIn({
      'openapi.yaml': `openapi: 3.2.0
info: { title: T, version: '1' }
paths:
  /a:
    query:
      parameters: [{ name: q, in: querystring, content: { application/json: { schema: { type: object } } } }]
      responses:
        '200':
          description: Lines
          content: { application/jsonl: { itemSchema: { type: object }, examples: { a: { dataValue: 1 } } } }
`,
    })
    expect(document.imperfections).toEqual([])
    expect(document.version).toBe('3.2.0')
  })
})
