import { expect, it } from 'vitest'
import { Judge } from '../../src/check/index.ts'
import { apiOf } from '../kit/index.ts'

it('the parts of a multipart answer are held to their headers', async () => {
  const api = await apiOf(`paths:
  /files:
    get:
      operationId: readFiles
      responses:
        "200":
          description: The files
          content:
            multipart/form-data:
              schema: { type: object, properties: { a: { type: string }, b: { type: string } } }
              encoding:
                a: { headers: { X-Sum: { required: true, schema: { type: string } } } }
                b: { headers: { X-Size: { schema: { type: integer } } } }
`)
  const [operation] = api.operations
  if (operation === undefined) throw new Error('there is no operation')
  const judged = (ofA: string, ofB: string): string[] => {
    const part = (name: string, head: string) =>
      `--xx\r\nContent-Disposition: form-data; name="${name}"\r\n${head}\r\n\r\n1\r\n`
    const body = Buffer.from(`${part('a', ofA)}${part('b', ofB)}--xx--`)
    const response = { status: 200, headers: ['content-type', 'multipart/form-data; boundary=xx'], body }
    const request = { method: 'GET', target: '/files', headers: [], body: new Uint8Array() }
    return new Judge(api).judge({ request, response }, operation).map(({ code, message }) => `${code}: ${message}`)
  }
  expect(judged('X-Sum: 1', 'X-Size: 2')).toEqual([])
  expect(judged('X-Other: 1', 'X-Size: big')).toEqual([
    'body-mismatch: readFiles answered 200 with a body of which X-Sum (header of part a) is required',
    'body-mismatch: readFiles answered 200 with a body of which X-Size (header of part b) must be integer (sent: "big")',
  ])
})
