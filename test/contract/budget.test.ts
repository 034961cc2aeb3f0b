import { describe, expect, it } from 'vitest'
import { type ContractOptions, runContract } from '../../src/contract/index.ts'
import type { Handler } from '../../src/http/index.ts'
import { Mock } from '../../src/mock/index.ts'
import type { Api } from '../../src/model/index.ts'
import { apiOf } from '../kit/index.ts'

const wide = `
paths:
${Array.from(
  { length: 20 },
  (_, at) => `
  /things${at}:
    post:
      operationId: make${at}
      security: [ { bearer: [] } ]
      requestBody:
        required: true
        content: { application/json: { schema: { type: object, required: [ a ], properties: { a: { type: integer, minimum: 1 } } }, example: { a: 2 } } }
      responses: { '204': { description: Made. }, '400': { description: Wrong. }, '401': { description: Who? } }
`,
).join('')}
components: { securitySchemes: { bearer: { type: http, scheme: bearer } } }
`

async function runOf(api: Api, options: ContractOptions) {
  const perOperation = new Map<string, number>()
  const statuses = new Map<string, Set<number>>()
  const { handler } = new Mock(api)
  const target: Handler = async request => {
    const response = await handler(request)
    // Some are asked for in other spellings, which must not be a way around the credentials.
    const of = /things\d+/.exec(request.target.toLowerCase())?.[0] ?? request.target
    perOperation.set(of, (perOperation.get(of) ?? 0) + 1)
    statuses.set(of, (statuses.get(of) ?? new Set()).add(response.status))
    return response
  }
  return { ...(await runContract(api, target, { infer: false, ...options })), perOperation, statuses }
}

describe('the requests that may be made', () => {
  it('are shared out, so that each operation succeeds once and has its credentials and clauses tried', async () => {
    const { perOperation, statuses, requests, skipped, findings, coverage } = await runOf(await apiOf(wide), {
      maxRequests: 300,
    })
    expect(findings).toEqual([])
    expect(requests).toBeLessThanOrEqual(300)
    expect(perOperation.size).toBe(20)
    expect(Math.min(...perOperation.values())).toBeGreaterThanOrEqual(14)
    for (const seen of statuses.values()) expect([...seen]).toEqual(expect.arrayContaining([204, 401, 400]))
    const why = 'of 300 requests each operation had its share, and that was used up'
    const more = 'of make0, make1, make2, make3, make4, make5, make6, make7, make8, make9 and 10 more'
    expect(skipped).toEqual(
      expect.arrayContaining([
        { what: `invalid ${more}`, why },
        { what: `random ${more}`, why },
      ]),
    )
    expect(skipped.map(({ what }) => what)).not.toContain(`credentials ${more}`)
    expect(coverage[0]?.clauses).toContainEqual({
      pointer: expect.stringMatching(/properties\/a\/minimum$/),
      broken: 0,
      why: 'its share of the requests that were to be made was used up',
    })
  })

  it('are more for those that come later where the first need less than their share', async () => {
    const bare = "responses: { '204': { description: Done. } }"
    const api = await apiOf(`
paths:
  /a: { get: { operationId: a, security: [], ${bare} } }
  /b: { get: { operationId: b, security: [], ${bare} } }
  /c: { get: { operationId: c, security: [], ${bare} } }
`)
    const whole = await runOf(api, {})
    const enough = await runOf(api, { maxRequests: whole.requests + 3 })
    expect(enough.perOperation).toEqual(whole.perOperation)
    expect(enough.skipped).toEqual([])
  })

  it('are one for each operation as long as there are any, and who had none is told', async () => {
    const { perOperation, requests, skipped } = await runOf(await apiOf(wide), { maxRequests: 12 })
    expect({ requests, asked: perOperation.size }).toEqual({ requests: 12, asked: 12 })
    expect(skipped).toContainEqual({
      what: 'make12, make13, make14, make15, make16, make17, make18, make19',
      why: 'no more than 12 requests were to be made before it was their turn',
    })
  })
})
