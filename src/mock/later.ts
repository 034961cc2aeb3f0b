import { type HttpResponse, headerOf } from '../http/index.ts'
import type { Operation } from '../model/index.ts'

/** Longest delay that a request may ask for, in milliseconds. */
export const maxDelay = 60_000

/** An answer after so many milliseconds, if these are any. */
export function later(
  delay: string | undefined,
  response: HttpResponse | Promise<HttpResponse>,
): HttpResponse | Promise<HttpResponse> {
  if (response instanceof Promise) return response.then(made => later(delay, made))
  const waited = delay === undefined ? undefined : delayOf(delay)
  if (waited === undefined) return response
  return new Promise(resolve => setTimeout(() => resolve(applied(response, `delay=${waited}`)), waited))
}

/** Milliseconds to wait, or `undefined` when the text is no such number. */
export function delayOf(text: string): number | undefined {
  return /^\d+(\.\d+)?$/.test(text) ? Math.min(Number(text), maxDelay) : undefined
}

/**
 * A deprecated operation says so in each of its answers. The date that RFC 9745 asks for is not in the document, so this is
 * the form of the drafts before it, which clients know.
 */
export function withDeprecation({ deprecated }: Operation, response: HttpResponse): HttpResponse {
  if (!deprecated || headerOf(response.headers, 'deprecation') !== undefined) return response
  return { ...response, headers: [...response.headers, 'deprecation', 'true'] }
}

function applied(response: HttpResponse, preference: string): HttpResponse {
  const headers = [...response.headers]
  const at = headers.indexOf('preference-applied')
  if (at === -1) headers.push('preference-applied', preference)
  else headers[at + 1] = `${headers[at + 1]}, ${preference}`
  return { ...response, headers }
}
