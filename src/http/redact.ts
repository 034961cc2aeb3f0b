import type { HttpRequest } from './message.ts'

/** Fields whose values are secrets wherever they are shown. */
const secret = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
  'api-key',
  'apikey',
])

/**
 * The same request with its secrets replaced by `$TOKEN`; the scheme of an Authorization field stays.
 *
 * @param names further header and query parameter names that carry credentials
 */
export function redact(request: HttpRequest, names: readonly string[] = []): HttpRequest {
  const hidden = new Set([...secret, ...names.map(name => name.toLowerCase())])
  const headers = request.headers.map((value, at) => {
    const name = at % 2 === 1 ? (request.headers[at - 1] as string).toLowerCase() : ''
    if (!hidden.has(name) || value === '') return value
    return name.endsWith('authorization') ? value.replace(/^(\S+ )?.*$/s, '$1$$TOKEN') : '$TOKEN'
  })
  const [path = '', query] = request.target.split('?', 2)
  if (query === undefined) return { ...request, headers }
  const pairs = query.split('&').map(pair => {
    const name = pair.split('=')[0] ?? ''
    return hidden.has(name.toLowerCase()) ? `${name}=$TOKEN` : pair
  })
  return { ...request, headers, target: `${path}?${pairs.join('&')}` }
}
