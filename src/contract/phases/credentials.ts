import { type HttpRequest, headerOf, noBytes, withHeader, withoutHeader } from '../../http/index.ts'
import { type Api, type Operation, percentEncoded, type SecurityScheme } from '../../model/index.ts'
import { type Ask, type Ground, oneByOne, type Phase, refusal, type Steps, successes } from '../case.ts'
import { withCredential, withoutCredentials } from '../credential.ts'
import { isGood } from '../journey/way.ts'
import { withMember } from '../text.ts'
import { unlikes } from '../thing.ts'
import { resembling, unwieldy, wrong } from '../tokens.ts'

type Attempt = readonly [says: string, request: HttpRequest]

/** Looks like what many servers hand out, and is signed by nobody. */
const unsigned = 'eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJzdWIiOiJjb250cmF0byIsImV4cCI6NDEwMjQ0NDgwMH0.'

export const credentials: Phase<'credentials'> = {
  id: 'credentials',
  isLoose: true,
  says: 'missing, malformed and wrong credentials, which must be refused before the body is looked at',
  *plan(ground) {
    const { operation, valid } = ground
    const { security } = operation
    // Nobody is refused where nothing is asked for, or nothing but what comes with every request.
    if (security.length === 0 || security.some(schemes => wantedOf(ground, schemes).length === 0)) return
    const bare = withoutCredentials(valid, security.flat())
    const [scheme, ...others] = wantedOf(ground, security[0] ?? [])
    const isOne = scheme !== undefined && security.length === 1 && others.length === 0
    const attempts = isOne ? alone(ground, scheme, bare) : ofMany(ground, bare)
    const held = refusal(operation, ['401', '403'])
    const asks = [
      ...[...attempts, inside(bare, security.flat())].map(([says, request]) => ({ says, request, ...held })),
      ...badBodies(ground, bare),
      ...(isOne ? extremes(ground, scheme, bare) : []),
      ...forNothing(ground, bare),
      ...unusual(ground, bare),
      ...byways(ground, bare),
    ]
    yield* broadestFirst(asks, ground)
    yield* oneByOne(headAlone(ground, bare), ground)
  },
}

/** Who takes these takes whatever comes, for one and the same reason. */
const broadest = ['no credentials', 'a wrong token']

/** Asks first what most servers refuse: where it is accepted, all that is accepted after it has the same cause. */
function* broadestFirst(asks: readonly Ask[], ground: Ground): Steps {
  let left = asks
  for (const says of broadest) {
    const first = left.find(ask => ask.says === says)
    if (first === undefined) continue
    const [exchange] = yield [{ ...first, cause: says }]
    left = left.filter(ask => ask !== first)
    if (!isGood(exchange)) continue
    yield* oneByOne(
      left.map(ask => (isRefusal(ask) && isAlike(ask.request, first.request) ? { ...ask, cause: says } : ask)),
      ground,
    )
    return
  }
  yield* oneByOne(left, ground)
}

function isRefusal({ expects }: Ask): boolean {
  return expects.length > 0 && expects.every(code => !/^[2D]/.test(code))
}

/** Whether a request has all fields that another one has, which is taken whatever is in them. */
function isAlike({ headers }: HttpRequest, other: HttpRequest): boolean {
  return other.headers.every((name, at) => at % 2 === 1 || headerOf(headers, name) !== undefined)
}

/** Whatever is wrong with the body, who has no credentials is told that first. */
function badBodies({ operation, valid }: Ground, bare: HttpRequest): Ask[] {
  if (valid.body.length === 0) return []
  const held = refusal(operation, ['401', '403'])
  const typed = withHeader(withoutHeader(bare, 'content-type'), 'Content-Type', 'text/plain')
  return [
    { says: 'no credentials and a bad body', request: { ...bare, body: Buffer.from('{') }, ...held },
    { says: 'no credentials and no bytes in the body', request: { ...bare, body: noBytes }, ...held },
    {
      says: 'no credentials and a body that is no UTF-8',
      request: { ...bare, body: Buffer.concat([Buffer.from(valid.body), Buffer.from([0xff])]) },
      ...held,
    },
    // Some choose what answers by the type; then it is to be documented.
    {
      says: 'no credentials and another Content-Type',
      request: typed,
      ...refusal(operation, ['401', '403'], ['415']),
    },
  ]
}

/** One token that no server may stumble over, and the right one behind its scheme in small letters. */
function extremes(ground: Ground, scheme: SecurityScheme, bare: HttpRequest): Ask[] {
  const { operation, tokenOf } = ground
  const token = tokenOf(scheme)
  const credential = scheme.credential('')
  if (token === undefined || credential?.in !== 'header' || !credential.value.startsWith('Bearer')) return []
  const refused = { expects: ['4XX'], outside: true }
  const long = withHeader(bare, credential.name, `Bearer ${unwieldy}`)
  const asks: Ask[] = [{ says: 'a token of 2,000 letters, some beyond ASCII', request: long, ...refused }]
  // A thing can be removed once.
  if (operation.method === 'DELETE') return asks
  // Source: RFC 9110, section 11.1.
  const small = withHeader(bare, credential.name, `bearer ${token}`)
  const says = 'the scheme of the credentials in small letters'
  return [...asks, { says, request: small, expects: successes(ground), isSuggested: true }]
}

/** Ids that the pattern of a guard may have forgotten; whether there is such a thing may be looked at first. */
function unusual({ operation, known, given, valid, requestOf, isRefused }: Ground, bare: HttpRequest): Ask[] {
  const names = operation.parameters.filter(({ in: place, name }) => place === 'path' && !given.has(name))
  const ids = names.map(({ name }) => [name, 'odd id-ü'] as const)
  const made = { ...requestOf(operation, new Map([...known, ...ids])), body: valid.body }
  if (ids.length === 0 || isRefused(made)) return []
  const { target } = withoutCredentials(made, operation.security.flat())
  const held = refusal(operation, ['401', '403'], ['400', '404', '422'])
  return [{ says: 'no credentials and unusual ids in the path', request: { ...bare, target }, ...held }]
}

/** Who says so is trusted by some servers, be it that they were only meant to while they were written. */
const disguise = [
  ...['X-Forwarded-For', '127.0.0.1', 'X-Real-IP', '127.0.0.1', 'Forwarded', 'for=127.0.0.1'],
  ...['X-Forwarded-Host', 'localhost', 'X-Forwarded-User', 'admin', 'X-Remote-User', 'admin', 'X-User-Id', '1'],
  ...['X-Internal', 'true', 'User-Agent', 'ELB-HealthChecker/2.0', 'Accept', 'application/json'],
  ...['X-Requested-With', 'XMLHttpRequest', 'Origin', 'http://localhost:3000', 'Referer', 'http://localhost:3000/'],
]

/** As a page of the machine itself asks, apart from the fields that carry a credential here. */
function inside(bare: HttpRequest, schemes: readonly SecurityScheme[]): Attempt {
  const wanted = new Set(schemes.flatMap(scheme => scheme.credential('')?.name.toLowerCase() ?? []))
  const free = disguise.filter((_, at) => !wanted.has((disguise[at - (at % 2)] ?? '').toLowerCase()))
  return ['no credentials, as if from the machine itself', { ...bare, headers: [...bare.headers, ...free] }]
}

/** Schemes whose credentials a case can leave out: no message shows a certificate, and some fields are always added. */
export function wantedOf({ added }: Pick<Ground, 'added'>, schemes: readonly SecurityScheme[]): SecurityScheme[] {
  return schemes.filter(scheme => {
    const credential = scheme.credential('')
    return credential !== undefined && !(credential.in === 'header' && added.has(credential.name.toLowerCase()))
  })
}

/** Where one scheme is all that is wanted. */
function alone(ground: Ground, scheme: SecurityScheme, bare: HttpRequest): Attempt[] {
  const credential = scheme.credential('')
  if (credential?.in === 'header') return inHeader(ground, scheme, credential.name, bare)
  return [['no credentials', bare], ...broken(ground, scheme, bare)]
}

/**
 * Of several alternatives, each with one of its credentials missing, empty, malformed or wrong; the others are not there.
 * What is right for another alternative by its form is not sent: it may be accepted.
 */
function ofMany(ground: Ground, bare: HttpRequest): Attempt[] {
  const { operation, tokenOf } = ground
  const attempts = operation.security.flatMap(alternative => {
    const schemes = wantedOf(ground, alternative)
    return schemes.flatMap(scheme => {
      const rest = schemes.filter(other => other !== scheme)
      const beside = rest.reduce((request, other) => given(request, other, tokenOf(other) ?? 'contrato'), bare)
      // What is left may be all that another alternative wants.
      if (!isStranger(ground, beside)) return []
      const missing: Attempt[] = rest.length === 0 ? [] : [[`no ${scheme.name} beside ${namesOf(rest)}`, beside]]
      return [...missing, ...broken(ground, scheme, beside)]
    })
  })
  const seen = new Set<string>()
  const isNew = ([, { target, headers }]: Attempt): boolean => {
    const key = JSON.stringify([target, headers])
    return !seen.has(key) && seen.add(key) !== undefined
  }
  const isWrong = ([says, request]: Attempt): boolean => says.startsWith('a wrong ') || isStranger(ground, request)
  return [['no credentials', bare] as const, ...attempts].filter(isWrong).filter(isNew)
}

function namesOf(schemes: readonly SecurityScheme[]): string {
  return schemes.map(({ name }) => name).join(' and ')
}

/** A request with the credential of a scheme as {@link exampleRequest} writes it. */
function given(request: HttpRequest, scheme: SecurityScheme, token: string): HttpRequest {
  const isPair = scheme.challenge?.startsWith('Basic') === true && !token.includes(':')
  const credential = scheme.credential(isPair ? `user:${token}` : token)
  return credential === undefined ? request : withCredential(request, credential)
}

/** One credential, spoilt. */
function broken({ tokenOf }: Ground, scheme: SecurityScheme, bare: HttpRequest): Attempt[] {
  const credential = scheme.credential('')
  if (credential === undefined) return []
  const put = (value: string): HttpRequest => withCredential(bare, { ...credential, value })
  const { name, challenge } = scheme
  const empty: Attempt = [`an empty ${credential.name}`, put('')]
  const malformed: Attempt[] =
    challenge === undefined
      ? []
      : [
          ['an unknown scheme', put('Contrato unknown')],
          [`${name} without a token`, put(`${credential.value.trim()} `)],
        ]
  // Which credentials are right is known only where one was given, and of Basic nobody says for which user.
  const isToken = challenge === undefined || challenge.startsWith('Bearer')
  const unknown: Attempt[] =
    tokenOf(scheme) === undefined || !isToken ? [] : [[`a wrong ${name}`, given(bare, scheme, wrong)]]
  return [empty, ...malformed, ...unknown]
}

/** Whether no alternative takes the credentials of the request, be it by their form alone. */
function isStranger({ api, operation }: Ground, request: HttpRequest): boolean {
  const match = api.lead(request)
  const params = match.kind === 'found' ? match.params : {}
  return operation.read(request, params).faults.some(({ kind }) => kind === 'credentials')
}

/** Nobody without credentials is to learn what there is. */
function forNothing({ operation, known, requestOf, isRefused }: Ground, bare: HttpRequest): Ask[] {
  const name = operation.parameters.findLast(({ in: place }) => place === 'path')?.name ?? ''
  const id = known.get(name)
  if (id === undefined) return []
  const { target } = withoutCredentials(
    requestOf(operation, new Map(known).set(name, unlikes(id)[0] ?? id)),
    operation.security.flat(),
  )
  const request = { ...bare, target }
  if (isRefused(request)) return []
  return [
    { says: 'no credentials for a thing that is not there', request, ...refusal(operation, ['401', '403'], ['404']) },
  ]
}

/** What is refused, as a request for nothing that the document describes. */
const refused = { expects: ['3XX', '4XX', '5XX'], outside: true }

/** Who may not read is not told how long it would be. */
function headAlone({ operation, api }: Ground, bare: HttpRequest): Ask[] {
  const isDescribed = api.operations.some(other => other.method === 'HEAD' && other.path === operation.path)
  if (operation.method !== 'GET' || isDescribed) return []
  return [{ says: 'HEAD without credentials', request: { ...bare, method: 'HEAD' }, ...refused }]
}

/** Ways to the same operation that a server may have forgotten to guard. */
function byways({ operation, api }: Ground, bare: HttpRequest): Ask[] {
  const { method } = operation
  if (method === 'DELETE' || method === 'GET') return []
  const [path = '', ...query] = bare.target.split('?')
  const other = path.replace(/[a-z]+/, letters => letters.toUpperCase())
  const targets: readonly (readonly [string, string])[] = [
    ['a slash at its end', path.endsWith('/') ? path.slice(0, -1) : `${path}/`],
    ['two slashes at its beginning', `/${path}`],
    ['an encoded slash', path.replace(/(?<=.)\/(?=[^/]+$)/, '%2F')],
    ['other letters', other],
  ]
  return targets.flatMap(([says, changed]) => {
    const target = [changed, ...query].join('?')
    if (changed === path || api.match(method, target).kind === 'found') return []
    return [{ says: `no credentials and a path with ${says}`, request: { ...bare, target }, ...refused }]
  })
}

function inHeader(ground: Ground, scheme: SecurityScheme, name: string, bare: HttpRequest): Attempt[] {
  const { valid, tokenOf, operation, api } = ground
  const token = tokenOf(scheme)
  const put = (says: string, value: string): Attempt => [says, withHeader(bare, name, value)]
  const none: Attempt[] = [['no credentials', bare], put(`an empty ${name}`, '')]
  const separator = valid.target.includes('?') ? '&' : '?'
  const inQuery = (names: readonly string[]): Attempt => {
    const pairs = names.map(each => `${each}=${percentEncoded(token ?? '')}`).join('&')
    return [`the token in the query as ${names.join(', ')}`, { ...bare, target: `${valid.target}${separator}${pairs}` }]
  }
  if (scheme.challenge === undefined) {
    if (token === undefined) return none
    const bearer = withHeader(bare, 'Authorization', `Bearer ${token}`)
    const elsewhere: Attempt[] = [
      inQuery([...new Set([name, 'api_key', 'apikey', 'apiKey', 'key', 'token'])]),
      ['the token in a cookie', withHeader(bare, 'Cookie', `${name}=${percentEncoded(token)}`)],
    ]
    // Where the field itself is Authorization, this may be what is right.
    const asBearer: Attempt[] =
      name.toLowerCase() === 'authorization' ? [] : [['the token as a bearer in Authorization', bearer]]
    return [...none, ...loose(token, put), ...elsewhere, ...asBearer]
  }
  const shown = scheme.credential('')?.value.trim() ?? 'Bearer'
  const malformed = [
    ...none,
    put('an unknown scheme', 'Contrato unknown'),
    put('a scheme without a token', `${shown} `),
    ...(shown === 'Bearer' ? [put('Basic credentials', 'Basic dXNlcjpwYXNzd29yZA==')] : []),
  ]
  // Which token is right is known only where one was given.
  if (token === undefined || shown !== 'Bearer') return malformed
  const cookies = ['token', 'access_token', 'jwt'].map(each => `${each}=${percentEncoded(token)}`).join('; ')
  const keys = ['X-Api-Key', 'X-Access-Token', 'X-Auth-Token', 'X-Token'].flatMap(each => [each, token])
  const others = ['Proxy-Authorization', 'X-Authorization', 'X-Forwarded-Authorization']
  const behind = others.flatMap(each => [each, `Bearer ${token}`])
  return [
    ...malformed,
    ...loose(token, (says, value) => put(says, `Bearer ${value}`)),
    put('an unsigned JWT', `Bearer ${unsigned}`),
    put('the token without a scheme', token),
    put('the token right behind the scheme', `Bearer${token}`),
    put('the token under another scheme', `Basic ${token}`),
    put('the token as user and password', `Basic ${Buffer.from(`${token}:${token}`).toString('base64')}`),
    put('the token in quotes', `Bearer "${token}"`),
    put('the token with a word behind it', `Bearer ${token} contrato`),
    put('the token behind other credentials', `Basic dXNlcjpwYXNzd29yZA==, Bearer ${token}`),
    ...(isWorthMore(operation, api) ? otherSchemes(token, put) : []),
    put('undefined as the token', 'Bearer undefined'),
    put('null as the token', 'Bearer null'),
    inQuery(['access_token']),
    inQuery(['token']),
    inQuery(['api_key', 'apikey', 'apiKey', 'key', 'auth', 'jwt']),
    ['the token in a cookie', withHeader(bare, 'Cookie', cookies)],
    ['the token in other fields', { ...bare, headers: [...bare.headers, ...keys] }],
    ['the token in fields that resemble it', { ...bare, headers: [...bare.headers, ...behind] }],
    ...inBody(valid, token, bare),
  ]
}

/** The token as a member of the body. Source: RFC 6750, section 2.2, where forms may have it. */
function inBody({ body }: HttpRequest, token: string, bare: HttpRequest): Attempt[] {
  const members = ['access_token', 'token'].map(name => `${JSON.stringify(name)}:${JSON.stringify(token)}`)
  const written = withMember(Buffer.from(body).toString(), members.join(','))
  return written === undefined ? [] : [['the token in the body', { ...bare, body: Buffer.from(written) }]]
}

/** What changes something is worth guarding most; one guard for all shows there too. */
function isWorthMore({ method }: Operation, { operations }: Api): boolean {
  return method !== 'GET' || operations.every(other => other.method === 'GET')
}

/** The right token where a scheme or a coding of it is not looked at closely. */
function otherSchemes(token: string, put: (says: string, value: string) => Attempt): Attempt[] {
  return [
    put('the token under the scheme Token', `Token ${token}`),
    put('the token under a scheme that ends with the right one', `XBearer ${token}`),
    put('the token with its scheme twice', `Bearer Bearer ${token}`),
    put('the token in base64', `Bearer ${Buffer.from(token).toString('base64')}`),
  ]
}

/** Credentials that resemble the right one. */
function loose(token: string, put: (says: string, value: string) => Attempt): Attempt[] {
  return [put('a wrong token', wrong), ...resembling(token).map(([says, text]) => put(says, text))]
}
