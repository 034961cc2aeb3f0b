import { type Headers, type HttpRequest, type HttpResponse, headerOf, noBytes } from '../http/index.ts'

/** Fields a script may always read. Source: Fetch standard, "CORS-safelisted response-header name". */
const safelisted = new Set([
  'cache-control',
  'content-language',
  'content-length',
  'content-type',
  'expires',
  'last-modified',
  'pragma',
])

/**
 * The answer to OPTIONS: a preflight is granted to any origin, since this server exists to be called from pages under
 * development; without one it lists the methods. A method that the document does not have is let through too, so that the
 * page gets to see the 405 which says so. Source: Fetch standard, section 3.3 (CORS protocol).
 */
export function answerOptions(request: HttpRequest, allow: readonly string[]): HttpResponse {
  const origin = headerOf(request.headers, 'origin')
  const method = headerOf(request.headers, 'access-control-request-method')
  const methods = allow.join(', ')
  if (origin === undefined || method === undefined) return { status: 204, headers: ['allow', methods], body: noBytes }
  const headers = [
    'allow',
    methods,
    ...sharedWith(origin),
    'access-control-allow-methods',
    allow.includes(method) ? methods : [...allow, method].join(', '),
    'access-control-max-age',
    '600',
  ]
  const wanted = headerOf(request.headers, 'access-control-request-headers')
  if (wanted !== undefined) headers.push('access-control-allow-headers', wanted)
  if (headerOf(request.headers, 'access-control-request-private-network') === 'true')
    headers.push('access-control-allow-private-network', 'true')
  return { status: 204, headers, body: noBytes }
}

/** The same answer, readable by the page that asked. With credentials the origin has to be named; `*` would not do. */
export function share(request: HttpRequest, response: HttpResponse): HttpResponse {
  const origin = headerOf(request.headers, 'origin')
  if (origin === undefined) return response
  const exposed = namesOf(response.headers).filter(name => !safelisted.has(name) && !name.startsWith(controlled))
  const headers = [...withoutControl(response.headers), ...sharedWith(origin)]
  if (exposed.length > 0) headers.push('access-control-expose-headers', exposed.join(', '))
  return { ...response, headers }
}

/** Fields of the protocol itself; sent twice, a browser takes neither. */
const controlled = 'access-control-'

/** A document may describe the fields of the real server; here this server speaks for itself. */
function withoutControl(headers: Headers): Headers {
  if (!namesOf(headers).some(name => name.startsWith(controlled))) return headers
  return headers.filter((_, at) => !headers[at - (at % 2)]?.toLowerCase().startsWith(controlled))
}

function sharedWith(origin: string): string[] {
  return ['access-control-allow-origin', origin, 'access-control-allow-credentials', 'true', 'vary', 'Origin']
}

function namesOf(headers: Headers): string[] {
  return headers.filter((_, at) => at % 2 === 0).map(name => name.toLowerCase())
}
