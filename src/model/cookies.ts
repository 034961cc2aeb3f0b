import { type HttpRequest, headerOf } from '../http/index.ts'

/** The values of a cookie. Source: RFC 6265, section 4.2.1. */
export function cookiesOf(request: HttpRequest, name: string): string[] {
  const header = headerOf(request.headers, 'cookie') ?? ''
  return header
    .split(';')
    .map(pair => pair.trim())
    .filter(pair => pair.startsWith(`${name}=`))
    .map(pair => pair.slice(name.length + 1))
}
