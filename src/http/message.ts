/**
 * Header fields as they stood on the wire: name, value, name, value, … with case and repetition kept. It is the form of
 * node's `rawHeaders`, so that nothing is copied on the way in.
 */
export type Headers = readonly string[]

/** One request as plain data. What a web `Request` refuses to hold (TRACE, a repeated Host, …) can be said here. */
export type HttpRequest = {
  /** Upper case, as sent. */
  readonly method: string
  /** The request target in origin form: path and query, percent-encoded as sent. */
  readonly target: string
  readonly headers: Headers
  /** The bytes as sent; empty when the message has none. */
  readonly body: Uint8Array
  /** Set when reading stopped because the body is longer than this many bytes; `body` is then empty. */
  readonly bodyLimit?: number
}

/** One response as plain data. */
export type HttpResponse = {
  readonly status: number
  readonly headers: Headers
  readonly body: Uint8Array
  /** What is wrong with the bytes around the body: lengths, chunks, lines of the head. Absent when all is well. */
  readonly framing?: readonly string[]
}

/** Whatever answers: a mock, a proxy, a remote implementation. */
export type Handler = (request: HttpRequest) => Promise<HttpResponse>

/** One request with the answer to it. */
export type Exchange = {
  readonly request: HttpRequest
  readonly response: HttpResponse
}

/** The value of a field, by its name in lower case; repeated fields are joined as RFC 9110, section 5.3 says. */
export function headerOf(headers: Headers, name: string): string | undefined {
  let found: string | undefined
  for (let at = 0; at < headers.length; at += 2) {
    const candidate = headers[at] as string
    if (candidate.length !== name.length) continue
    if (candidate !== name && candidate.toLowerCase() !== name) continue
    const value = headers[at + 1] as string
    found = found === undefined ? value : `${found}, ${value}`
  }
  return found
}

export const noBytes: Uint8Array = new Uint8Array(0)

/** The same request without a field. */
export function withoutHeader(request: HttpRequest, name: string): HttpRequest {
  const headers = request.headers.filter(
    (_, at) => request.headers[at - (at % 2)]?.toLowerCase() !== name.toLowerCase(),
  )
  return { ...request, headers }
}

/** The same request with a field added. */
export function withHeader(request: HttpRequest, name: string, value: string): HttpRequest {
  return { ...request, headers: [...request.headers, name, value] }
}
