import { type Handler, type Headers, type HttpRequest, type HttpResponse, noBytes } from './message.ts'

/** Statuses that a web `Response` may not carry a body with. Source: Fetch standard, "null body status". */
const withoutBody = new Set([101, 103, 204, 205, 304])

/** A `fetch` that is answered by `handler`, for clients that take one; no socket is opened. */
export function fetchFace(handler: Handler): typeof fetch {
  return async (input, init) => toResponse(await handler(await toHttpRequest(new Request(input, init))))
}

/** A web request as plain data; reads its body. */
export async function toHttpRequest(request: Request): Promise<HttpRequest> {
  const url = new URL(request.url)
  const body = request.body === null ? noBytes : new Uint8Array(await request.arrayBuffer())
  const headers = [...request.headers].flat()
  if (!request.headers.has('host')) headers.push('host', url.host)
  return { method: request.method, target: `${url.pathname}${url.search}`, headers, body }
}

/** Plain data as a web response. It has the status even where the constructor of `Response` refuses it, as 100 or 999. */
export function toResponse({ status, headers, body }: HttpResponse): Response {
  const isOrdinary = status >= 200 && status <= 599
  const content = status < 200 || withoutBody.has(status) ? null : (body as Uint8Array<ArrayBuffer>)
  const response = new Response(content, { status: isOrdinary ? status : 500, headers: toPairs(headers) })
  return isOrdinary ? response : Object.defineProperty(response, 'status', { value: status })
}

/** A web response as plain data; reads its body. */
export async function toHttpResponse(response: Response): Promise<HttpResponse> {
  const body = new Uint8Array(await response.arrayBuffer())
  return { status: response.status, headers: [...response.headers].flat(), body }
}

function toPairs(headers: Headers): [string, string][] {
  const pairs: [string, string][] = []
  for (let at = 0; at < headers.length; at += 2) pairs.push([headers[at] as string, headers[at + 1] as string])
  return pairs
}
