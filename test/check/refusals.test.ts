import { describe, expect, it } from 'vitest'
import { Judge } from '../../src/check/index.ts'
import type { Headers } from '../../src/http/index.ts'
import type { Api, Operation } from '../../src/model/index.ts'
import { apiOf } from '../kit/index.ts'

const document = `
paths:
  /shops/{shopId}/things:
    post:
      operationId: createThing
      parameters: [ { name: shopId, in: path, required: true, schema: { type: string } } ]
      requestBody: { content: { application/json: { schema: { type: object } } } }
      responses:
        '201':
          description: Created.
          content: { application/json: { schema: { type: object, properties: { id: { type: string } } } } }
          x-contract: { unique: [ $response.body#/id ] }
        '400':
          description: Wrong.
          content:
            application/json:
              schema: { type: object, properties: { message: { type: array, items: { type: string } } } }
`

async function subject(): Promise<{ readonly api: Api; readonly operation: Operation }> {
  const api = await apiOf(document)
  const [operation] = api.operations
  if (operation === undefined) throw new Error('the document has no operation')
  return { api, operation }
}

const token = 'tok_live_4f9c2e8a7b1d'
const json = ['content-type', 'application/json']

type Asked = { readonly target?: string; readonly headers?: readonly string[]; readonly sent?: string }

async function judged(status: number, body: string, headers: Headers = json, asked: Asked = {}): Promise<string[]> {
  const { api, operation } = await subject()
  const request = {
    method: 'POST',
    target: asked.target ?? '/shops/a/things',
    headers: [...json, ...(asked.headers ?? [])],
    body: Buffer.from(asked.sent ?? '{}'),
  }
  const response = { status, headers, body: Buffer.from(body) }
  return new Judge(api, { tokens: [token] })
    .judgeOutside({ request, response }, operation)
    .map(({ severity, check, message }) => `${severity} ${check}: ${message}`)
}

describe('a refusal', () => {
  const plain = '{"message":"that is no URL"}'

  it.each(['/shops/%zz/things', '/shops/%C3%28/things', '/shops/a/things?q=%'])(
    'of %s, which cannot be decoded, may be in another shape',
    async target => {
      expect(await judged(400, plain, json, { target })).toEqual([expect.stringMatching(/^warning body-matches/)])
      expect(await judged(400, 'No.', ['content-type', 'text/plain'], { target })).toEqual([
        expect.stringMatching(/^warning content-type-documented/),
      ])
    },
  )

  it('of a target that can be decoded may not', async () => {
    expect(await judged(400, plain, json, { target: '/shops/%C3%BC/things' })).toEqual([
      expect.stringMatching(/^error body-matches/),
    ])
  })

  it('of what cannot be decoded still has no stack trace in it', async () => {
    const trace = '{"message":["URIError\\n    at decode (/app/src/router.js:12:3)"]}'
    expect(await judged(400, trace, json, { target: '/shops/%zz/things' })).toEqual([
      expect.stringMatching(/^error nothing-leaked/),
    ])
  })

  it('with a byte order mark is one that is not what its Content-Type says', async () => {
    expect(await judged(400, '\ufeff{"message":[]}')).toEqual([
      'error body-readable: createThing answered 400 with a byte order mark before the JSON',
    ])
  })
})

describe('a failure that is not documented', () => {
  it.each([
    ['a stack trace', '<pre>Error: too large\n    at read (/app/src/body.ts:12:3)</pre>'],
    ['a stack trace', '<pre>Error: too large<br> &nbsp; &nbsp;at read (file:///app/body.mjs:12:3)</pre>'],
    ['a path of the server', '<p>/srv/app/body.py</p>'],
  ])('is told with %s in it', async (says, page) => {
    expect(await judged(500, page, ['content-type', 'text/html'])).toEqual([
      expect.stringContaining('the server failed'),
      expect.stringContaining(`createThing answered 500 with ${says} in it`),
    ])
  })

  it('is told alone where it shows nothing', async () => {
    expect(await judged(500, '<p>Sorry.</p>', ['content-type', 'text/html'])).toHaveLength(1)
  })
})

describe('a credential in a refusal', () => {
  const shown = `{"message":["expected ${token}"]}`

  it.each<[string, Asked]>([
    ['nothing', {}],
    ['the beginning of it', { headers: ['authorization', `Bearer ${token.slice(0, -1)}`] }],
    ['another one', { headers: ['authorization', 'Bearer contrato-is-not-known-here'] }],
  ])('is told as one that the request did not have, which had %s', async (_, asked) => {
    expect(await judged(400, shown, json, asked)).toEqual([
      'error nothing-leaked: createThing answered 400 with a credential in it that is accepted and that its request did not have',
    ])
  })

  it.each<[string, Asked, readonly string[]]>([
    ['in Authorization', { headers: ['authorization', `Bearer ${token}`] }, ['the credential of its request in it']],
    ['in another field', { headers: ['x-note', token] }, []],
    ['in the body', { sent: `{"token":"${token}"}` }, []],
    ['in the target', { target: `/shops/a/things?token=${token}` }, []],
  ])('is not told as another one where the request had it %s', async (_, asked, says) => {
    expect(await judged(400, shown, json, asked)).toEqual(says.map(each => expect.stringContaining(each)))
  })
})

describe('what is to be unique', () => {
  const created = (shop: string) => ({
    request: { method: 'POST', target: `/shops/${shop}/things`, headers: json, body: Buffer.from('{}') },
    response: { status: 201, headers: json, body: Buffer.from('{"id":"1"}') },
  })
  async function codes(shops: readonly string[], uniqueBelow?: 'parent'): Promise<string[][]> {
    const { api, operation } = await subject()
    const judge = new Judge(api, uniqueBelow && { uniqueBelow })
    return shops.map(shop => judge.judge(created(shop), operation).map(({ code }) => code))
  }

  it('may come again below another parent, and not below the same, where parents count for themselves', async () => {
    expect(await codes(['a', 'b', 'a'], 'parent')).toEqual([[], [], ['value-repeated']])
  })

  it('may not come again anywhere unless somebody says so', async () => {
    expect(await codes(['a', 'b'])).toEqual([[], ['value-repeated']])
  })
})
