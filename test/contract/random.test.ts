import { describe, expect, it } from 'vitest'
import { type ContractOptions, type ContractRun, runContract } from '../../src/contract/index.ts'
import { type HttpRequest, type HttpResponse, headerOf } from '../../src/http/index.ts'
import { Mock } from '../../src/mock/index.ts'
import { apiOf } from '../kit/index.ts'

const document = `
paths:
  /things:
    post:
      operationId: makeThing
      security: []
      parameters: [ { name: size, in: query, schema: { type: integer, minimum: 0, maximum: 500 } } ]
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [ name ]
              additionalProperties: false
              properties:
                name: { type: string, maxLength: 20 }
                count: { type: integer, minimum: 1, maximum: 1000 }
                tags: { type: array, items: { type: string, enum: [ red, green, blue ] }, maxItems: 5 }
                place: { type: object, required: [ x ], properties: { x: { type: number }, y: { type: number } } }
      responses:
        '201': { description: Made., content: { application/json: { schema: { type: object }, example: {} } } }
        '400': { description: Wrong. }
`

type Body = { name?: unknown; count?: unknown; tags?: unknown[]; place?: Record<string, unknown> }

/** Runs against the mock, but for some requests with another status. */
async function runWith(
  statusFor: (body: Body, request: HttpRequest) => number | undefined,
  options: ContractOptions = {},
): Promise<ContractRun & { readonly bodies: readonly string[] }> {
  const api = await apiOf(document)
  const mock = new Mock(api)
  const bodies: string[] = []
  const target = async (request: HttpRequest): Promise<HttpResponse> => {
    const text = Buffer.from(request.body).toString()
    bodies.push(text)
    const status = statusFor((JSON.parse(text) ?? {}) as Body, request)
    if (status === undefined) return await mock.handler(request)
    const answer = { status, headers: ['content-type', 'application/json'], body: Buffer.from('{}') }
    return status === 400 ? { ...answer, headers: [], body: Buffer.alloc(0) } : answer
  }
  const curl = (request: HttpRequest): string => `${request.target} ${Buffer.from(request.body)}`
  const run = await runContract(api, target, { phases: ['random'], curl, ...options })
  return { ...run, bodies }
}

describe('chance', () => {
  it('finds nothing wrong with the mock, and asks for both valid and broken bodies', async () => {
    const { findings, bodies } = await runWith(() => undefined)
    expect(findings).toEqual([])
    expect(bodies.length).toBeGreaterThan(25)
    expect(new Set(bodies).size).toBeGreaterThan(25)
  })

  it('asks the same for the same seed, and something else for another', async () => {
    const [one, same, other] = [
      await runWith(() => undefined, { seed: 7 }),
      await runWith(() => undefined, { seed: 7 }),
      await runWith(() => undefined, { seed: 8 }),
    ]
    expect(same.bodies).toEqual(one.bodies)
    expect(other.bodies).not.toEqual(one.bodies)
  })

  it('makes a valid request that is refused as small as it gets', async () => {
    const { findings } = await runWith((body, { target }) =>
      Number(body.count) > 20 && target === '/things' ? 400 : undefined,
    )
    expect(findings).toHaveLength(1)
    expect(findings[0]).toMatchObject({
      code: 'status-unexpected',
      caseId: expect.stringMatching(/^makeThing\/random\/valid-\d+$/),
      curl: '/things {"name":"","count":21}',
    })
    expect(findings[0]?.message).toBe(
      'makeThing answered 400 to the valid body {"name":"","count":21}, which calls for 201',
    )
    expect(findings[0]?.count).toBeGreaterThan(1)
  })

  it('makes lists and members of members small too', async () => {
    const { findings } = await runWith(body => ((body.tags?.length ?? 0) > 1 ? 500 : undefined))
    const [failure] = findings.filter(({ code }) => code === 'status-undocumented')
    expect(failure?.curl).toMatch(/^\/things \{"name":"","tags":\["red","red"\]\}$/)
  })

  it('makes a broken request that is accepted small, and keeps it broken', async () => {
    const runs = await Promise.all(
      [1, 2, 3, 4].map(seed => runWith(body => (typeof body.name === 'string' ? undefined : 201), { seed })),
    )
    const accepted = runs
      .flatMap(({ findings }) => findings)
      .find(({ message }) => / answered 201 to (name as|body with Name) .*, which calls for 400/.test(message))
    // Nothing but the broken member is left.
    expect(accepted?.curl).toMatch(/^\/things \{"[Nn]ame":[^,]*\}$/)
  })

  it('draws values of parameters', async () => {
    const { findings } = await runWith((_, { target }) =>
      Number(/size=(\d+)/.exec(target)?.[1] ?? 0) > 99 ? 400 : undefined,
    )
    expect(findings.map(({ curl }) => curl?.split(' ')[0])).toEqual(['/things?size=100'])
  })

  it('makes no more requests than it may', async () => {
    const { requests } = await runWith(() => 400, { maxRequests: 30 })
    expect(requests).toBeLessThanOrEqual(30)
    const { requests: all } = await runWith(body => (String(body.name).length % 2 === 1 ? 400 : undefined))
    expect(all).toBeLessThan(400)
  })

  it('sends Content-Type with what it drew', async () => {
    const types = new Set<string | undefined>()
    await runWith((_, { headers }) => {
      types.add(headerOf(headers, 'content-type'))
      return undefined
    })
    expect([...types]).toEqual(['application/json'])
  })
})
