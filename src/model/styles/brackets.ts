import type { Part } from '../part.ts'
import { coercer, itemCoercer, itemOf, otherPropertiesOf, propertiesOf, typesOf } from './coerce.ts'

/** What was sent under one name: texts, and what stands in brackets behind it. */
type Tree = { readonly texts: string[]; readonly members: Map<string, Tree> }

/** Brackets behind one another; documents go four or five deep. */
const maxDepth = 20

/**
 * The value of `[a][b]=1` and its like, with the text decoded. One level is the style `deepObject` of the standard; what
 * is nested deeper and `[]` for the items of lists has no standard form, and is read as clients write it.
 *
 * @returns `undefined` when it is nested too deeply
 */
export function readBrackets(
  found: readonly (readonly [path: string, text: string])[],
  schema: Part | undefined,
): { readonly value: unknown } | undefined {
  const root = emptyTree()
  for (const [path, text] of found) {
    const steps = path.slice(1, -1).split('][', maxDepth + 1)
    if (steps.length > maxDepth) return undefined
    let tree = root
    for (const step of steps) {
      const next = tree.members.get(step) ?? emptyTree()
      tree.members.set(step, next)
      tree = next
    }
    tree.texts.push(text)
  }
  return { value: treeValue(root, schema) }
}

function emptyTree(): Tree {
  return { texts: [], members: new Map() }
}

function treeValue({ texts, members }: Tree, schema: Part | undefined): unknown {
  const types = typesOf(schema)
  const isList = types.has('array') && (!types.has('object') || [...members.keys()].every(key => /^\d*$/.test(key)))
  if (members.size === 0) {
    // Where a text is allowed too, nothing is an empty text and not a list of one.
    if (isList && types.has('string') && texts.length === 1 && texts[0] === '') return ''
    return isList ? texts.map(itemCoercer(schema)) : coercer(schema)(texts.at(-1) ?? '')
  }
  if (isList) {
    const item = itemOf(schema)
    const read = itemCoercer(schema)
    // `[]` stands for as many items as there are texts.
    return [...members.values()].flatMap(member =>
      member.members.size === 0 ? member.texts.map(read) : [treeValue(member, item)],
    )
  }
  const properties = propertiesOf(schema)
  const other = otherPropertiesOf(schema)
  return Object.fromEntries(
    [...members].map(([name, member]) => [name, treeValue(member, properties.get(name) ?? other)]),
  )
}
