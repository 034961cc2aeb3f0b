/** A JSON object of the document. */
export type Node = Record<string, unknown>

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Visits every object of a value that is no list, each once.
 *
 * @param visit is given the tokens that lead to it; they change as the way goes on, so who keeps them copies them
 */
export function eachObject(value: unknown, visit: (node: Node, tokens: readonly string[]) => void): void {
  const seen = new Set<object>()
  const tokens: string[] = []
  const enter = (node: object): void => {
    if (seen.has(node)) return
    seen.add(node)
    if (!Array.isArray(node)) visit(node as Node, tokens)
    for (const key of Object.keys(node)) {
      const member = (node as Node)[key]
      if (typeof member !== 'object' || member === null) continue
      tokens.push(key)
      enter(member)
      tokens.pop()
    }
  }
  if (typeof value === 'object' && value !== null) enter(value)
}
