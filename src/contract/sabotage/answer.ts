import { type HttpResponse, headerOf, isJson, parseMediaType } from '../../http/index.ts'
import { type Content, decodeBody, type ResponseDescription } from '../../model/index.ts'

/** The answer with other bytes, and with the length that they have. */
export function withBytes(response: HttpResponse, body: Uint8Array): HttpResponse {
  const headers = response.headers.map((value, at) =>
    at % 2 === 1 && response.headers[at - 1]?.toLowerCase() === 'content-length' ? String(body.length) : value,
  )
  return { ...response, headers, body }
}

/** The answer with a field of this value in the place of those of that name; without a value the field is gone. */
export function withField(response: HttpResponse, name: string, value?: string): HttpResponse {
  const lower = name.toLowerCase()
  const headers = response.headers.filter((_, at) => response.headers[at - (at % 2)]?.toLowerCase() !== lower)
  return { ...response, headers: value === undefined ? headers : [...headers, name, value] }
}

/** The documented JSON of a body. */
export function jsonOf({ content }: Pick<ResponseDescription, 'content'>): Content | undefined {
  return content.find(({ mediaType }) => isJson(parseMediaType(mediaType)?.essence ?? ''))
}

/** The value that an answer carries as JSON. */
export function bodyOf(response: HttpResponse): { readonly value: unknown } | undefined {
  const type = headerOf(response.headers, 'content-type')
  if (type === undefined || !isJson(parseMediaType(type)?.essence ?? '') || response.body.length === 0) return undefined
  const decoded = decodeBody('application/json', response.body)
  return decoded.kind === 'value' ? { value: decoded.value } : undefined
}

/** The answer with another value in it. */
export function withValue(response: HttpResponse, value: unknown): HttpResponse {
  return withBytes(response, Buffer.from(JSON.stringify(value)))
}
