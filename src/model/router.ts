/** What a path leads to: the leaf, and what stood in the place of template expressions, in their order and as sent. */
export type Route<T> = { readonly leaf: T; readonly values: readonly string[] }

/** A segment of a template: the texts around its expressions, as in `{owner}.{name}` or `{id}:cancel`. */
type Pattern = readonly string[]

type Node<T> = {
  readonly literals: Map<string, Node<T>>
  readonly patterns: { readonly pattern: Pattern; readonly node: Node<T> }[]
  leaf: T | undefined
}

/**
 * Finds the path template that a path fits. Literal segments win over patterns, patterns with text over a bare name
 * (OpenAPI 3.1.1, section 4.8.8.2), and a branch that ends nowhere is given up for the next. Matching is linear in the
 * length of a segment: no regular expression is made of what the document says.
 */
export class Router<T> {
  readonly #root: Node<T> = makeNode()

  /** The leaf of a template, made when the template is new. Templates that differ in names only are one. */
  at(template: string, make: () => T): T {
    let node = this.#root
    for (const segment of template.split('/').slice(1)) node = childFor(node, segment)
    node.leaf ??= make()
    return node.leaf
  }

  find(path: string): Route<T> | undefined {
    if (!path.startsWith('/')) return undefined
    const segments = path.split('/')
    const values: string[] = []
    const leaf = search(this.#root, segments, 1, values)
    return leaf === undefined ? undefined : { leaf, values }
  }
}

/** The names of the expressions of a template, in their order. */
export function namesIn(template: string): string[] {
  return [...template.matchAll(/\{([^}]*)\}/g)].map(([, name = '']) => name)
}

function makeNode<T>(): Node<T> {
  return { literals: new Map(), patterns: [], leaf: undefined }
}

function childFor<T>(node: Node<T>, segment: string): Node<T> {
  if (!segment.includes('{')) {
    const known = node.literals.get(segment)
    if (known !== undefined) return known
    const made = makeNode<T>()
    node.literals.set(segment, made)
    return made
  }
  const pattern = segment.split(/\{[^}]*\}/)
  const known = node.patterns.find(entry => entry.pattern.join('{}') === pattern.join('{}'))
  if (known !== undefined) return known.node
  const made = makeNode<T>()
  node.patterns.push({ pattern, node: made })
  node.patterns.sort((a, b) => b.pattern.join('').length - a.pattern.join('').length)
  return made
}

/** Leaves in `values` what stood for the expressions of the way that was found. */
function search<T>(node: Node<T>, segments: readonly string[], at: number, values: string[]): T | undefined {
  if (at === segments.length) return node.leaf
  const segment = segments[at] as string
  const literal = node.literals.get(segment) ?? (segment.includes('%') ? node.literals.get(decode(segment)) : undefined)
  if (literal !== undefined) {
    const leaf = search(literal, segments, at + 1, values)
    if (leaf !== undefined) return leaf
  }
  for (const { pattern, node: next } of node.patterns) {
    const before = values.length
    const leaf = takeValues(pattern, segment, values) ? search(next, segments, at + 1, values) : undefined
    if (leaf !== undefined) return leaf
    values.length = before
  }
  return undefined
}

/** Adds the value of each expression, none of them empty; `false` when the segment has another form. */
function takeValues(texts: Pattern, segment: string, values: string[]): boolean {
  const first = texts[0] as string
  const last = texts[texts.length - 1] as string
  if (!segment.startsWith(first) || !segment.endsWith(last)) return false
  let from = first.length
  const end = segment.length - last.length
  for (let next = 1; next < texts.length; next += 1) {
    const text = texts[next] as string
    const to = next === texts.length - 1 ? end : segment.indexOf(text, from + 1)
    if (to <= from || to > end) return false
    values.push(segment.slice(from, to))
    from = to + text.length
  }
  return true
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
