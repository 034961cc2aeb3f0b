import { type HttpRequest, headerOf } from '../http/index.ts'

/** What a request asks the mock for. */
export type Wishes = {
  readonly code: string | undefined
  readonly example: string | undefined
  readonly dynamic: string | undefined
  readonly seed: string | undefined
  readonly delay: string | undefined
  /** A wish that cannot be granted is answered with what can be had. */
  readonly strict: boolean
}

const names = ['code', 'example', 'dynamic', 'seed', 'delay', 'handling'] as const

export const noWishes: Wishes = {
  code: undefined,
  example: undefined,
  dynamic: undefined,
  seed: undefined,
  delay: undefined,
  strict: false,
}

/**
 * Reads the `Prefer` field (RFC 7240, section 2) and its query forms `__code`, `__example`, …; the field wins. The first
 * of repeated preferences counts, and an unknown one is passed over, as the RFC says.
 */
export function readWishes(request: HttpRequest): Wishes {
  const header = headerOf(request.headers, 'prefer')
  const from = request.target.indexOf('?') + 1
  const hasQuery = from > 0 && request.target.includes('__', from)
  if (header === undefined && !hasQuery) return noWishes
  const found = new Map<string, string>()
  for (const [, name = '', quoted, plain] of (header ?? '').matchAll(
    /([a-z][\w-]*)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,]*)))?/gi,
  )) {
    const key = name.toLowerCase()
    if (!found.has(key)) found.set(key, quoted === undefined ? (plain ?? '') : quoted.replace(/\\(.)/g, '$1'))
  }
  if (hasQuery) {
    const query = new URLSearchParams(request.target.slice(from))
    for (const name of names) {
      const value = query.get(`__${name}`)
      if (value !== null && !found.has(name)) found.set(name, value)
    }
  }
  return {
    code: found.get('code'),
    example: found.get('example'),
    dynamic: found.get('dynamic'),
    seed: found.get('seed'),
    delay: found.get('delay'),
    strict: found.get('handling') === 'strict',
  }
}
