import { type Applying, hint, nameIn } from './discriminator.ts'
import { isDeep, isOfType, listOf, recordOf, typesIn, typesOf, valuesOf } from './keywords.ts'
import { hash } from './seed.ts'
import { inside, isEndless, memberOf, type Source } from './source.ts'

/** Alternatives of which one is to be taken. */
export type Union = {
  readonly owner: Source
  readonly keyword: 'anyOf' | 'oneOf'
  readonly branches: readonly Source[][]
  /** Whether none of them may be taken, where none goes with the rest. */
  readonly isOptional?: true
}

/** What may stand beside a listed value and demands nothing. */
const beside = new Set(['const', 'enum', 'type', 'title', 'description', 'deprecated', '$comment'])

/**
 * The values of alternatives that each list some, as `oneOf: [{ const: a, title: … }, { const: b, title: … }]` does: one
 * list to draw from. `undefined` when they say more than that.
 */
export function listedBy({ branches, keyword }: Pick<Union, 'branches' | 'keyword'>): readonly unknown[] | undefined {
  const lists = branches.map(([only, ...more]) => {
    const says = recordOf(only?.value)
    const isList = more.length === 0 && ('const' in says || Array.isArray(says.enum))
    return isList && Object.keys(says).every(key => beside.has(key)) ? valuesOf([{ value: says }]) : undefined
  })
  if (lists.length === 0 || lists.includes(undefined)) return undefined
  const types = branches.map(([only]) => typesOf(only === undefined ? [] : [only]))
  const values = lists.flatMap((list, at) => (list ?? []).filter(value => isOfType(value, types[at])))
  const written = values.map(value => JSON.stringify(value))
  const isAlone = (text: string): boolean => written.indexOf(text) === written.lastIndexOf(text)
  return keyword === 'oneOf' ? values.filter((_, at) => isAlone(written[at] ?? '')) : values
}

/** Up to this pick alternatives are taken in turn; later ones mix them, and make sure that no second one matches. */
export const turns = 4

/** The branches in the order in which they are tried: by turns, null last, and no deep one where it has to end. */
export function inOrder(
  { owner, branches, isOptional }: Union,
  pick: number,
  depth: number,
): readonly (readonly Source[])[] {
  const isNull = (branch: readonly Source[]): boolean => branch.some(({ value }) => memberOf(value, 'type') === 'null')
  const valued = branches.filter(branch => !isNull(branch))
  const shallow = depth > 0 ? valued : valued.filter(branch => !branch.some(isDeep))
  const first = shallow.length > 0 ? shallow : valued
  const start = (pick < turns ? pick : hash(pick, owner.pointer)) % Math.max(1, first.length)
  const rotated = [...first.slice(start), ...first.slice(0, start)]
  return [
    ...rotated,
    ...valued.filter(branch => !first.includes(branch)),
    ...branches.filter(isNull),
    ...(isOptional ? [[]] : []),
  ]
}

/** What a taken alternative means for the rest: its name in the discriminator, and that no other one matches too. */
export function decisions(
  root: unknown,
  union: Union,
  branch: readonly Source[],
  together: readonly Applying[],
  pick: number,
): Applying[] {
  const found: Applying[] = []
  for (const { value } of together) {
    const discriminator = memberOf(value, 'discriminator')
    const property = memberOf(discriminator, 'propertyName')
    const heir = branch.find(({ pointer }) => pointer.startsWith('#/'))
    if (value !== union.owner.value || typeof property !== 'string' || heir === undefined) continue
    found.push(hint(property, nameIn(discriminator, heir)))
  }
  if (union.keyword !== 'oneOf') return found
  const own = new Set(
    partsOf(root, branch).flatMap(({ value }) => Object.keys(recordOf(memberOf(value, 'properties')))),
  )
  const needed = new Set(together.flatMap(({ value }) => listOf(memberOf(value, 'required'))))
  const strict = pick >= turns
  const avoided: string[] = []
  const spoilt: Record<string, unknown> = {}
  for (const alternative of union.branches) {
    if (alternative === branch) continue
    const other = partsOf(root, alternative)
    const required = other.flatMap(({ value }) => listOf(memberOf(value, 'required')))
    const missing = required.find(name => !needed.has(name) && (strict || !own.has(name)))
    if (missing !== undefined) avoided.push(missing)
    else if (strict) Object.assign(spoilt, spoiling(other, own))
  }
  return [...found, { value: {}, pointer: '', trail: undefined, avoided, spoilt }]
}

/** The schemas of an alternative, with those that they are put together from. */
function partsOf(root: unknown, branch: readonly Source[]): Source[] {
  return branch.flatMap(source => {
    const parts = memberOf(source.value, 'allOf')
    if (!Array.isArray(parts) || isEndless(source)) return [source]
    return [source, ...parts.flatMap((_, at) => partsOf(root, inside(root, source, 'allOf', at)))]
  })
}

/** A member that an alternative would not accept, so that it does not match as well. */
function spoiling(other: readonly Source[], own: ReadonlySet<string>): Record<string, unknown> {
  for (const { value } of other) {
    for (const [name, schema] of Object.entries(recordOf(memberOf(value, 'properties')))) {
      const types = typesIn(schema)
      if (own.has(name) || types.length === 0 || memberOf(schema, '$ref') !== undefined) continue
      return { [name]: { type: types.includes('string') ? 'boolean' : 'string' } }
    }
  }
  return {}
}

/** Whether alternatives go together with the rest, as far as types, lists of values and required members tell. */
export function isPossible(applying: readonly Applying[]): boolean {
  const types = typesOf(applying)
  if (types?.length === 0) return false
  const values = valuesOf(applying)?.filter(value => isOfType(value, types))
  if (values?.length === 0) return false
  const required = new Set(applying.flatMap(({ value }) => listOf(memberOf(value, 'required'))))
  for (const name of required) {
    const schemas = applying.map(({ value }) => memberOf(memberOf(value, 'properties'), name))
    if (schemas.includes(false)) return false
    const lists = valuesOf(schemas.map(value => ({ value })))
    if (lists?.length === 0) return false
  }
  return true
}
