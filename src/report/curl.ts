import type { HttpRequest } from '../http/index.ts'

/**
 * A line for a POSIX shell that sends this request to `origin`.
 *
 * @param options further words for curl, such as `-k`
 */
export function curlLine(origin: string, request: HttpRequest, options: readonly string[] = []): string {
  const words = ['curl', '-i', ...options.map(quoteIfNeeded)]
  const hasBody = request.body.length > 0
  if (request.method === 'HEAD') words.push('--head')
  else if (request.method !== 'GET' || hasBody) words.push('-X', request.method)
  // Brackets and braces would be taken for ranges of addresses.
  if (/[[\]{}]/.test(request.target)) words.push('--globoff')
  words.push(quote(`${origin}${request.target}`))
  for (let at = 0; at < request.headers.length; at += 2) {
    const [name, value] = [request.headers[at], request.headers[at + 1]]
    // With a colon and nothing behind it, curl leaves the field out.
    words.push('-H', quote(value === '' ? `${name};` : `${name}: ${value}`))
  }
  if (hasBody) {
    const text = Buffer.from(request.body).toString('utf8')
    // -d would read the file that is named behind an @.
    words.push(text.startsWith('@') ? '--data-raw' : '-d', quote(text))
  }
  return words.join(' ')
}

function quoteIfNeeded(text: string): string {
  return /^[\w./:=@+-]+$/.test(text) ? text : quote(text)
}

/** Single quotes keep everything but themselves; a variable is left for the shell to put in. */
function quote(text: string): string {
  if (text.includes('$TOKEN')) return `"${text.replace(/["\\`]|\$(?!TOKEN\b)/g, '\\$&')}"`
  return `'${text.replaceAll("'", "'\\''")}'`
}
