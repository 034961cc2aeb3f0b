import { describe, expect, it } from 'vitest'
import { type Got, mockOf, receiver, send } from './kit.ts'

const event = (schema: string, example: string): string =>
  `{ post: { requestBody: { content: { application/json: { schema: ${schema}, example: ${example} } } }, responses: { 200: { description: ok } } } }`

const document = `
paths:
  /hooks:
    post:
      operationId: addHook
      requestBody: { content: { application/json: { schema: { type: object } } } }
      responses: { '201': { description: Made, content: { application/json: { schema: { type: object } } } } }
      callbacks:
        tokenRenewed: { '{$request.body#/url}': ${event('{ type: object, properties: { token: { type: string } } }', '{ type: token, token: old }')} }
  /token:
    patch:
      operationId: renewToken
      requestBody: { content: { application/json: { schema: { type: object } } } }
      responses: { '200': { description: New, content: { application/json: { example: { token: t2, isNew: true, number: 5 } } } }, '400': { description: Wrong } }
      x-contract:
        causes:
          - { event: tokenRenewed, when: [ $response.body#/isNew, $request.body#/tell ], set: { token: $response.body#/token } }
          - { event: tokenRenewed, when: [ $request.body#/break ], set: { token: $response.body#/number } }
  /orders:
    post:
      operationId: order
      requestBody: { content: { application/json: { schema: { type: object } } } }
      responses: { '201': { description: Made } }
      x-contract: { causes: [ { event: shipped, set: { item: $request.body#/item } } ] }
      callbacks:
        shipped: { '{$request.body#/tell}': ${event('{ type: object }', '{ type: shipped }')} }
`

/** Bodies that came, in the order of their texts. */
const bodies = (got: readonly Got[]): unknown[] => got.map(({ text }) => JSON.parse(text))

describe('an exchange that causes an event', () => {
  it('has it sent to everybody who asked, with what the exchange has for it', async () => {
    await using here = await receiver()
    await using mock = await mockOf(document)
    await send(mock, 'POST /hooks', { url: `${here.url}/a` })
    await send(mock, 'POST /hooks', { url: `${here.url}/b` })
    await send(mock, 'PATCH /token', { tell: true })
    await expect.poll(() => here.got.length, { timeout: 10_000 }).toBe(2)
    expect(here.got.map(({ url }) => url).sort()).toEqual(['/a', '/b'])
    expect(bodies(here.got)[0]).toEqual({ type: 'token', token: 't2' })
  })

  it('has it sent to nobody when a condition does not hold', async () => {
    await using here = await receiver()
    await using mock = await mockOf(document)
    await send(mock, 'POST /hooks', { url: here.url })
    await send(mock, 'PATCH /token', { tell: false })
    await send(mock, 'PATCH /token', {})
    await send(mock, 'PATCH /token', { tell: true })
    await expect.poll(() => here.got.length, { timeout: 10_000 }).toBe(1)
    expect(mock.deliveries).toHaveLength(1)
  })

  it('has a callback of its own sent to the address that it names, and to no other', async () => {
    await using here = await receiver()
    await using mock = await mockOf(document)
    await send(mock, 'POST /orders', { tell: `${here.url}/first`, item: 1 })
    await send(mock, 'POST /orders', { tell: `${here.url}/second`, item: 2 })
    await expect.poll(() => here.got.length, { timeout: 10_000 }).toBe(2)
    expect(here.got.map(({ url, text }) => [url, JSON.parse(text).item]).sort()).toEqual([
      ['/first', 1],
      ['/second', 2],
    ])
  })

  it('says why an event cannot be sent', async () => {
    await using here = await receiver()
    const notices: string[] = []
    await using mock = await mockOf(document, { events: { onNotice: text => notices.push(text) } })
    await send(mock, 'POST /hooks', { url: here.url })
    await send(mock, 'PATCH /token', { break: true })
    await expect.poll(() => notices.length, { timeout: 10_000 }).toBe(1)
    expect(notices[0]).toMatch(/^renewToken causes tokenRenewed, which cannot be sent: .*token must be string/)
    expect(here.got).toEqual([])
  })
})
