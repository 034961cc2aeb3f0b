import { resolvePointer } from '../finding/index.ts'

/** Members whose keys are names that an author chose, so that `example` or `default` among them is a name as well. */
const holdNames = new Set([
  ...['paths', 'webhooks', 'schemas', 'responses', 'parameters', 'examples', 'requestBodies', 'headers', 'links'],
  ...['securitySchemes', 'callbacks', 'pathItems', 'content', 'encoding', 'variables', 'mapping'],
  ...['properties', 'patternProperties', 'dependentSchemas', '$defs', 'definitions'],
])

/** Members whose value is taken as it stands. */
const literals = new Set(['example', 'default', 'const', 'enum'])

/**
 * Whether what these tokens lead to is part of a literal value (an example, a default, an extension), in which `$ref` is
 * a key like any other. The keys at the top of a referenced file may be names, so nothing is said of them.
 */
export function isLiteral(tokens: readonly string[], isEntry: boolean): boolean {
  let chosen = !isEntry
  for (const [at, token] of tokens.entries()) {
    const above = tokens[at - 2]
    if (!chosen && (literals.has(token) || token.startsWith('x-'))) return true
    // In `examples`, a list holds values and a map holds objects with a `value`.
    if (above === 'examples' && token === 'value') return true
    if (tokens[at - 1] === 'examples' && chosen && /^\d+$/.test(token)) return true
    chosen = !chosen && holdNames.has(token)
  }
  return false
}

/** Where in a file a key must not be taken for what it looks like. */
export type Place = { readonly tokens: readonly string[]; readonly key: '$ref' | '$id' }

/** The places where an object of a value has a string under this key. */
export function* membersNamed(key: Place['key'], value: unknown, tokens: readonly string[] = []): Generator<Place> {
  if (typeof value !== 'object' || value === null) return
  if (Object.hasOwn(value, key) && typeof (value as Record<string, unknown>)[key] === 'string') yield { tokens, key }
  for (const [name, member] of Object.entries(value)) yield* membersNamed(key, member, [...tokens, name])
}

/** Keys of a value under other names, which no resolver of references knows, until they are given back. */
export class Hidden {
  readonly #owners: { readonly owner: Record<string, unknown>; readonly key: string }[] = []

  /** The object whose key was hidden, if there is one. */
  hide(value: unknown, { tokens, key }: Place): object | undefined {
    const owner = resolvePointer(value, tokens)
    if (typeof owner !== 'object' || owner === null || !Object.hasOwn(owner, key)) return undefined
    rename(owner as Record<string, unknown>, key, `\0${key}`)
    this.#owners.push({ owner: owner as Record<string, unknown>, key })
    return owner
  }

  giveBack(): void {
    for (const { owner, key } of this.#owners.splice(0)) rename(owner, `\0${key}`, key)
  }
}

/** Whether an object has a `$ref` that is hidden. */
export function hidesReference(value: object): boolean {
  return Object.hasOwn(value, '\0$ref')
}

function rename(owner: Record<string, unknown>, from: string, to: string): void {
  const members = Object.entries(owner)
  for (const [key] of members) delete owner[key]
  for (const [key, member] of members) owner[key === from ? to : key] = member
}
