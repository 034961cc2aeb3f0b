import { expect, it } from 'vitest'
import { createMock } from '../../src/index.ts'
import { documentOf } from '../kit/index.ts'

it('an empty enum of OpenAPI 3.1 is matched by nothing, and left out of answers', async () => {
  const thing = '{ type: object, properties: { a: { type: integer }, b: { type: string, enum: [] } } }'
  await using mock = await createMock(
    await documentOf(`paths:
  /things:
    post:
      requestBody: { content: { application/json: { schema: ${thing} } } }
      responses: { '200': { description: Done, content: { application/json: { schema: ${thing} } } } }
`),
    { dynamic: true },
  )
  const ask = (body: unknown) =>
    mock.fetch('/things', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  expect(await (await ask({ a: 1 })).json()).toEqual({ a: expect.any(Number) })
  const refused = await ask({ b: 'x' })
  expect(refused.status).toBe(400)
  expect(await refused.json()).toMatchObject({ detail: 'b: can have no value, since its enum is empty' })
})

it('an empty enum of a member that is required is answered with a value of its type', async () => {
  const thing =
    '{ type: object, required: [a, b], properties: { a: { type: integer }, b: { type: string, enum: [] } } }'
  await using mock = await createMock(
    await documentOf(`paths:
  /things:
    get:
      responses: { '200': { description: Done, content: { application/json: { schema: ${thing} } } } }
`),
  )
  expect(await (await mock.fetch('/things')).json()).toEqual({ a: expect.any(Number), b: expect.any(String) })
})
