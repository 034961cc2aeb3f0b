import { describe, expect, it } from 'vitest'
import { mockOf, receiver, send } from './kit.ts'

/** A callback that describes an Authorization field of its own, and one that wants a key under that name. */
const document = `
openapi: 3.1.0
info: { title: Pings, version: '1' }
components:
  securitySchemes: { key: { type: apiKey, in: header, name: Authorization } }
paths:
  /subscriptions:
    post:
      operationId: subscribe
      security: []
      requestBody: { content: { application/json: { schema: { type: object } } } }
      responses: { '201': { description: Made } }
      callbacks:
        described:
          '{$request.body#/url}':
            post:
              parameters: [{ name: Authorization, in: header, required: true, schema: { type: string }, example: Bearer of-the-document }]
              requestBody: { content: { application/json: { schema: { type: object }, example: { type: described } } } }
              responses: { '200': { description: Thanks } }
        secured:
          '{$request.body#/url}':
            post:
              security: [{ key: [] }]
              requestBody: { content: { application/json: { schema: { type: object }, example: { type: secured } } } }
              responses: { '200': { description: Thanks } }
`

describe('the Authorization field of an event', () => {
  it.each(['described', 'secured'])(
    'is what the address says and nothing else, where the callback has one %s',
    async event => {
      await using here = await receiver()
      await using mock = await mockOf(document)
      await send(mock, 'POST /subscriptions', { url: here.url.replace('//', '//user:password@') })
      await mock.trigger(event)
      const fields = here.got[0]?.rawHeaders.filter((_, at, all) => all[at - 1]?.toLowerCase() === 'authorization')
      expect(fields).toEqual([`Basic ${Buffer.from('user:password').toString('base64')}`])
    },
  )

  it.each(['described', 'secured'])(
    'is not sent where the address has no user, though the callback has one %s',
    async event => {
      await using here = await receiver()
      await using mock = await mockOf(document)
      await send(mock, 'POST /subscriptions', { url: here.url })
      await mock.trigger(event)
      expect(here.got).toHaveLength(1)
      expect(here.got[0]?.headers.authorization).toBeUndefined()
    },
  )
})
