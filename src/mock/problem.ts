import { STATUS_CODES } from 'node:http'
import type { HttpResponse } from '../http/index.ts'

/** The standard name of a status, or `Error` where there is none. */
export function reasonPhrase(status: number): string {
  return STATUS_CODES[status] ?? 'Error'
}

/** A problem detail. Source: RFC 9457, section 3. */
export function problemBody(
  status: number,
  detail: string,
  members: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return { type: 'about:blank', title: reasonPhrase(status), status, detail, ...members }
}

/** An answer that the document does not describe. */
export function problem(
  status: number,
  detail: string,
  extra: { readonly members?: Readonly<Record<string, unknown>>; readonly headers?: readonly string[] } = {},
): HttpResponse {
  return {
    status,
    headers: ['content-type', 'application/problem+json', ...(extra.headers ?? [])],
    body: Buffer.from(JSON.stringify(problemBody(status, detail, extra.members))),
  }
}
