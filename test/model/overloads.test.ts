import { describe, expect, it } from 'vitest'
import { exampleRequest } from '../../src/generate/index.ts'
import { createMock } from '../../src/index.ts'
import { apiOf, request } from '../kit/index.ts'

/** Operations of one path and method, as documents have them that tell them apart by a fragment. */
const files = `paths:
  /files/{id}:
    put:
      operationId: change
      parameters:
        - { name: id, in: path, required: true, schema: { type: string } }
        - { name: fields, in: query, schema: { type: string } }
      requestBody:
        content:
          application/json:
            schema: { type: object, properties: { name: { type: string }, link: { type: object } } }
      responses: { "200": { description: Changed }, "400": { description: Refused } }
  /files/{id}#link:
    put:
      operationId: link
      parameters:
        - { name: id, in: path, required: true, schema: { type: string } }
        - { name: fields, in: query, required: true, schema: { type: string } }
      requestBody:
        content:
          application/json:
            schema: { type: object, required: [link], properties: { link: { type: object } } }
      responses: { "201": { description: Linked }, "422": { description: Refused } }
  /files/{id}#patch:
    put:
      operationId: patch
      parameters: [ { name: id, in: path, required: true, schema: { type: string } } ]
      requestBody:
        required: true
        content:
          application/json-patch+json:
            schema: { type: array, items: { type: object, required: [op] } }
      responses: { "202": { description: Patched }, "409": { description: Conflict } }
`

const put = (target: string, body?: string, type = 'application/json') =>
  request(`PUT ${target}`, body === undefined ? {} : { headers: { 'Content-Type': type }, body })
const patchType = 'application/json-patch+json'

describe('operations that only a fragment tells apart', () => {
  it.each([
    ['one alone takes the request', put('/files/1', '[{"op":"add"}]', patchType), 'patch'],
    ['one describes more of the body', put('/files/1?fields=a', '{"name":"b","link":{}}'), 'change'],
    ['one demands more', put('/files/1?fields=a', '{"link":{}}'), 'link'],
    ['one demands less', put('/files/1', '{"link":{}}'), 'change'],
    ['all refuse it, and one has less against it', put('/files/1', '[{}]', patchType), 'patch'],
    ['all refuse it, for one reason or for two', put('/files/1', '{"name":1}'), 'change'],
    ['all refuse it, and one demands more of it', put('/files/1?fields=a', '{"link":1}'), 'link'],
    ['it names one, though no client does', put('/files/1#link', '{}'), 'link'],
  ])('are chosen by the whole request: %s', async (_, sent, id) => {
    const api = await apiOf(files)
    expect(api.lead(sent)).toMatchObject({ kind: 'found', operation: { id }, params: { id: '1' } })
  })

  it('are each aimed at by the requests that are made for them', async () => {
    const api = await apiOf(files)
    const led = api.operations.map(operation => api.lead(exampleRequest(api, operation, 't')))
    expect(led).toMatchObject(['change', 'link', 'patch'].map(id => ({ operation: { id } })))
    expect(api.unreachable()).toEqual([])
  })

  it('are answered by the mock', async () => {
    await using mock = await createMock((await apiOf(files)).document)
    const status = async (target: string, body: string, type = 'application/json'): Promise<number> =>
      (await mock.fetch(`http://mock${target}`, { method: 'PUT', headers: { 'content-type': type }, body })).status
    expect(await status('/files/1?fields=a', '{"link":{}}')).toBe(201)
    expect(await status('/files/1', '{"name":"a"}')).toBe(200)
    expect(await status('/files/1', '[{"op":"add"}]', patchType)).toBe(202)
    expect(await status('/files/1', '{"name":1}')).toBe(400)
  })

  it('are not looked at where the path or a header tells', async () => {
    const api = await apiOf(`paths:
  /a: { get: { operationId: plain, responses: {} } }
  /a#X-Target=b: { get: { operationId: told, parameters: [ { name: X-Target, in: header } ], responses: {} } }
`)
    const plain = api.match('GET', '/a')
    expect(plain).toMatchObject({ kind: 'found', operation: { id: 'plain' } })
    expect(plain).not.toHaveProperty('overloads')
    expect(api.match('GET', '/a', ['X-Target', 'b'])).not.toHaveProperty('overloads')
  })

  it('are out of reach where all that they describe and demand is the same', async () => {
    const operation = (id: string, more: string) =>
      `{ get: { operationId: ${id}, parameters: [ { name: q, in: query, required: true, schema: { ${more} } } ], responses: {} } }`
    const api = await apiOf(`paths:
  /a#one: ${operation('one', 'type: string, description: One')}
  /a#two: ${operation('two', 'type: string, title: Two')}
  /a#three: ${operation('three', 'type: string, maxLength: 3')}
`)
    expect(api.unreachable().map(({ operation, why }) => `${operation.id}: ${why}`)).toEqual([
      'two: #two of its path /a#two is not sent, and one takes the same requests and answers',
    ])
  })
})
