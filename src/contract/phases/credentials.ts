import { type HttpRequest, withHeader, withoutHeader } from '../../http/index.ts'
import type { SecurityScheme } from '../../model/index.ts'
import { type Ask, type Ground, oneByOne, type Phase, refusal } from '../case.ts'
import { unlike } from '../thing.ts'

type Attempt = readonly [says: string, request: HttpRequest]

/** Looks like what many servers hand out, and is signed by nobody. */
const unsigned = 'eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJzdWIiOiJjb250cmF0byIsImV4cCI6NDEwMjQ0NDgwMH0.'

export const credentials: Phase<'credentials'> = {
  id: 'credentials',
  isLoose: true,
  says: 'missing, malformed and wrong credentials, which must be refused before the body is looked at',
  plan: ground => {
    const { operation, valid } = ground
    // One alternative that asks for nothing, or none at all, lets everybody in; of several, only the first is tried.
    if (operation.security.length !== 1) return oneByOne([], ground)
    const [scheme, ...others] = operation.security[0] ?? []
    const credential = scheme?.credential('')
    if (scheme === undefined || others.length > 0 || credential === undefined) return oneByOne([], ground)
    const attempts = credential.in === 'header' ? inHeader(ground, scheme, credential.name) : elsewhere(ground)
    const held = refusal(operation, ['401', '403'])
    const bare = attempts[0]?.[1] ?? valid
    const bad: Attempt[] =
      valid.body.length > 0 ? [['no credentials and a bad body', { ...bare, body: Buffer.from('{') }]] : []
    return oneByOne(
      [
        ...[...attempts, ...bad].map(([says, request]) => ({ says, request, ...held })),
        ...forNothing(ground, bare),
        ...byways(ground, bare),
      ],
      ground,
    )
  },
}

/** Nobody without credentials is to learn what there is. */
function forNothing({ operation, known, requestOf, isRefused }: Ground, bare: HttpRequest): Ask[] {
  const name = operation.parameters.findLast(({ in: place }) => place === 'path')?.name ?? ''
  const id = known.get(name)
  if (id === undefined) return []
  const { target } = requestOf(operation, new Map(known).set(name, unlike(id)))
  const request = { ...bare, target }
  if (isRefused(request)) return []
  return [
    { says: 'no credentials for a thing that is not there', request, ...refusal(operation, ['401', '403'], ['404']) },
  ]
}

/** Ways to the same operation that a server may have forgotten to guard. */
function byways({ operation, api }: Ground, bare: HttpRequest): Ask[] {
  const { method } = operation
  const refused = { expects: ['3XX', '4XX', '5XX'], outside: true }
  if (method === 'GET') {
    if (api.operations.some(other => other.method === 'HEAD' && other.path === operation.path)) return []
    return [{ says: 'HEAD without credentials', request: { ...bare, method: 'HEAD' }, ...refused }]
  }
  if (method === 'DELETE') return []
  const [path = '', ...query] = bare.target.split('?')
  const other = path.replace(/[a-z]+/, letters => letters.toUpperCase())
  const targets: readonly (readonly [string, string])[] = [
    ['a slash at its end', path.endsWith('/') ? path.slice(0, -1) : `${path}/`],
    ['two slashes at its beginning', `/${path}`],
    ['other letters', other],
  ]
  return targets.flatMap(([says, changed]) => {
    const target = [changed, ...query].join('?')
    if (changed === path || api.match(method, target).kind === 'found') return []
    return [{ says: `no credentials and a path with ${says}`, request: { ...bare, target }, ...refused }]
  })
}

function inHeader({ valid, token }: Ground, scheme: SecurityScheme, name: string): Attempt[] {
  const bare = withoutHeader(valid, name)
  const put = (says: string, value: string): Attempt => [says, withHeader(bare, name, value)]
  const none: Attempt[] = [['no credentials', bare], put(`an empty ${name}`, '')]
  if (scheme.challenge === undefined) return token === undefined ? none : [...none, ...loose(token, put)]
  const shown = scheme.credential('')?.value.trim() ?? 'Bearer'
  const malformed = [
    ...none,
    put('an unknown scheme', 'Contrato unknown'),
    put('a scheme without a token', `${shown} `),
    ...(shown === 'Bearer' ? [put('Basic credentials', 'Basic dXNlcjpwYXNzd29yZA==')] : []),
  ]
  // Which token is right is known only where one was given.
  if (token === undefined || shown !== 'Bearer') return malformed
  const separator = valid.target.includes('?') ? '&' : '?'
  const inQuery = (names: readonly string[]): Attempt => {
    const pairs = names.map(each => `${each}=${encodeURIComponent(token)}`).join('&')
    return [`the token in the query as ${names.join(', ')}`, { ...bare, target: `${valid.target}${separator}${pairs}` }]
  }
  const cookies = ['token', 'access_token', 'jwt'].map(each => `${each}=${encodeURIComponent(token)}`).join('; ')
  const keys = ['X-Api-Key', 'X-Access-Token', 'X-Auth-Token'].flatMap(each => [each, token])
  return [
    ...malformed,
    ...loose(token, (says, value) => put(says, `Bearer ${value}`)),
    put('an unsigned JWT', `Bearer ${unsigned}`),
    put('the token without a scheme', token),
    put('the token under another scheme', `Basic ${token}`),
    put('the token in quotes', `Bearer "${token}"`),
    put('undefined as the token', 'Bearer undefined'),
    put('null as the token', 'Bearer null'),
    inQuery(['access_token']),
    inQuery(['token']),
    inQuery(['api_key', 'apikey', 'apiKey', 'key', 'auth', 'jwt']),
    ['the token in a cookie', withHeader(bare, 'Cookie', cookies)],
    ['the token in other fields', { ...bare, headers: [...bare.headers, ...keys] }],
  ]
}

/** Credentials that resemble the right one. */
function loose(token: string, put: (says: string, value: string) => Attempt): Attempt[] {
  const swapped = token.replace(/\p{L}/gu, letter =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  )
  return [
    put('a wrong token', 'contrato-is-not-known-here'),
    put('the beginning of the token', token.slice(0, -1)),
    put('the end of the token', token.slice(1)),
    put('the token with more behind it', `${token}x`),
    put('the token with more before it', `x${token}`),
    ...(swapped === token ? [] : [put('the token in other case', swapped)]),
  ]
}

/** A key in the query or a cookie, left out. */
function elsewhere({ valid, operation }: Ground): Attempt[] {
  const credential = operation.security[0]?.[0]?.credential('')
  if (credential === undefined) return []
  if (credential.in === 'cookie') return [['no credentials', withoutHeader(valid, 'cookie')]]
  const [path, query = ''] = valid.target.split('?', 2)
  const rest = query
    .split('&')
    .filter(pair => pair !== '' && decodeURIComponent(pair.split('=')[0] ?? '') !== credential.name)
  return [['no credentials', { ...valid, target: rest.length === 0 ? `${path}` : `${path}?${rest.join('&')}` }]]
}
