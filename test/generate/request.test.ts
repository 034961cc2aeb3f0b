import { existsSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { exampleRequest } from '../../src/generate/index.ts'
import { Api, type HttpRequest, loadDocument, shippedDocument } from '../../src/index.ts'
import { apiOf } from '../kit/index.ts'
import { documentOf, json, type Parts, thing } from '../mock/kit.ts'

const text = { type: 'string' }

/** What an operation finds wrong with the request that was made for it. */
function faultsOf(api: Api, request: HttpRequest): readonly string[] {
  const match = api.match(request.method, request.target)
  if (match.kind !== 'found') return [`${request.method} ${request.target} leads nowhere`]
  return match.operation.read(request, match.params).faults.map(({ reason }) => reason)
}

async function requestFor(parts: Parts): Promise<HttpRequest & { readonly faults: readonly string[] }> {
  const api = new Api(await documentOf(parts))
  const [operation] = api.operations
  if (operation === undefined) throw new Error('no operation')
  const request = exampleRequest(api, operation, 'a-token')
  return { ...request, faults: faultsOf(api, request) }
}

function bodyOf({ body }: HttpRequest): string {
  return Buffer.from(body).toString()
}

describe('a request that is made for an operation', () => {
  it('is accepted, for every operation of the shipped document', async () => {
    const api = new Api(await loadDocument(shippedDocument()))
    for (const operation of api.operations) expect(faultsOf(api, exampleRequest(api, operation, 'a'))).toEqual([])
  })

  it('is made of the examples of the document', async () => {
    const parameters = [
      { name: 'id', in: 'path', required: true, schema: text, example: 'a/b c' },
      { name: 'limit', in: 'query', required: true, schema: { type: 'integer' }, example: 7 },
      { name: 'X-Trace', in: 'header', required: true, schema: text, example: 't-1' },
      { name: 'theme', in: 'cookie', required: true, schema: text, example: 'dark' },
      { name: 'optional', in: 'query', schema: text, example: 'x' },
    ]
    const content = { 'application/json': { schema: { type: 'object' }, example: { a: 'é' } } }
    const operation = { parameters, requestBody: { content }, responses: {} }
    const request = await requestFor({ paths: { '/things/{id}/parts': { post: operation } } })
    expect(request).toMatchObject({
      method: 'POST',
      target: '/things/a%2Fb%20c/parts?limit=7',
      headers: ['X-Trace', 't-1', 'Cookie', 'theme=dark', 'Content-Type', 'application/json'],
      faults: [],
    })
    expect(bodyOf(request)).toBe('{"a":"é"}')
  })

  it('is made up where there is no example, or a wrong one', async () => {
    const parameters = [
      { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } },
      { name: 'limit', in: 'query', required: true, schema: { type: 'integer', maximum: 5 }, example: 700 },
    ]
    const schema = { type: 'object', required: ['n'], properties: { n: { type: 'integer', minimum: 3 } } }
    const content = { 'application/json': { schema, example: { n: 'wrong' } } }
    const operation = { parameters, requestBody: { content }, responses: {} }
    const request = await requestFor({ paths: { '/things/{id}': { put: operation } } })
    expect(request.faults).toEqual([])
    expect(JSON.parse(bodyOf(request))).toMatchObject({ n: expect.any(Number) })
  })

  it.each<[string, Readonly<Record<string, unknown>>, unknown]>([
    ['a list, sent once per item', { in: 'query' }, ['a,b', 'c&d']],
    ['a list, in one value', { in: 'query', explode: false }, ['a', 'b']],
    ['a list between pipes', { in: 'query', style: 'pipeDelimited', explode: false }, ['a', 'b']],
    ['a list in a path', { in: 'path' }, ['a', 'b']],
    ['a list in a header', { in: 'header' }, ['a', 'b']],
  ])('can be read again: %s', async (_, place, example) => {
    const schema = { type: 'array', items: { type: 'string', enum: example }, minItems: 2 }
    const parameters = [{ name: 'list', required: true, ...place, schema, example }]
    const path = place.in === 'path' ? '/things/{list}' : '/things'
    expect((await requestFor({ paths: { [path]: { get: { parameters, responses: {} } } } })).faults).toEqual([])
  })

  it('has something in every segment of its path', async () => {
    const parameters = [{ name: 'id', in: 'path', required: true, schema: { type: 'string', maxLength: 0 } }]
    const { target } = await requestFor({ paths: { '/things/{id}/parts': { get: { parameters, responses: {} } } } })
    expect(target).toMatch(/^\/things\/[^/]+\/parts$/)
  })

  it.each<[string, unknown, Partial<HttpRequest>]>([
    ['a bearer token', { type: 'http', scheme: 'bearer' }, { headers: ['Authorization', 'Bearer a-token'] }],
    ['a key in a header', { type: 'apiKey', in: 'header', name: 'X-Key' }, { headers: ['X-Key', 'a-token'] }],
    ['a key in the query', { type: 'apiKey', in: 'query', name: 'key' }, { target: '/thing?key=a-token' }],
    ['a key in a cookie', { type: 'apiKey', in: 'cookie', name: 'key' }, { headers: ['Cookie', 'key=a-token'] }],
  ])('has credentials: %s', async (_, scheme, expected) => {
    const components = { securitySchemes: { one: scheme } }
    const request = await requestFor({ ...thing({ responses: {} }), components, security: [{ one: [] }] })
    expect(request).toMatchObject({ ...expected, faults: [] })
  })

  it('prefers JSON among the media types of its body', async () => {
    const content = { 'text/plain': { example: 'a' }, 'application/vnd.a+json': { example: [1] } }
    const request = await requestFor(thing({ requestBody: { content }, responses: { 200: json({}) } }, 'post'))
    expect(request).toMatchObject({ headers: ['Content-Type', 'application/vnd.a+json'], faults: [] })
    expect(bodyOf(request)).toBe('[1]')
  })
})

const folder = process.env.CONTRATO_DOCUMENTS ?? '../shared/documents'

it('names one field for credentials that two schemes want in the same place', async () => {
  const oauth2 = (flow: string): object => ({ type: 'oauth2', flows: { [flow]: { scopes: {} } } })
  const key = { type: 'apiKey', name: 'key', in: 'query' }
  const securitySchemes = { a: oauth2('implicit'), b: oauth2('authorizationCode'), c: key, d: key }
  const parts = {
    ...thing({ responses: {} }),
    security: [{ a: [], b: [], c: [], d: [] }],
    components: { securitySchemes },
  }
  const request = await requestFor(parts)
  expect(request.headers).toEqual(['Authorization', 'Bearer a-token'])
  expect(request.target).toBe('/thing?key=a-token')
  expect(request.faults).toEqual([])
})

describe('requests that are made for real documents', () => {
  // Of Stripe all, because seven of its forms were refused by those who had written them.
  for (const { file, share, taken = 40 } of [
    { file: 'museum.yaml', share: 1 },
    { file: 'box.json', share: 0.99 },
    { file: 'discord.json', share: 0.99 },
    { file: 'digitalocean.yaml', share: 0.99 },
    { file: 'stripe.yaml', share: 1, taken: 468 },
  ]) {
    const absolute = path.resolve(folder, file)
    const absent = !existsSync(absolute)
    it.skipIf(absent)(
      absent ? `${file}: skipped, there is no ${absolute}` : `${file}: at least ${share * 100} of 100 are accepted`,
      { timeout: 120_000 },
      async ({ annotate }) => {
        const api = new Api(await loadDocument(absolute))
        const step = Math.max(1, Math.floor(api.operations.length / Number(process.env.TAKEN ?? taken)))
        const operations = api.operations.filter((_, at) => at % step === 0)
        const refused = operations.flatMap(operation => {
          const faults = faultsOf(api, exampleRequest(api, operation, 'a-token'))
          return faults.length === 0 ? [] : [`${operation.id}: ${faults.slice(0, 3).join('; ')}`]
        })
        const accepted = operations.length - refused.length
        const table = [`${accepted} of ${operations.length} are accepted`, ...refused].join('\n  ')
        await annotate(table)
        expect(accepted / operations.length, table).toBeGreaterThanOrEqual(share)
      },
    )
  }
})

it.each([
  [['', 'b'], '/a/b'],
  [['.', '..', 'c'], '/a/c'],
  [[''], '/a/kind'],
])('a path parameter that is one of %j is sent in a segment of its own', async (listed, target) => {
  const parameters = [{ name: 'kind', in: 'path', required: true, schema: { type: 'string', enum: listed } }]
  const api = new Api(await documentOf({ paths: { '/a/{kind}': { get: { parameters, responses: {} } } } }))
  const [operation] = api.operations
  expect(operation && exampleRequest(api, operation, 't').target).toBe(target)
})

it('a path parameter that is not described is named as it is, as long as the path needs one', async () => {
  const api = await apiOf("paths: { '/a/{id}/{b c}': { get: { responses: { '200': { description: Done } } } } }\n")
  const [operation] = api.operations
  expect(operation && exampleRequest(api, operation, 't').target).toBe('/a/id/b%20c')
})
