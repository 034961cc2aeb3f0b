import { formatFragment, parsePointer, resolvePointer } from '../finding/index.ts'

/** The schemas that lead to a place, from the inside out; a place that leads to itself has no end. */
export type Trail = { readonly pointer: string; readonly up: Trail } | undefined

/** A schema as it stands in the document, without what its references lead to. */
export type Source = { readonly value: unknown; readonly pointer: string; readonly trail: Trail }

/** What stands beside a reference and demands nothing. */
const annotations = new Set([
  '$ref',
  'description',
  'summary',
  'title',
  'deprecated',
  'xml',
  'externalDocs',
  '$comment',
])

const maxHops = 100

/**
 * The schema at a place and all that its references lead to, all of which apply. What stands beside a reference applies
 * as well. Source: JSON Schema 2020-12, section 8.2.3.1.
 */
export function follow(root: unknown, value: unknown, pointer: string, trail: Trail): Source[] {
  const found: Source[] = []
  let here = value
  let at = pointer
  for (let hops = 0; hops < maxHops; hops += 1) {
    const ref = memberOf(here, '$ref')
    if (typeof ref !== 'string' || !ref.startsWith('#')) {
      if (here !== undefined) found.push({ value: here, pointer: at, trail })
      return found
    }
    const beside = Object.entries(here as object).filter(([key]) => !annotations.has(key))
    if (beside.length > 0) found.push({ value: Object.fromEntries(beside), pointer: `${at} beside its $ref`, trail })
    const tokens = parsePointer(ref)
    here = resolvePointer(root, tokens)
    at = `#${formatFragment(tokens)}`
  }
  return found
}

/** The schemas at a member of a schema, which knows that it was reached from there. */
export function inside(root: unknown, owner: Source, ...tokens: readonly (string | number)[]): Source[] {
  let value: unknown = owner.value
  for (const token of tokens) value = memberOf(value, String(token))
  const trail = { pointer: owner.pointer, up: owner.trail }
  return value === undefined ? [] : follow(root, value, `${owner.pointer}${formatFragment(tokens)}`, trail)
}

/** Whether a schema is one of those that led to it. */
export function isEndless({ pointer, trail }: Source): boolean {
  for (let at = trail; at !== undefined; at = at.up) if (at.pointer === pointer) return true
  return false
}

export function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return (value as Record<string, unknown>)[name]
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
