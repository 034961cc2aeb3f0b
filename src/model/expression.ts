import { parsePointer, resolvePointer } from '../finding/index.ts'
import { type Headers, headerOf } from '../http/index.ts'

/** What a runtime expression is read against: one request as understood, and the answer to it. */
export type Scope = {
  readonly method: string
  readonly url: string
  readonly request: {
    readonly path: Readonly<Record<string, unknown>>
    readonly query: Readonly<Record<string, unknown>>
    readonly headers: Headers
    readonly body: unknown
  }
  readonly response: { readonly status: number; readonly headers: Headers; readonly body: unknown }
}

/** A place that an expression names, with what stands there. */
export type Found = { readonly tokens: readonly string[]; readonly value: unknown }

/** A compiled runtime expression. */
export type Expression = {
  readonly text: string
  /** The tokens of its JSON Pointer when it names a place in the response body. */
  readonly inResponseBody: readonly string[] | undefined
  /** The name, in lower case, when it names a header field of the response. */
  readonly inResponseHeader: string | undefined
  /** What stands at the place; `undefined` when nothing does. With `*`, the first item. */
  read(scope: Scope): unknown
  /** Every place it names: one, none, or with `*` in its pointer one for each item of the array. */
  readAll(scope: Scope): readonly Found[]
  /** What stands there alone, which takes less where lists are long. */
  readValues(scope: Scope): readonly unknown[]
}

/**
 * Compiles a runtime expression. `*` as a pointer token, which the standard does not have, stands for each item of an
 * array. Source: OpenAPI 3.1.1, section 4.8.20.4.
 *
 * @returns `undefined` when the text is none
 */
export function compileExpression(text: string): Expression | undefined {
  const plain = (read: (scope: Scope) => unknown): Expression => ({
    text,
    inResponseBody: undefined,
    inResponseHeader: undefined,
    read,
    readAll: scope => present([{ tokens: [], value: read(scope) }]),
    readValues: scope => isThere(read(scope)),
  })
  if (text === '$statusCode') return plain(scope => scope.response.status)
  if (text === '$method') return plain(scope => scope.method)
  if (text === '$url') return plain(scope => scope.url)
  const [, side, place, rest = ''] = /^\$(request|response)\.(body|header|path|query)(.*)$/s.exec(text) ?? []
  if (side === undefined || place === undefined) return undefined
  if (place === 'body') {
    if (rest !== '' && !rest.startsWith('#/')) return undefined
    return bodyExpression(text, side === 'request' ? 'request' : 'response', parsePointer(rest))
  }
  const name = rest.slice(1)
  if (!rest.startsWith('.') || name === '') return undefined
  if (place === 'header') {
    const lower = name.toLowerCase()
    if (side === 'request') return plain(scope => headerOf(scope.request.headers, lower))
    return { ...plain(scope => headerOf(scope.response.headers, lower)), inResponseHeader: lower }
  }
  if (side === 'response') return undefined
  return plain(scope => (place === 'path' ? scope.request.path[name] : scope.request.query[name]))
}

function bodyExpression(text: string, side: 'request' | 'response', tokens: readonly string[]): Expression {
  const isMany = tokens.includes('*')
  const valuesOf = (scope: Scope): readonly unknown[] =>
    isMany ? valuesIn(scope[side].body, tokens) : isThere(resolvePointer(scope[side].body, tokens))
  return {
    text,
    inResponseBody: side === 'response' ? tokens : undefined,
    inResponseHeader: undefined,
    read: isMany ? scope => valuesOf(scope)[0] : scope => resolvePointer(scope[side].body, tokens),
    readAll: scope => present(placesIn(scope[side].body, tokens, 0, [])),
    readValues: valuesOf,
  }
}

/** What the tokens lead to, of which a star leads to each item of a list. */
function valuesIn(root: unknown, tokens: readonly string[]): readonly unknown[] {
  let found: unknown[] = [root]
  for (const token of tokens) {
    found = found.flatMap(value => {
      if (token === '*' && Array.isArray(value)) return value
      const member = typeof value === 'object' && value !== null ? resolvePointer(value, [token]) : undefined
      return member === undefined ? [] : [member]
    })
  }
  return found
}

function isThere(value: unknown): readonly unknown[] {
  return value === undefined ? [] : [value]
}

function placesIn(value: unknown, tokens: readonly string[], at: number, walked: readonly string[]): readonly Found[] {
  if (at === tokens.length) return [{ tokens: walked, value }]
  const token = tokens[at] as string
  if (typeof value !== 'object' || value === null) return []
  if (token === '*' && Array.isArray(value))
    return value.flatMap((item, index) => placesIn(item, tokens, at + 1, [...walked, String(index)]))
  return placesIn(resolvePointer(value, [token]), tokens, at + 1, [...walked, token])
}

function present(found: readonly Found[]): readonly Found[] {
  return found.filter(({ value }) => value !== undefined)
}
