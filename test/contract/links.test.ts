import { describe, expect, it } from 'vitest'
import { runContract } from '../../src/contract/index.ts'
import type { HttpRequest, HttpResponse } from '../../src/http/index.ts'
import { apiOf } from '../kit/index.ts'

const document = `
paths:
  /orders:
    post:
      operationId: order
      security: []
      requestBody: { required: true, content: { application/json: { schema: { type: object }, example: { what: tea } } } }
      responses:
        '201':
          description: Ordered.
          content: { application/json: { schema: { type: object, properties: { number: { type: string } } } } }
          links:
            look: { operationId: look, parameters: { number: $response.body#/number } }
            pay: { operationRef: '#/paths/~1bills/post', requestBody: { of: tea } }
            track: { operationId: look, parameters: { number: $response.body#/parcel } }
            lost: { operationId: nobody }
        '400': { description: Wrong. }
  /slips/{number}:
    get:
      operationId: look
      security: []
      parameters: [ { name: number, in: path, required: true, schema: { type: string } } ]
      responses:
        '200':
          description: A slip.
          content: { application/json: { schema: { type: object, properties: { shelf: { type: string } } } } }
          links: { shelf: { operationId: shelf, parameters: { path.shelf: 's-{$response.body#/shelf}' } } }
        '404': { description: Not here. }
  /shelves/{shelf}:
    get:
      operationId: shelf
      security: []
      parameters: [ { name: shelf, in: path, required: true, schema: { type: string } } ]
      responses: { '204': { description: There. }, '404': { description: Not here. } }
  /bills:
    post:
      operationId: pay
      security: []
      requestBody: { required: true, content: { application/json: { schema: { type: object }, example: { of: nothing } } } }
      responses: { '204': { description: Paid. }, '404': { description: Not here. } }
`

/** Runs the journeys against a shop that keeps what it was asked for, but for what is wrong about it. */
async function travel(wrong: Partial<{ forgets: boolean; movesShelf: boolean }> = {}) {
  const numbers = new Set<string>()
  const asked: string[] = []
  const target = async ({ method, target, body }: HttpRequest): Promise<HttpResponse> => {
    asked.push(`${method} ${target}${method === 'POST' ? ` ${Buffer.from(body)}` : ''}`)
    const say = (status: number, value?: unknown): HttpResponse => ({
      status,
      headers: value === undefined ? [] : ['content-type', 'application/json'],
      body: Buffer.from(value === undefined ? '' : JSON.stringify(value)),
    })
    if (target === '/bills') return say(204)
    if (target === '/orders') {
      const number = `n${numbers.size + 1}`
      if (wrong.forgets !== true) numbers.add(number)
      return say(201, { number })
    }
    const [, place, id = ''] = /^\/(slips|shelves)\/(.*)$/.exec(target) ?? []
    if (place === 'slips') return numbers.has(id) ? say(200, { shelf: 'left' }) : say(404)
    return id === (wrong.movesShelf === true ? 's-right' : 's-left') ? say(204) : say(404)
  }
  const { findings, skipped } = await runContract(await apiOf(document), target, { phases: ['journeys'] })
  return { findings, skipped, asked }
}

describe('links', () => {
  it('are followed with the values of the answer, one after another', async () => {
    const { findings, asked } = await travel()
    expect(findings).toEqual([])
    expect(asked).toContain('GET /slips/n1')
    expect(asked).toContain('GET /shelves/s-left')
    expect(asked).toContain('POST /bills {"of":"tea"}')
  })

  it('that cannot be followed are skipped with the reason', async () => {
    const { skipped } = await travel()
    expect(skipped).toContainEqual({
      what: 'the link track of order',
      why: '$response.body#/parcel is nowhere in the answer',
    })
    expect(skipped).toContainEqual({ what: 'the link lost of order', why: 'there is no operation nobody' })
  })

  it.each([
    ['what was ordered is forgotten', { forgets: true }, 'look answered 404 to GET /slips/n1', 'links/look'],
    ['the shelf is another', { movesShelf: true }, 'shelf answered 404 to GET /shelves/s-left', 'links/shelf'],
  ])('that lead nowhere are told where %s', async (_, wrong, says, place) => {
    const { findings } = await travel(wrong)
    const told = findings.find(({ code }) => code === 'link-broken')
    expect(told?.message).toContain(says)
    expect(told?.pointer).toContain(place)
  })
})
