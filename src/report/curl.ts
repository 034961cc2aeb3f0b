import type { HttpRequest } from '../http/index.ts'

/** A line for a POSIX shell that sends this request to `origin`. */
export function curlLine(origin: string, request: HttpRequest): string {
  const words = ['curl', '-i']
  if (request.method !== 'GET') words.push('-X', request.method)
  words.push(quote(`${origin}${request.target}`))
  for (let at = 0; at < request.headers.length; at += 2) {
    words.push('-H', quote(`${request.headers[at]}: ${request.headers[at + 1]}`))
  }
  if (request.body.length > 0) words.push('-d', quote(Buffer.from(request.body).toString('utf8')))
  return words.join(' ')
}

/** Single quotes keep everything but themselves; a variable is left for the shell to put in. */
function quote(text: string): string {
  if (text.includes('$TOKEN')) return `"${text.replace(/["\\`]/g, '\\$&')}"`
  return `'${text.replaceAll("'", "'\\''")}'`
}
