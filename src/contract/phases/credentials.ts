import { type HttpRequest, withHeader, withoutHeader } from '../../http/index.ts'
import type { SecurityScheme } from '../../model/index.ts'
import { type Ground, oneByOne, type Phase, refusal } from '../case.ts'

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
      [...attempts, ...bad].map(([says, request]) => ({ says, request, ...held })),
      ground,
    )
  },
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
  const inQuery = (name: string): Attempt => {
    const separator = valid.target.includes('?') ? '&' : '?'
    const target = `${valid.target}${separator}${name}=${encodeURIComponent(token)}`
    return [`the token in the query as ${name}`, { ...bare, target }]
  }
  return [
    ...malformed,
    ...loose(token, (says, value) => put(says, `Bearer ${value}`)),
    put('an unsigned JWT', `Bearer ${unsigned}`),
    put('the token without a scheme', token),
    put('the token under another scheme', `Basic ${token}`),
    inQuery('access_token'),
    inQuery('token'),
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
    put('the token with more behind it', `${token}x`),
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
