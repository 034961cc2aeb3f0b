import { STATUS_CODES } from 'node:http'
import type { HttpResponse } from '../http/index.ts'

/** The standard name of a status, or `Error` where there is none. */
export function reasonPhrase(status: number): string {
  return STATUS_CODES[status] ?? 'Error'
}

/** An answer that the document does not describe, as a problem detail. Source: RFC 9457, section 3. */
export function problem(
  status: number,
  detail: string,
  extra: { readonly members?: Readonly<Record<string, unknown>>; readonly headers?: readonly string[] } = {},
): HttpResponse {
  const body = { type: 'about:blank', title: reasonPhrase(status), status, detail, ...extra.members }
  return {
    status,
    headers: ['content-type', 'application/problem+json', ...(extra.headers ?? [])],
    body: Buffer.from(JSON.stringify(body)),
  }
}
