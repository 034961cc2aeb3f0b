/** What a path leads to: the leaf, and what stood in the place of template expressions, in their order and as sent. */
export type Route<T> = { readonly leaf: T; readonly values: readonly string[]; readonly path: string }

/** A segment of a template: the texts around its expressions, as in `{owner}.{name}` or `{id}:cancel`. */
type Pattern = readonly string[]

type Node<T> = {
  readonly literals: Map<string, Node<T>>
  readonly patterns: { readonly pattern: Pattern; readonly node: Node<T> }[]
  leaf: T | undefined
}

/**
 * Finds the path template that a path fits. Literal segments win over patterns, patterns with text over a bare name
 * (OpenAPI 3.1.1, section 4.8.8.2), and a branch that ends nowhere is given up for the next. Of several expressions in a
 * segment each takes as much as it can, the first before the next, so that `{name}.{ext}` is divided at the last dot.
 * Matching is linear in the length of a segment: no regular expression is made of what the document says.
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
    return leaf === undefined ? undefined : { leaf, values, path }
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
  const start = values.length
  let end = segment.length - last.length
  for (let next = texts.length - 2; next > 0; next -= 1) {
    const text = texts[next] as string
    // None of them is empty, so the text ends before the last character that is left.
    const at = end - 1 - text.length
    const from = at <= first.length ? -1 : segment.lastIndexOf(text, at)
    if (from <= first.length) return false
    values[start + next] = segment.slice(from + text.length, end)
    end = from
  }
  if (end <= first.length) return false
  values[start] = segment.slice(first.length, end)
  return true
}

/** Ways to divide a path that are looked at. */
const maxDivisions = 64

/** Whether a segment of a template has several expressions, so that a path may fit it in several ways. */
export function isDivided(template: string): boolean {
  return template.split('/').some(segment => segment.indexOf('{') !== segment.lastIndexOf('{'))
}

/** What may stand for the expressions of a template in a path that fits it, the way that `find` takes first. */
export function divisionsOf(template: string, path: string): string[][] {
  const segments = path.split('/')
  return template.split('/').reduce<string[][]>(
    (before, segment, at) => {
      if (!segment.includes('{')) return before
      const found = [...divisions(segment.split(/\{[^}]*\}/), segments[at] ?? '')].map(values => values.reverse())
      return before.flatMap(values => found.map(more => [...values, ...more])).slice(0, maxDivisions)
    },
    [[]],
  )
}

/** The values of the expressions from the last to the first, as short as possible before longer. */
function* divisions(texts: Pattern, segment: string): Generator<string[]> {
  const first = texts[0] as string
  const last = texts[texts.length - 1] as string
  /** Returns whether there are any; with less room there are none either. */
  const divide = function* (next: number, end: number, values: readonly string[]): Generator<string[], boolean> {
    if (next === 0) {
      if (end <= first.length) return false
      yield [...values, segment.slice(first.length, end)]
      return true
    }
    const text = texts[next] as string
    let hasAny = false
    for (let at = end - 1 - text.length; at > first.length; at -= 1) {
      at = segment.lastIndexOf(text, at)
      if (at <= first.length) break
      if (!(yield* divide(next - 1, at, [...values, segment.slice(at + text.length, end)]))) break
      hasAny = true
    }
    return hasAny
  }
  let count = 0
  for (const values of divide(texts.length - 2, segment.length - last.length, [])) {
    yield values
    count += 1
    if (count === maxDivisions) return
  }
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
