/** What a path leads to: the leaf, and the segments that stood in the place of template expressions, as sent. */
export type Route<T> = { readonly leaf: T; readonly params: Readonly<Record<string, string>> }

/** A segment of a template: text and names in turn, as in `{owner}.{name}` or `{id}:cancel`. */
type Pattern = { readonly texts: readonly string[]; readonly names: readonly string[] }

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
    const params: Record<string, string> = Object.create(null)
    const leaf = search(this.#root, segments, 1, params)
    return leaf === undefined ? undefined : { leaf, params }
  }
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
  const pattern = parsePattern(segment)
  const known = node.patterns.find(entry => sameForm(entry.pattern, pattern))
  if (known !== undefined) return known.node
  const made = makeNode<T>()
  node.patterns.push({ pattern, node: made })
  node.patterns.sort((a, b) => b.pattern.texts.join('').length - a.pattern.texts.join('').length)
  return made
}

function parsePattern(segment: string): Pattern {
  const parts = segment.split(/\{([^}]*)\}/)
  return { texts: parts.filter((_, at) => at % 2 === 0), names: parts.filter((_, at) => at % 2 === 1) }
}

function sameForm(a: Pattern, b: Pattern): boolean {
  return a.texts.join('\0') === b.texts.join('\0') && a.names.join('\0') === b.names.join('\0')
}

function search<T>(
  node: Node<T>,
  segments: readonly string[],
  at: number,
  params: Record<string, string>,
): T | undefined {
  if (at === segments.length) return node.leaf
  const segment = segments[at] as string
  const literal = node.literals.get(segment) ?? (segment.includes('%') ? node.literals.get(decode(segment)) : undefined)
  if (literal !== undefined) {
    const leaf = search(literal, segments, at + 1, params)
    if (leaf !== undefined) return leaf
  }
  for (const { pattern, node: next } of node.patterns) {
    const values = valuesIn(pattern, segment)
    if (values === undefined) continue
    const leaf = search(next, segments, at + 1, params)
    if (leaf === undefined) continue
    for (let name = 0; name < values.length; name += 1) params[pattern.names[name] as string] = values[name] as string
    return leaf
  }
  return undefined
}

/** The value of each name, none of them empty, or `undefined` when the segment has another form. */
function valuesIn({ texts, names }: Pattern, segment: string): string[] | undefined {
  const first = texts[0] as string
  const last = texts[texts.length - 1] as string
  if (!segment.startsWith(first) || !segment.endsWith(last)) return undefined
  const values: string[] = []
  let from = first.length
  const end = segment.length - last.length
  for (let name = 0; name < names.length; name += 1) {
    const isLast = name === names.length - 1
    const to = isLast ? end : segment.indexOf(texts[name + 1] as string, from + 1)
    if (to <= from || to > end) return undefined
    values.push(segment.slice(from, to))
    from = to + (isLast ? 0 : (texts[name + 1] as string).length)
  }
  return values
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
