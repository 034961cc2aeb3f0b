import { describe, expect, it } from 'vitest'
import type { CredentialOptions } from '../../src/model/index.ts'
import { apiOf, request } from '../kit/index.ts'

const schemes = `components:
  securitySchemes:
    bearer: { type: http, scheme: bearer }
    Bearer: { type: http, scheme: BEARER }
    basic: { type: http, scheme: basic }
    digest: { type: http, scheme: digest }
    oauth: { type: oauth2, flows: {} }
    oidc: { type: openIdConnect, openIdConnectUrl: 'https://example.com' }
    mtls: { type: mutualTLS }
    header: { type: apiKey, in: header, name: X-Key }
    query: { type: apiKey, in: query, name: key }
    cookie: { type: apiKey, in: cookie, name: session }
    x-key: { type: apiKey, in: header, name: X-Other-Key }
`

/** An operation with this security requirement, written as YAML. */
async function securedBy(security: string, options?: CredentialOptions) {
  const text = `paths: { /x: { get: { ${security} responses: { default: { description: D } } } } }\n${schemes}`
  const [operation] = (await apiOf(text, options)).operations
  if (operation === undefined) throw new Error('the text describes no operation')
  return operation
}

/** Why credentials are refused. */
async function refused(
  security: string,
  headers: Readonly<Record<string, string>> | readonly string[] = {},
  target = '/x',
  options?: CredentialOptions,
): Promise<string[]> {
  const operation = await securedBy(`security: ${security},`, options)
  const { faults } = operation.read(request(`GET ${target}`, { headers }), {})
  expect(faults.every(({ kind }) => kind === 'credentials')).toBe(true)
  return faults.map(({ reason }) => reason)
}

const authorization = (value: string) => ({ Authorization: value })

describe('a bearer token', () => {
  it.each([
    [{}, ['Authorization: is missing']],
    [authorization(''), ['Authorization: is empty']],
    [authorization('Bearer'), ['Authorization: has no token after Bearer']],
    [authorization('Bearer '), ['Authorization: has no token after Bearer']],
    [authorization('Basic YTpi'), ['Authorization: must use the Bearer scheme']],
    [authorization('s3cret'), ['Authorization: must use the Bearer scheme']],
    [authorization('Bearers abc'), ['Authorization: must use the Bearer scheme']],
    [authorization('Bearer\tabc'), ['Authorization: must use the Bearer scheme']],
    [authorization('Bearer a b'), ['Authorization: the token is malformed']],
    [authorization('Bearer "abc"'), ['Authorization: the token is malformed']],
    [authorization('Bearer tökén'), ['Authorization: the token is malformed']],
    [authorization('Bearer abc.DEF-1_2~3+4/5=='), []],
    [authorization('bearer abc'), []],
    [authorization('BEARER  abc'), []],
    [{ authorization: 'Bearer abc' }, []],
    [['Authorization', 'Bearer abc', 'Authorization', 'Bearer def'], ['Authorization: the token is malformed']],
  ])('from %j', async (headers, reasons) => {
    expect(await refused('[{ bearer: [] }]', headers)).toEqual(reasons)
    expect(await refused('[{ Bearer: [] }]', headers)).toEqual(reasons)
    expect(await refused('[{ oauth: [read] }]', headers)).toEqual(reasons)
    expect(await refused('[{ oidc: [] }]', headers)).toEqual(reasons)
  })

  it.each([
    ['Bearer right', []],
    ['bearer other', []],
    ['Bearer Right', ['Authorization: the token is not accepted']],
    ['Bearer righ', ['Authorization: the token is not accepted']],
    ['Bearer rightt', ['Authorization: the token is not accepted']],
  ])('must be one of those that are known: %s', async (value, reasons) => {
    expect(await refused('[{ bearer: [] }]', authorization(value), '/x', { bearer: ['right', 'other'] })).toEqual(
      reasons,
    )
  })

  it('is never repeated in a reason', async () => {
    for (const value of ['s3cret', 'Token s3cret', 'Bearer s3cret s3cret', 'Bearer s3cret']) {
      const reasons = await refused('[{ bearer: [] }]', authorization(value), '/x', { bearer: ['right'] })
      expect(reasons.join()).not.toContain('s3cret')
      expect(reasons).toHaveLength(1)
    }
  })
})

describe('other credentials', () => {
  it.each([
    ['basic', {}, ['Authorization: is missing']],
    ['basic', authorization('Basic'), ['Authorization: has no credentials after Basic']],
    ['basic', authorization('Basic YTpi'), []],
    ['basic', authorization('basic YTo='), []],
    ['basic', authorization('Basic YWI='), ['Authorization: must carry base64 of user:password']],
    ['basic', authorization('Basic a:b'), ['Authorization: must carry base64 of user:password']],
    ['digest', authorization('Digest username="a", realm="b", nonce="c", uri="/x", response="d"'), []],
    [
      'digest',
      authorization('Digest username="a", realm="b"'),
      ['Authorization: must carry username, realm, nonce, uri, response of Digest'],
    ],
    ['digest', authorization('Bearer x'), ['Authorization: must use the Digest scheme']],
    ['header', {}, ['X-Key (header): is missing']],
    ['header', { 'x-key': ' ' }, ['X-Key (header): is empty']],
    ['header', { 'x-key': 'k' }, []],
    ['cookie', {}, ['session (cookie): is missing']],
    ['cookie', { Cookie: 'a=1; session=' }, ['session (cookie): is empty']],
    ['cookie', { Cookie: 'sessions=1' }, ['session (cookie): is missing']],
    ['cookie', { Cookie: 'a=1; session=s' }, []],
    ['x-key', {}, ['X-Other-Key (header): is missing']],
    ['mtls', {}, []],
  ])('as %s, from %j', async (scheme, headers, reasons) => {
    expect(await refused(`[{ ${scheme}: [] }]`, headers)).toEqual(reasons)
  })

  it.each([
    ['/x', ['key (query): is missing']],
    ['/x?key=', ['key (query): is empty']],
    ['/x?Key=k', ['key (query): is missing']],
    ['/x?a=1&key=k', []],
  ])('in the query, from %s', async (target, reasons) => {
    expect(await refused('[{ query: [] }]', {}, target)).toEqual(reasons)
  })
})

describe('of several requirements', () => {
  it.each([
    [
      'all of one are needed',
      '[{ header: [], query: [] }]',
      {},
      ['X-Key (header): is missing', 'key (query): is missing'],
    ],
    ['one of them is missing', '[{ header: [], query: [] }]', { 'X-Key': 'k' }, ['key (query): is missing']],
    ['one alternative is enough', '[{ bearer: [] }, { header: [] }]', { 'X-Key': 'k' }, []],
    ['the closest is told', '[{ header: [], query: [] }, { bearer: [] }]', {}, ['Authorization: is missing']],
    ['none is needed when one is empty', '[{ bearer: [] }, {}]', {}, []],
    ['none is needed when there is none', '[]', {}, []],
  ])('%s', async (_, security, headers, reasons) => {
    expect(await refused(security, headers)).toEqual(reasons)
  })

  it('that of the document holds where the operation has none', async () => {
    const text = `security: [{ header: [] }]
paths:
  /closed: { get: { responses: { default: { description: D } } } }
  /open: { get: { security: [], responses: { default: { description: D } } } }
${schemes}`
    const api = await apiOf(text)
    const [closed, open] = api.operations
    expect(closed?.read(request('GET /closed'), {}).faults).toHaveLength(1)
    expect(open?.read(request('GET /open'), {}).faults).toEqual([])
  })
})

describe('a scheme', () => {
  it.each([
    ['bearer', 'Bearer realm="contrato"', { in: 'header', name: 'Authorization', value: 'Bearer t' }],
    ['basic', 'Basic realm="contrato"', { in: 'header', name: 'Authorization', value: 'Basic dA==' }],
    ['oauth', 'Bearer realm="contrato"', { in: 'header', name: 'Authorization', value: 'Bearer t' }],
    ['header', undefined, { in: 'header', name: 'X-Key', value: 't' }],
    ['query', undefined, { in: 'query', name: 'key', value: 't' }],
    ['cookie', undefined, { in: 'cookie', name: 'session', value: 't' }],
    ['mtls', undefined, undefined],
  ])('knows its challenge and where a token of it goes: %s', async (name, challenge, credential) => {
    const { security } = await securedBy(`security: [{ ${name}: [] }],`)
    const scheme = security[0]?.[0]
    expect(scheme).toMatchObject({ name, challenge, pointer: `#/components/securitySchemes/${name}` })
    expect(scheme?.credential('t')).toEqual(credential)
  })
})

it('nothing else is said of a request without credentials', async () => {
  const operation = await securedBy(
    'security: [{ bearer: [] }], parameters: [{ name: n, in: query, required: true, schema: { type: integer } }],',
  )
  expect(operation.read(request('GET /x?n=a'), {}).faults.map(({ reason }) => reason)).toEqual([
    'Authorization: is missing',
  ])
})

describe('what the document does not describe', () => {
  it('leaves an operation closed to those without an Authorization field', async () => {
    expect(await refused('[{ nobody: [] }]')).toEqual([
      'Authorization: is missing (the document does not describe the security scheme "nobody")',
    ])
    expect(await refused('[{ nobody: [] }]', authorization('Whatever x'))).toEqual([])
    expect(await refused('[{ nobody: [] }, {}]')).toEqual([])
  })

  it('as a schema that cannot be used leaves credentials to be checked', async () => {
    const api = await apiOf(`paths:
  /x:
    post:
      security: [{ bearer: [] }]
      parameters: [{ name: q, in: query, schema: { type: string, pattern: '(' } }]
      requestBody: { content: { application/json: { schema: { type: string, pattern: '(' } } } }
      responses: { default: { description: D } }
${schemes}`)
    const [operation] = api.operations
    const sent = (headers: Record<string, string>) =>
      operation?.read(request('POST /x?q=1', { headers, body: '"a"' }), {})
    expect(sent({})?.faults).toMatchObject([{ kind: 'credentials' }])
    const reading = sent(authorization('Bearer x'))
    expect(reading).toMatchObject({ faults: [], body: 'a' })
    expect(reading?.unusable).toHaveLength(2)
  })
})
