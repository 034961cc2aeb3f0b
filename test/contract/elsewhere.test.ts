import { describe, expect, it } from 'vitest'
import { type ContractOptions, type ContractRun, runContract } from '../../src/contract/index.ts'
import type { Handler } from '../../src/http/index.ts'
import { apiOf } from '../kit/index.ts'

const document = `
servers: [ { url: 'https://api.example/v1' } ]
paths:
  /things/{id}:
    get:
      operationId: readThing
      security: []
      parameters: [ { name: id, in: path, required: true, schema: { type: string } } ]
      responses: { '200': { description: Thing }, '404': { description: None } }
  /things:
    get:
      operationId: listThings
      security: []
      responses: { '200': { description: Things } }
  /boxes:
    get:
      operationId: listBoxes
      security: []
      responses: { '200': { description: Boxes } }
`

/** A server that has no thing, and lists none, below a path. */
function servedBelow(path: string): Handler {
  return async ({ target }) => {
    const status = target.startsWith(`${path}/things`) && !target.startsWith(`${path}/things/`) ? 200 : 404
    return { status, headers: ['content-length', '0'], body: Buffer.alloc(0) }
  }
}

async function check(path: string, options: ContractOptions = {}): Promise<ContractRun> {
  return await runContract(await apiOf(document), servedBelow(path), options)
}

describe('a target that serves the document below a path of its servers', () => {
  it('is told with the path, in place of a finding for every operation', async () => {
    const { findings, skipped } = await check('/v1')
    expect(findings.find(({ code }) => code === 'target-elsewhere')).toMatchObject({
      severity: 'error',
      operation: 'listThings',
      message: 'GET /things is answered with 404, and /v1/things with 200: the target serves the document below /v1',
      position: { line: 4, column: 1 },
    })
    expect(findings.map(({ operation }) => operation)).not.toContain('listBoxes')
    const why = 'the target serves the document below another path before it was their turn'
    expect(skipped).toContainEqual({ what: 'listBoxes', why })
  })

  it.each<[string, string, ContractOptions]>([
    ['has the path in its address', '/v1', { base: '/v1' }],
    ['serves it below no path', '', {}],
    ['serves it below another', '/other', {}],
  ])('is not told so when it %s', async (_, path, options) => {
    const { findings } = await check(path, options)
    expect(findings.map(({ code }) => code)).not.toContain('target-elsewhere')
  })
})
