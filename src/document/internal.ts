import { parsePointer, resolvePointer } from '../finding/index.ts'
import { isLiteral } from './literal.ts'
import { circular, nowhere, referencesIn, type Unresolved, uriPointer } from './references.ts'
import type { SourceFile } from './source-file.ts'
import { suggesting } from './suggest.ts'

/** A JSON object of the document. */
type Node = Record<string, unknown>

/** Whether every reference of a value stays inside it, so that there is nothing to bundle. */
export function isSelfContained(value: unknown): boolean {
  return referencesOf(value).every(({ $ref }) => String($ref).startsWith('#'))
}

/**
 * Settles the references of a document that refers to nothing but itself: those that pass through others get the
 * pointer to what they mean, which is all that later readers follow.
 *
 * @returns the references that lead nowhere
 */
export function settleReferences(root: unknown, source: SourceFile): Unresolved[] {
  let dead = false
  const known = new Map<string, string | undefined>()
  const settled = (ref: string): string | undefined => {
    // A name that was not settled is none.
    if (/^#[^/]/.test(ref)) return undefined
    const tokens = throughReferences(root, parsePointer(ref))
    return tokens && `#${uriPointer(tokens)}`
  }
  for (const node of referencesOf(root)) {
    const ref = node.$ref as string
    if (!known.has(ref)) known.set(ref, settled(ref))
    const pointer = known.get(ref)
    if (pointer === undefined) dead = true
    else if (pointer !== ref) node.$ref = pointer
  }
  const circles = circularReferences(root, source)
  if (!dead) return circles
  const lost = [...referencesIn(root)].flatMap(({ ref, tokens }): Unresolved[] => {
    if (isLiteral(tokens, true) || !known.has(ref) || known.get(ref) !== undefined) return []
    const [, fragment] = ref.split('#', 2)
    const reason = nowhere(source.written(tokens) ?? ref, source.shown, fragment)
    return [{ source, tokens, ...suggesting(reason, ref, source, new Map([[source.absolute, source]])) }]
  })
  return [...lost, ...circles]
}

/**
 * The references that lead through nothing but others back to themselves.
 *
 * @param source where they stand, or what leads to them
 */
export function circularReferences(root: unknown, source: SourceFile): Unresolved[] {
  const circles = circlesIn(root)
  if (circles.size === 0) return []
  return [...referencesIn(root)].flatMap(({ ref, tokens }): Unresolved[] => {
    const round = circles.get(resolvePointer(root, tokens.slice(0, -1)))
    return round === undefined || isLiteral(tokens, true) ? [] : [{ source, tokens, ...circular(ref, round) }]
  })
}

/**
 * The objects that hold such references, with the references on the way.
 *
 * @param root a value whose references stay inside it
 */
export function circlesIn(root: unknown): ReadonlyMap<unknown, readonly string[]> {
  const nodes = referencesOf(root)
  const targets = new Map<string, unknown>()
  const next = (node: Node): Node | undefined => {
    const ref = node.$ref as string
    if (!targets.has(ref)) targets.set(ref, ref.startsWith('#') ? resolvePointer(root, parsePointer(ref)) : undefined)
    const target = targets.get(ref)
    return typeof resolvePointer(target, ['$ref']) === 'string' ? (target as Node) : undefined
  }
  const found = new Map<unknown, readonly string[]>()
  const seen = new Set<Node>()
  for (const start of nodes) {
    const way: Node[] = []
    let at: Node | undefined = start
    for (; at !== undefined && !seen.has(at); at = next(at)) {
      seen.add(at)
      way.push(at)
    }
    const first = at === undefined ? -1 : way.indexOf(at)
    const round = first === -1 ? [] : way.slice(first)
    for (const node of round)
      found.set(
        node,
        round.map(({ $ref }) => String($ref)),
      )
  }
  return found
}

/** The objects with a `$ref` that is a string, each once. */
function referencesOf(value: unknown): Node[] {
  const found: Node[] = []
  const seen = new Set<object>()
  const visit = (node: object): void => {
    if (seen.has(node)) return
    seen.add(node)
    if (Array.isArray(node)) {
      for (const item of node) if (typeof item === 'object' && item !== null) visit(item)
      return
    }
    const members = node as Node
    for (const key in members) {
      const member = members[key]
      if (typeof member === 'object' && member !== null) visit(member)
      else if (key === '$ref' && typeof member === 'string') found.push(members)
    }
  }
  if (typeof value === 'object' && value !== null) visit(value)
  return found
}

/** The tokens that lead to the same without passing through a reference; `undefined` when they lead nowhere. */
function throughReferences(root: unknown, tokens: readonly string[], hops = 0): readonly string[] | undefined {
  if (resolvePointer(root, tokens) !== undefined) return tokens
  for (let length = tokens.length - 1; length > 0 && hops < 100; length -= 1) {
    const above = resolvePointer(root, tokens.slice(0, length))
    if (above === undefined) continue
    const ref = resolvePointer(above, ['$ref'])
    if (typeof ref !== 'string' || !ref.startsWith('#')) return undefined
    return throughReferences(root, [...parsePointer(ref), ...tokens.slice(length)], hops + 1)
  }
  return undefined
}
