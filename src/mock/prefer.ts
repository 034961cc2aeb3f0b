import { type HttpRequest, headerOf } from '../http/index.ts'

/** What a request asks the mock for. */
export type Wishes = {
  readonly code: string | undefined
  readonly example: string | undefined
  readonly dynamic: string | undefined
  readonly seed: string | undefined
  readonly delay: string | undefined
  /** `false`: a request that breaks the document is answered as if it were right. */
  readonly validate: string | undefined
  /** `false`: credentials are not asked for. */
  readonly auth: string | undefined
  /** A server of the document, which the request is meant for. */
  readonly server: string | undefined
  /** What was preferred beyond these, by name. */
  readonly unknown: readonly string[]
  /** A wish that cannot be granted is answered with what can be had. */
  readonly strict: boolean
}

/** The wishes that the mock knows, by name. */
export const names = ['code', 'example', 'dynamic', 'seed', 'delay', 'validate', 'auth', 'server', 'handling'] as const

export const noWishes: Wishes = {
  code: undefined,
  example: undefined,
  dynamic: undefined,
  seed: undefined,
  delay: undefined,
  validate: undefined,
  auth: undefined,
  server: undefined,
  unknown: [],
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
    for (const [name, value] of new URLSearchParams(request.target.slice(from))) {
      const wish = name.slice(2)
      if (name.startsWith('__') && !found.has(wish)) found.set(wish, value)
    }
  }
  return {
    code: found.get('code'),
    example: found.get('example'),
    dynamic: found.get('dynamic'),
    seed: found.get('seed'),
    delay: found.get('delay'),
    validate: found.get('validate'),
    auth: found.get('auth'),
    server: found.get('server'),
    unknown: [...found.keys()].filter(name => !isKnown(name)),
    strict: found.get('handling') === 'strict',
  }
}

function isKnown(name: string): boolean {
  return (names as readonly string[]).includes(name)
}

/** A wish for yes or no; `undefined` when it is neither, or was not made. */
export function yesOrNo(wish: string | undefined): boolean | undefined {
  return wish === 'true' ? true : wish === 'false' ? false : undefined
}
