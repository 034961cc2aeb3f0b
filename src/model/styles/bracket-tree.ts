/** What was sent under one name: texts, what stands in brackets behind it, and the items that `[]` stands for. */
export type Tree = {
  readonly texts: string[]
  readonly members: Map<string, Tree>
  readonly items: Tree[]
}

/** A path in brackets, which may be empty, decoded, with its text; `undefined` where not even an equals sign was sent. */
export type Bracketed = readonly [path: string, text: string | undefined]

/** Brackets behind one another; documents go four or five deep. */
const maxDepth = 20

/**
 * The tree of `[a][b]=1`, `[0][b]=1` and `[][b]=1`. Of the last, which has no standard form, an item ends where a name
 * comes that it has already, as Rack reads it: `[][a]=1&[][b]=2&[][a]=3` are two items.
 *
 * @returns `undefined` when it is nested too deeply
 */
export function bracketTree(found: readonly Bracketed[]): Tree | undefined {
  const root = emptyTree()
  for (const [path, text] of found) {
    const steps = path === '' ? [] : path.slice(1, -1).split('][', maxDepth + 1)
    if (steps.length > maxDepth) return undefined
    // `a[]` without an equals sign is a list of nothing: the last step makes a place and no item in it.
    const isNothing = text === undefined && steps.at(-1) === ''
    const place = placeOf(root, isNothing ? steps.slice(0, -1) : steps)
    if (!isNothing) place.texts.push(text ?? '')
  }
  return root
}

function placeOf(root: Tree, steps: readonly string[]): Tree {
  let tree = root
  for (const [at, step] of steps.entries()) {
    tree = step === '' ? itemIn(tree, steps.slice(at + 1)) : memberIn(tree, step)
  }
  return tree
}

function memberIn({ members }: Tree, name: string): Tree {
  const known = members.get(name)
  if (known !== undefined) return known
  const made = emptyTree()
  members.set(name, made)
  return made
}

/** The item that is being sent, or the next one when that has what is sent already. */
function itemIn({ items }: Tree, rest: readonly string[]): Tree {
  const last = items.at(-1)
  if (last !== undefined && rest.length > 0 && last.texts.length === 0 && !has(last, rest)) return last
  const made = emptyTree()
  items.push(made)
  return made
}

/** Of a list inside an item there may always be more. */
function has(tree: Tree, steps: readonly string[]): boolean {
  if (steps.includes('')) return false
  let at: Tree | undefined = tree
  for (const step of steps) at = at?.members.get(step)
  return at !== undefined
}

function emptyTree(): Tree {
  return { texts: [], members: new Map(), items: [] }
}
