import type { HttpRequest } from '../http/index.ts'
import { plainText, printed, writing } from './shell.ts'

export type CurlOptions = { readonly words?: readonly string[]; readonly variables?: readonly string[] }

/** What curl leaves out of an address (a fragment), refuses (blanks, raw letters) or resolves (dots): it is given as it is. */
const changed = /[#\s<>"`^|\\]|[^!-~]|\/\.{1,2}(?:[/?]|$)/

/**
 * A line for a POSIX shell that sends this request to `origin`.
 *
 * @param options.words further words for curl, such as `-k`
 * @param options.variables names of variables that the shell is to put in where `$NAME` stands
 */
export function curlLine(origin: string, request: HttpRequest, options: CurlOptions = {}): string {
  const { words: more = [], variables = ['TOKEN'] } = options
  const words = ['curl', '-i', ...more.map(quoteIfNeeded)]
  const quote = (text: string): string => quoted(text, variables)
  const hasBody = request.body.length > 0
  if (request.method === 'HEAD') words.push('--head')
  else if (request.method !== 'GET' || hasBody) words.push('-X', request.method)
  // Brackets and braces would be taken for ranges of addresses.
  if (/[[\]{}]/.test(request.target)) words.push('--globoff')
  if (changed.test(request.target)) {
    const { host, pathname } = new URL(origin)
    words.push('--request-target', quote(`${pathname.replace(/\/$/, '')}${request.target}`))
    words.push(quote(`${new URL(origin).protocol}//${host}/`))
  } else words.push(quote(`${origin}${request.target}`))
  for (let at = 0; at < request.headers.length; at += 2) {
    const [name, value] = [request.headers[at], request.headers[at + 1]]
    // With a colon and nothing behind it, curl leaves the field out.
    const field = value?.trim() === '' ? `${name};` : `${name}: ${value}`
    // Node writes letters beyond ASCII as one byte each.
    words.push('-H', /^[ -~]*$/.test(field) ? quote(field) : printed(Buffer.from(field, 'latin1')))
  }
  if (!hasBody) return words.join(' ')
  // Of itself curl calls every body a form.
  if (!request.headers.some((name, at) => at % 2 === 0 && name.toLowerCase() === 'content-type'))
    words.push('-H', quote('Content-Type:'))
  const text = plainText(request.body)
  if (text === undefined) return [writing(request.body), '|', ...words, '--data-binary', '@-'].join(' ')
  // -d would read the file that is named behind an @.
  words.push(text.startsWith('@') ? '--data-raw' : '-d', quote(text))
  return words.join(' ')
}

function quoteIfNeeded(text: string): string {
  return /^[\w./:=@+-]+$/.test(text) ? text : quoted(text, [])
}

/** Single quotes keep everything but themselves; a variable is left for the shell to put in. */
function quoted(text: string, variables: readonly string[]): string {
  const names = variables.filter(name => /^\w+$/.test(name)).join('|')
  const put = new RegExp(`\\$(?:${names})\\b`)
  // Somebody who types it into bash would get an old command in the place of !$; in single quotes it stays.
  if (names !== '' && put.test(text))
    return `"${text.replace(new RegExp(`["\\\\\`]|\\$(?!(?:${names})\\b)`, 'g'), '\\$&').replaceAll('!', `"'!'"`)}"`
  return `'${text.replaceAll("'", "'\\''")}'`
}
