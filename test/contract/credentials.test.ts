import { describe, expect, it } from 'vitest'
import { type ContractOptions, runContract } from '../../src/contract/index.ts'
import { type HttpRequest, headerOf } from '../../src/http/index.ts'
import { apiOf } from '../kit/index.ts'

type Shown = Readonly<Record<'bearer' | 'basic' | 'key' | 'query' | 'cookie', string | undefined>>
type Lets = (shown: Shown) => boolean

const document = (security: string): string => `
paths:
  /things:
    post:
      operationId: make
      security: ${security}
      requestBody: { required: true, content: { application/json: { schema: { type: object }, example: { what: tea } } } }
      responses: { '204': { description: Made. }, '400': { description: Wrong. }, '401': { description: Who? } }
components:
  securitySchemes:
    bearer: { type: http, scheme: bearer }
    basic: { type: http, scheme: basic }
    key: { type: apiKey, in: header, name: X-Key }
    query: { type: apiKey, in: query, name: key }
    cookie: { type: apiKey, in: cookie, name: session }
    certificate: { type: mutualTLS }
`

function shownIn({ headers, target }: HttpRequest): Shown {
  const field = headerOf(headers, 'authorization') ?? ''
  const filled = (text: string | null | undefined): string | undefined => (text ? text : undefined)
  return {
    bearer: filled(/^Bearer (\S+)$/i.exec(field)?.[1]),
    basic: filled(/^Basic (\S+)$/.exec(field)?.[1]),
    key: filled(headerOf(headers, 'x-key')),
    query: filled(new URL(target, 'http://x').searchParams.get('key')),
    cookie: filled(/(?:^|; )session=([^;]*)/.exec(headerOf(headers, 'cookie') ?? '')?.[1]),
  }
}

/** What the check finds where these are let in, and what it asked. */
async function ask(security: string, lets: Lets, options: ContractOptions = {}) {
  const asked: string[] = []
  const run = await runContract(
    await apiOf(document(security)),
    async request => {
      const isIn = lets(shownIn(request))
      const isGood = Buffer.from(request.body).toString() === '{"what":"tea"}'
      asked.push(JSON.stringify(shownIn(request)))
      const status = !isIn ? 401 : isGood ? 204 : 400
      return { status, headers: [], body: Buffer.alloc(0) }
    },
    { phases: ['examples', 'credentials'], ...options },
  )
  return { asked, says: run.findings.map(({ message }) => message) }
}

const token = 'right'
const isBasic = (text: string | undefined): boolean => Buffer.from(text ?? '', 'base64').toString() === `user:${token}`

describe('credentials', () => {
  const either = '[ { bearer: [] }, { key: [] }, { basic: [] }, { query: [] }, { cookie: [] } ]'
  const isAny: Lets = ({ bearer, basic, key, query, cookie }) =>
    [bearer, key, query, cookie].includes(token) || isBasic(basic)
  const both = '[ { bearer: [], key: [], cookie: [] } ]'
  const isAll: Lets = ({ bearer, key, cookie }) => [bearer, key, cookie].every(each => each === token)
  const mixed = '[ { bearer: [], key: [] }, { bearer: [] } ]'

  it.each([
    ['one of several', either, isAny],
    ['all of several', both, isAll],
    ['one where another is needed only now and then', mixed, ({ bearer }) => bearer === token],
    ['a certificate beside a token', '[ { bearer: [], certificate: [] } ]', ({ bearer }) => bearer === token],
    ['what every request has', '[ { key: [] }, { bearer: [] } ]', () => true, { added: ['X-KEY'] }],
    ['no credentials, where they are optional', '[ {}, { bearer: [] } ]', () => true],
    ['a certificate', '[ { certificate: [] }, { bearer: [] } ]', () => true],
  ] as readonly [string, string, Lets, ContractOptions?][])('let in with %s are not accused', async (...row) => {
    const [, security, lets, options] = row
    expect((await ask(security, lets, { token, ...options })).says).toEqual([])
  })

  it.each<[string, string, Lets]>([
    ['everybody, where one of several is needed', either, () => true],
    ['every bearer', either, shown => isAny(shown) || shown.bearer !== undefined],
    ['every key in a field', either, shown => isAny(shown) || shown.key !== undefined],
    ['every key in the query', either, shown => isAny(shown) || shown.query !== undefined],
    ['every key in a cookie', either, shown => isAny(shown) || shown.cookie !== undefined],
    ['whoever leaves out the first of all', both, ({ key, cookie }) => key === token && cookie === token],
    ['whoever leaves out the second of all', both, ({ bearer, cookie }) => bearer === token && cookie === token],
    ['whoever leaves out the last of all', both, ({ bearer, key }) => bearer === token && key === token],
    ['every key beside a token', both, ({ bearer, key, cookie }) => !!key && bearer === token && cookie === token],
    ['everybody, where the query has the key', '[ { query: [] } ]', () => true],
    ['every key where the query has it', '[ { query: [] } ]', ({ query }) => query !== undefined],
  ])('that let in %s are noticed', async (_, security, lets) => {
    const { says } = await ask(security, lets, { token })
    expect(says[0]).toContain('which calls for 401')
  })

  it('are refused by their form where nobody has said which are right', async () => {
    const inForm: Lets = ({ bearer, key }) => bearer !== undefined || key !== undefined
    const open = '[ { bearer: [] }, { key: [] } ]'
    expect((await ask(open, inForm)).says).toEqual([])
    expect((await ask(open, () => true)).says[0]).toContain('answered 204 to no credentials')
  })

  it('that nobody looks at are told once for each place in the document that they break', async () => {
    const { says } = await ask('[ { bearer: [] } ]', () => true, { token })
    expect(says).toEqual([
      'make answered 204 to no credentials, which calls for 401',
      'make answered 204 to a wrong token, which calls for 401',
    ])
  })

  it('that need only be there are told once for all tokens', async () => {
    const { says } = await ask('[ { bearer: [] } ]', ({ bearer }) => bearer !== undefined, { token })
    expect(says).toEqual([
      'make answered 204 to a wrong token, which calls for 401',
      'make answered 204 to the token in quotes, which calls for 401',
    ])
  })

  it('that are known choose between alternatives, wherever they stand', async () => {
    const isBearer: Lets = ({ bearer }) => bearer === token
    const tokens = new Map([['bearer', token]])
    expect((await ask('[ { key: [] }, { bearer: [] } ]', isBearer, { tokens })).says).toEqual([])
    expect((await ask('[ {}, { key: [], bearer: [] }, { bearer: [] } ]', isBearer, { tokens })).says).toEqual([])
    const everyBearer: Lets = ({ bearer }) => bearer !== undefined
    expect((await ask('[ { key: [] }, { bearer: [] } ]', everyBearer, { tokens })).says[0]).toContain('a wrong bearer')
  })

  it('are sent of each scheme its own, and each is missed and spoilt by itself', async () => {
    const tokens = new Map([
      ['bearer', 'one'],
      ['key', 'two'],
    ])
    const security = '[ { bearer: [], key: [] } ]'
    const { says, asked } = await ask(security, ({ bearer, key }) => bearer === 'one' && key === 'two', { tokens })
    expect(says).toEqual([])
    expect(asked[0]).toBe('{"bearer":"one","key":"two"}')
    expect(asked).toContain('{"bearer":"one"}')
    expect((await ask(security, ({ bearer, key }) => bearer === 'one' && key !== undefined, { tokens })).says).toEqual([
      'make answered 204 to a wrong key, which calls for 401',
    ])
  })
})
