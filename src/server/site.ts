import type { Headers, HttpRequest, HttpResponse } from '../http/index.ts'
import type { BrokenOff } from './broken-off.ts'

/** What a server serves. The way to an answer is found before the body is read, so that others may have the rest. */
export type Site<Found> = {
  /** What a method and a request target lead to, or `undefined` when this site does not know the path. */
  find(method: string, target: string, headers: Headers): Found | undefined
  reply(found: Found, request: HttpRequest): HttpResponse | Promise<HttpResponse>
  /** The answer for a path that nobody knows. */
  missing(request: HttpRequest): HttpResponse
}

/** One line of a server's log. */
export type Served = {
  readonly method: string
  /** Without the query, which may hold credentials. */
  readonly path: string
  readonly status: number
  readonly milliseconds: number
}

export type SiteOptions = {
  /** Longest body that is read, in bytes. */
  readonly bodyLimit?: number
  readonly onServed?: (served: Served) => void
  /** Told of a request that breaks off, or whose client does not wait for the answer. */
  readonly onBrokenOff?: (told: BrokenOff) => void
  /** Told of an exception while answering: a fault of ours, not of the request. */
  readonly onBug?: (error: unknown) => void
}

export const defaultBodyLimit = 1024 * 1024
