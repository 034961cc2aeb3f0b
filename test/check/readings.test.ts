import { describe, expect, it, vi } from 'vitest'
import { Readings } from '../../src/check/index.ts'
import type { HttpRequest } from '../../src/http/index.ts'
import type { Api, Operation } from '../../src/model/index.ts'
import { apiOf } from '../kit/index.ts'

const document = `
components: { securitySchemes: { key: { type: apiKey, in: header, name: X-Key } } }
paths:
  /things/{id}:
    put:
      operationId: replaceThing
      security: [ { key: [] } ]
      parameters: [ { name: id, in: path, required: true, schema: { type: string } } ]
      requestBody: { content: { application/json: { schema: { required: [ size ] } } } }
      responses: { '200': { description: The thing. } }
    get:
      operationId: readThing
      security: []
      parameters: [ { name: id, in: path, required: true, schema: { type: string } } ]
      responses: { '200': { description: The thing. } }
`

function put(headers: readonly string[], body = '{}'): HttpRequest {
  const fields = ['content-type', 'application/json', ...headers]
  return { method: 'PUT', target: '/things/a', headers: fields, body: Buffer.from(body) }
}

async function setUp(): Promise<{ api: Api; replace: Operation; read: Operation; readings: Readings }> {
  const api = await apiOf(document)
  const [replace, read] = [api.operation('replaceThing'), api.operation('readThing')]
  if (replace === undefined || read === undefined) throw new Error('the document lacks an operation')
  return { api, replace, read, readings: new Readings(api) }
}

describe('the readings of requests', () => {
  it('read each request once, whoever asks and how', async () => {
    const { replace, readings } = await setUp()
    const spy = vi.spyOn(replace, 'read')
    const request = put(['x-key', 'k'])
    const guarded = readings.guarded(request, replace)
    expect(readings.open(request)).toBe(guarded)
    expect(readings.guarded(request, replace)).toBe(guarded)
    expect(guarded.faults.map(({ kind }) => kind)).toEqual(['invalid'])
    expect(spy).toHaveBeenCalledTimes(1)
    // Equal is not the same: another request may be read in another way.
    expect(readings.guarded(put(['x-key', 'k']), replace)).not.toBe(guarded)
  })

  it('look behind missing credentials only where these do not count', async () => {
    const { replace, readings } = await setUp()
    const request = put([])
    expect(readings.guarded(request, replace)).toMatchObject({ body: undefined, faults: [{ kind: 'credentials' }] })
    expect(readings.open(request)).toMatchObject({ body: {}, faults: [{ kind: 'invalid' }] })
  })

  it('are those of the operation that is asked for, whatever the request leads to', async () => {
    const { read, readings } = await setUp()
    const request = put([])
    expect(readings.guarded(request, read)).toMatchObject({ path: { id: 'a' }, faults: [] })
    expect(readings.open(request)?.faults).toHaveLength(1)
    const nowhere = { ...request, target: '/nowhere' }
    expect(readings.open(nowhere)).toBeUndefined()
    expect(readings.matchOf(nowhere).kind).toBe('unknown-path')
  })
})
