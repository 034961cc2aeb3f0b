import { describe, expect, it } from 'vitest'
import { breakParts, exampleRequest } from '../../src/generate/index.ts'
import { createMock } from '../../src/index.ts'
import { apiOf } from '../kit/index.ts'

const uploads = `paths:
  /uploads:
    post:
      operationId: upload
      requestBody:
        content:
          multipart/form-data:
            schema: { type: object, required: [file, note], properties: { file: { type: string }, note: { type: string } } }
            encoding:
              file:
                headers:
                  X-Sum: { required: true, schema: { type: string, pattern: "^[0-9a-f]{8}$" } }
                  X-Kind: { required: true, schema: { enum: [a, b] }, example: b }
                  X-Size: { schema: { type: integer } }
                  Content-Type: { required: true, schema: { const: text/never } }
      responses:
        "201":
          description: Stored
          headers: { X-Info: { required: true, explode: true, schema: { const: { r: 1, g: 2 } } } }
          content:
            multipart/form-data:
              schema: { type: object, required: [file], properties: { file: { type: string } } }
              encoding: { file: { headers: { X-Sum: { required: true, schema: { const: 7 } } } } }
        "400": { description: Refused }
`

describe('a multipart body', () => {
  it('is made with the headers that its parts must have', async () => {
    const api = await apiOf(uploads)
    const [operation] = api.operations
    if (operation === undefined) throw new Error('there is no operation')
    const request = exampleRequest(api, operation, 't')
    const text = Buffer.from(request.body).toString()
    expect(text).toMatch(/name="file"\r\nX-Sum: [0-9a-f]{8}\r\nX-Kind: b\r\n\r\n/)
    expect(text).not.toMatch(/X-Size|text\/never/)
    expect(operation.read(request, {}).faults).toEqual([])
  })

  it('has each header of its parts broken alone', async () => {
    const api = await apiOf(uploads)
    const [operation] = api.operations
    if (operation === undefined) throw new Error('there is no operation')
    const valid = exampleRequest(api, operation, 't')
    const broken = breakParts(api, operation)
    const clauses = broken.map(({ bytes }) => {
      const { faults } = operation.read({ ...valid, body: bytes }, {})
      return faults.map(({ pointer }) => pointer?.replace(/^.*headers\//, '')).join(' and ')
    })
    expect([...new Set(clauses)]).toEqual([
      'X-Sum/required',
      'X-Sum/schema/pattern',
      'X-Kind/required',
      'X-Kind/schema/enum',
      'X-Size/schema/type',
    ])
    expect(broken.map(({ says }) => says)).toContain('no header X-Kind of part file')
  })

  it('is answered with the headers that its parts must have', async () => {
    const api = await apiOf(uploads)
    await using mock = await createMock(api.document)
    const operation = api.operation('upload')
    if (operation === undefined) throw new Error('there is no operation')
    const { headers, body, target } = exampleRequest(api, operation, 't')
    const response = await mock.fetch(`http://mock${target}`, {
      method: 'POST',
      headers: { 'content-type': headers[headers.indexOf('Content-Type') + 1] ?? '' },
      body: Buffer.from(body),
    })
    expect(response.status).toBe(201)
    expect(response.headers.get('x-info')).toBe('r=1,g=2')
    expect(await response.text()).toContain('name="file"\r\nX-Sum: 7\r\n\r\n')
  })
})
