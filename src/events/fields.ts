import { type Headers, type HttpRequest, headerOf } from '../http/index.ts'
import type { Profile } from './profiles/index.ts'

/**
 * A request with the header fields of a profile, which stand in the place of those that the document describes by the same
 * names: a receiver that got two signatures could verify neither.
 */
export function withFields(request: HttpRequest, fields: Headers, profile: Profile): HttpRequest {
  const added = asStated(fields, request.headers, profile)
  return { ...request, headers: [...without(request.headers, namesIn(fields)), ...added] }
}

/** Fields of a profile, with what the document says where its word counts. */
export function asStated(fields: Headers, described: Headers, { stated = [] }: Profile): string[] {
  return fields.map((text, at) => {
    const name = fields[at - 1]?.toLowerCase() ?? ''
    return at % 2 === 1 && stated.includes(name) ? (headerOf(described, name) ?? text) : text
  })
}

/** Header fields without those of some names, which are in lower case. */
export function without(headers: Headers, names: readonly string[]): string[] {
  return headers.filter((_, at) => !names.includes((headers[at - (at % 2)] ?? '').toLowerCase()))
}

/** The names of header fields, in lower case. */
export function namesIn(headers: Headers): string[] {
  return headers.filter((_, at) => at % 2 === 0).map(name => name.toLowerCase())
}
