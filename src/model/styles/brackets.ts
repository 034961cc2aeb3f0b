import type { Part } from '../part.ts'
import { type Bracketed, bracketTree, type Tree } from './bracket-tree.ts'
import {
  coercer,
  itemCoercer,
  itemOf,
  leadingItemsOf,
  loneReader,
  otherPropertiesOf,
  propertiesOf,
  typesOf,
} from './coerce.ts'

/**
 * The value of `[a][b]=1` and its like, with the text decoded. One level is the style `deepObject` of the standard; what
 * is nested deeper and `[]` for the items of lists has no standard form, and is read as clients write it: qs and PHP number
 * the items, Rails and jQuery leave the brackets empty.
 *
 * @returns `undefined` when it is nested too deeply
 */
export function readBrackets(
  found: readonly Bracketed[],
  schema: Part | undefined,
): { readonly value: unknown } | undefined {
  const tree = bracketTree(found)
  return tree && { value: readTree(tree, schema, new Map()) }
}

/** What a schema says of how its values are read. */
type Shape = {
  readonly isList: boolean
  readonly isObject: boolean
  readonly isNothingElse: boolean
  readonly scalar: (text: string) => unknown
  readonly lone: ReturnType<typeof loneReader>
  readonly item: Part | undefined
  readonly leading: readonly Part[]
  readonly properties: ReadonlyMap<string, Part>
  readonly other: Part | undefined
}

/** Shapes by the place of their schema: a hostile list has thousands of items of the same one. */
type Shapes = Map<string, Shape>

function shapeOf(schema: Part | undefined, shapes: Shapes): Shape {
  const key = schema?.pointer ?? ''
  const known = shapes.get(key)
  if (known !== undefined) return known
  const types = typesOf(schema)
  const made: Shape = {
    isList: types.has('array'),
    isObject: types.has('object'),
    isNothingElse: types.size === 1,
    scalar: coercer(schema),
    lone: loneReader(schema),
    item: itemOf(schema),
    leading: leadingItemsOf(schema),
    properties: propertiesOf(schema),
    other: otherPropertiesOf(schema),
  }
  shapes.set(key, made)
  return made
}

function readTree(tree: Tree, schema: Part | undefined, shapes: Shapes): unknown {
  const shape = shapeOf(schema, shapes)
  const { texts, members, items } = tree
  if (members.size === 0 && items.length === 0) return textsValue(texts, schema, shape)
  const listed = itemsIn(tree, shape)
  if (listed !== undefined) {
    return listed.map((item, at) => readTree(item, shape.leading[at] ?? shape.item, shapes))
  }
  const [onlyItem] = items
  // `a[]=1` of an object is the member whose name is empty.
  const named = onlyItem === undefined ? [...members] : [...members, ['', onlyItem] as const]
  return Object.fromEntries(
    named.map(([name, member]) => [name, readTree(member, shape.properties.get(name) ?? shape.other, shapes)]),
  )
}

/** What stands without brackets; no text at all is a list of nothing. */
function textsValue(texts: readonly string[], schema: Part | undefined, shape: Shape): unknown {
  if (texts.length === 0) return []
  const last = texts.at(-1) as string
  if (!shape.isList) {
    // An object has no form in which it is empty but this.
    return last === '' && shape.isObject && shape.isNothingElse ? {} : shape.scalar(last)
  }
  const lone = texts.length === 1 ? shape.lone(last, 'certain') : undefined
  return lone === undefined ? texts.map(itemCoercer(schema)) : lone.value
}

/** The items of a list in their order; `undefined` when it is no list that was sent. */
function itemsIn({ members, items }: Tree, { isList, isObject, item }: Shape): readonly Tree[] | undefined {
  const names = [...members.keys()]
  const isUntyped = !isList && !isObject
  if (!names.every(isIndex) || (members.size > 0 && isObject && !isList)) return undefined
  if (items.length === 1 && isObject && !isList && items[0]?.texts.length === 1) return undefined
  // Where an object with numbers for names is allowed as well, a list counts from nothing.
  if ((isUntyped || isObject) && names.some((name, at) => name !== String(at))) return undefined
  const numbered = names.length < 2 ? [...members.values()] : inOrder(members)
  // `a[]=` is what Rails sends for a list of nothing; where a text is no item it means that.
  const [only] = items
  const isNothing = members.size === 0 && items.length === 1 && only?.texts.length === 1 && only.texts[0] === ''
  if (isNothing && isList && item !== undefined && admitsNoText(item)) return []
  return [...numbered, ...items]
}

function inOrder(members: ReadonlyMap<string, Tree>): Tree[] {
  return [...members].sort(([a], [b]) => Number(a) - Number(b)).map(([, tree]) => tree)
}

function isIndex(name: string): boolean {
  return /^\d+$/.test(name)
}

function admitsNoText(schema: Part): boolean {
  const types = typesOf(schema)
  return types.size > 0 && !types.has('string') && !types.has('null')
}
