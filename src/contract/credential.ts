import { type HttpRequest, headerOf, withHeader, withoutHeader } from '../http/index.ts'
import { percentEncoded, type SecurityScheme } from '../model/index.ts'

type Credential = NonNullable<ReturnType<SecurityScheme['credential']>>

/** The request with one credential more, in the place where the document wants it. */
export function withCredential(request: HttpRequest, { in: place, name, value }: Credential): HttpRequest {
  if (place === 'header') return withHeader(withoutHeader(request, name), name, value)
  const bare = without(request, { in: place, name })
  if (place === 'cookie') return withCookies(bare, [...cookiesIn(bare), `${name}=${value}`])
  const separator = bare.target.includes('?') ? '&' : '?'
  return { ...bare, target: `${bare.target}${separator}${percentEncoded(name)}=${percentEncoded(value)}` }
}

/** The request without any of the credentials that these schemes want. */
export function withoutCredentials(request: HttpRequest, schemes: readonly SecurityScheme[]): HttpRequest {
  return schemes
    .flatMap(scheme => scheme.credential('') ?? [])
    .reduce((rest: HttpRequest, credential) => without(rest, credential), request)
}

function without(request: HttpRequest, { in: place, name }: Pick<Credential, 'in' | 'name'>): HttpRequest {
  if (place === 'header') return withoutHeader(request, name)
  if (place === 'cookie')
    return withCookies(
      request,
      cookiesIn(request).filter(each => !each.startsWith(`${name}=`)),
    )
  const [path = '', query = ''] = request.target.split('?', 2)
  const rest = query.split('&').filter(pair => pair !== '' && decoded(pair.split('=')[0] ?? '') !== name)
  return { ...request, target: rest.length === 0 ? path : `${path}?${rest.join('&')}` }
}

function cookiesIn({ headers }: HttpRequest): string[] {
  return (headerOf(headers, 'cookie') ?? '').split(/;\s*/).filter(pair => pair !== '')
}

function withCookies(request: HttpRequest, pairs: readonly string[]): HttpRequest {
  const bare = withoutHeader(request, 'cookie')
  return pairs.length === 0 ? bare : withHeader(bare, 'Cookie', pairs.join('; '))
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
