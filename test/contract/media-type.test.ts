import { expect, it } from 'vitest'
import { runContract } from '../../src/contract/index.ts'
import { headerOf } from '../../src/http/index.ts'
import { apiOf } from '../kit/index.ts'

const document = `
paths:
  /things/a:
    patch:
      operationId: changeThing
      security: []
      requestBody:
        required: true
        content: { application/merge-patch+json: { schema: { type: object }, example: { what: tea } } }
      responses: { '204': { description: Changed. }, '400': { description: Wrong. } }
`

it('a body of another kind of JSON is sent as that kind, whatever letters and parameters its type is written with', async () => {
  const types = new Set<string>()
  const run = await runContract(
    await apiOf(document),
    async ({ headers, body }) => {
      const type = headerOf(headers, 'content-type') ?? ''
      types.add(type)
      const isRight = /^application\/merge-patch\+json\s*(;|$)/i.test(type)
      const isObject = Buffer.from(body).toString().trim().startsWith('{"') && !/[^}\s]\s*$/.test(body.toString())
      return { status: !isRight ? 415 : isObject ? 204 : 400, headers: [], body: Buffer.alloc(0) }
    },
    { phases: ['examples', 'protocol'] },
  )
  const messages = run.findings.map(({ message }) => message)
  expect(messages.filter(message => message.includes('415'))).toEqual([])
  expect([...types]).toContain('Application/Merge-Patch+Json; Charset="UTF-8"')
})
