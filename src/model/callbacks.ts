import { isJson, parseMediaType } from '../http/index.ts'
import type { Api } from './api.ts'
import { compileExpression, type Expression, type Scope } from './expression.ts'
import { Operation } from './operation.ts'
import { Part } from './part.ts'
import { percentEncoded } from './styles/encode.ts'

/** A call that the API makes to somebody: one of an operation's `callbacks`, or one of the document's `webhooks`. */
export type Callback = {
  /** Its key in the document. */
  readonly name: string
  /** What the receiver serves; its path says nothing. */
  readonly operation: Operation
  /** Where it goes, given the exchange that asked for it; `undefined` for a webhook, whose receiver is agreed elsewhere. */
  readonly target: ((scope: Scope) => Target) | undefined
  /** What has to hold for it, in the exchange that asked for it. */
  readonly when: readonly Expression[]
}

/** An address, or what is missing for it: the expression and what it came to. */
export type Target = { readonly url: string } | { readonly why: string }

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']

/** The callbacks of an operation. Source: OpenAPI 3.1.1, section 4.8.18. */
export function callbacksOf(api: Api, operation: Operation): Callback[] {
  const found: Callback[] = []
  for (const [name, callback] of operation.part.get('callbacks')?.entries() ?? []) {
    for (const [template, pathItem] of callback.entries()) {
      if (!template.startsWith('x-')) found.push(...calls(api, name, pathItem, compileTarget(template)))
    }
  }
  return found
}

/** The webhooks of a document, those of the extension for OpenAPI 3.0 too. Source: OpenAPI 3.1.1, section 4.8.1. */
export function webhooksOf(api: Api): Callback[] {
  const root = Part.of(api.document.root)
  return ['webhooks', 'x-webhooks'].flatMap(member =>
    [...(root.get(member)?.entries() ?? [])].flatMap(([name, pathItem]) => calls(api, name, pathItem, undefined)),
  )
}

function calls(api: Api, name: string, pathItem: Part, target: Callback['target']): Callback[] {
  return methods.flatMap(method => {
    const part = pathItem.get(method)
    if (part === undefined) return []
    const operation = new Operation({
      method: method.toUpperCase(),
      path: '/',
      // What the API asks of its callers is not what a receiver asks of the API.
      root: Part.of({}),
      pathItem,
      part,
      schemas: api.schemas,
      credentials: {},
    })
    const conditions = part.get('x-contract')?.get('when')?.value
    const when = (Array.isArray(conditions) ? conditions : []).flatMap(text =>
      typeof text === 'string' ? (compileExpression(text) ?? []) : [],
    )
    return [{ name, operation, target, when }]
  })
}

/**
 * The key of a callback: text with runtime expressions in braces, or one expression alone. Inside a query, what they
 * stand for is escaped. The address is none when something it needs is not there.
 */
function compileTarget(template: string): (scope: Scope) => Target {
  const pieces = (template.startsWith('$') ? [`{${template}}`] : template.split(/(\{\$[^{}]*\})/)).map(piece => {
    const text = /^\{(\$.*)\}$/s.exec(piece)?.[1]
    return text === undefined ? piece : { text, expression: compileExpression(text) }
  })
  return scope => {
    let url = ''
    for (const piece of pieces) {
      if (typeof piece === 'string') {
        url += piece
        continue
      }
      const { text, expression } = piece
      if (expression === undefined) return { why: `${text} is no runtime expression` }
      const value = expression.read(scope)
      if (typeof value !== 'string' && typeof value !== 'number') return { why: `${text} is ${nameOf(value)}` }
      url += url.includes('?') ? percentEncoded(String(value)) : value
    }
    return { url }
  }
}

function nameOf(value: unknown): string {
  if (value === undefined) return 'not there'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}

/** Whether a condition holds. A place of the answer that is not there counts as the default of its schema. */
export function holds(condition: Expression, scope: Scope, asked: Operation): boolean {
  const value = condition.read(scope)
  if (value !== undefined || condition.inResponseBody === undefined) return Boolean(value)
  const content = asked
    .responseFor(scope.response.status)
    ?.content.find(({ mediaType }) => isJson(parseMediaType(mediaType)?.essence ?? ''))
  return Boolean(defaultAt(content?.shape.schema, condition.inResponseBody))
}

/** The default that a schema states for a place. */
function defaultAt(schema: Part | undefined, tokens: readonly string[], depth = 0): unknown {
  if (schema === undefined || depth > 20) return undefined
  const [token, ...rest] = tokens
  const own = token === undefined ? schema.get('default')?.value : defaultAt(schema.get('properties')?.get(token), rest)
  if (own !== undefined) return own
  for (const keyword of ['allOf', 'oneOf', 'anyOf']) {
    for (const [, branch] of schema.get(keyword)?.entries() ?? []) {
      const found = defaultAt(branch, tokens, depth + 1)
      if (found !== undefined) return found
    }
  }
  return undefined
}
