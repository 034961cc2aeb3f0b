import { formatFragment, parsePointer, resolvePointer } from '../finding/index.ts'

type Node = Readonly<Record<string, unknown>>

/**
 * What a discriminator says of a value: the branch or heir that it names; `plain` when it names none and the schema is to
 * be judged as if there were no discriminator; `unknown` when it names something that there is not.
 */
export type Choice<Named> = { readonly named: Named } | 'plain' | 'unknown'

/** A discriminator with what its names stand for. */
export type Chooser<Named> = {
  readonly property: string
  /** The names that a value may bear. */
  readonly names: readonly string[]
  choose(value: unknown): Choice<Named>
}

/** A schema that a discriminator names in the place of another. */
export type Heir = {
  readonly pointer: string
  /** Whether it is put together with the other, so that its demands hold the other's as well. */
  readonly isExtending: boolean
}

/** References that lead to references. */
const maxHops = 100

/**
 * The discriminator of alternatives that are references. Names are those of the mapping, else those that an alternative
 * lists for the property, else the name of its schema. Source: OpenAPI 3.1.1, section 4.8.25; for `defaultMapping`
 * OpenAPI 3.2.0, section 4.25.
 *
 * @param branches the list of `oneOf` or `anyOf`
 * @returns `undefined` where it does not tell the alternatives apart
 */
export function branchChooser(root: unknown, discriminator: unknown, branches: unknown): Chooser<number> | undefined {
  const property = memberOf(discriminator, 'propertyName')
  if (typeof property !== 'string' || !Array.isArray(branches)) return undefined
  const places = branches.map(branch => placeOf(root, memberOf(branch, '$ref')))
  const isClosed = branches.every((branch, at) => places[at]?.pointer !== undefined || isNothing(branch))
  const indexOf = (target: string): number =>
    places.findIndex(place => place !== undefined && isAt(root, place, target))
  const candidates = places.flatMap((place, at) => (place === undefined ? [] : [{ place, named: at }]))
  if (candidates.length === 0) return undefined
  const mappedTo = (target: string): number | undefined => {
    const at = indexOf(target)
    return at === -1 ? undefined : at
  }
  return chooser(root, discriminator, { property, candidates, isClosed, extended: [], also: [], mappedTo })
}

/**
 * The discriminator of a schema that others extend with `allOf`; the names stand for those.
 *
 * @returns `undefined` where nothing extends it
 */
export function heirChooser(root: unknown, schema: unknown): Chooser<Heir> | undefined {
  const discriminator = memberOf(schema, 'discriminator')
  const property = memberOf(discriminator, 'propertyName')
  if (typeof property !== 'string' || hasMember(schema, 'oneOf') || hasMember(schema, 'anyOf')) return undefined
  const heirs = new Map<string, Candidate<Heir>>()
  const add = (place: Place | undefined, isExtending: boolean): void => {
    if (place === undefined || place.schema === schema || heirs.has(place.pointer)) return
    heirs.set(place.pointer, { place, named: { pointer: place.pointer, isExtending } })
  }
  for (const place of familyOf(root).heirsOf(schema)) add(place, true)
  for (const target of Object.values(recordOf(memberOf(discriminator, 'mapping'))))
    add(placeOf(root, refOf(target)), false)
  if (heirs.size === 0) return undefined
  return chooser(root, discriminator, {
    property,
    candidates: [...heirs.values()],
    isClosed: true,
    extended: [schema, ...[...heirs.values()].map(({ place }) => place.schema)],
    also: [...listedValues(root, schema, property), ...familyOf(root).namesOf(schema)],
    mappedTo: target => heirs.get(placeOf(root, refOf(target))?.pointer ?? '')?.named,
  })
}

/** Whether a reference stands in the `allOf` of a schema that extends what it leads to. */
export function isInheritance(root: unknown, referrer: unknown): boolean {
  return typeof referrer === 'object' && referrer !== null && familyOf(root).referrers.has(referrer)
}

type Candidate<Named> = { readonly place: Place; readonly named: Named }

type Choosing<Named> = {
  readonly property: string
  readonly candidates: readonly Candidate<Named>[]
  /** Whether nothing else may be named. */
  readonly isClosed: boolean
  /** Schemas that candidates extend: what those list says nothing of one that does. */
  readonly extended: readonly unknown[]
  /** Names that stand for no candidate and are right. */
  readonly also: readonly string[]
  readonly mappedTo: (target: string) => Named | undefined
}

function chooser<Named>(root: unknown, discriminator: unknown, choosing: Choosing<Named>): Chooser<Named> {
  const { property, candidates, isClosed, extended, also, mappedTo } = choosing
  const known = new Map<string, Choice<Named>>()
  const isMapped = new Set<Named>()
  for (const [name, target] of Object.entries(recordOf(memberOf(discriminator, 'mapping')))) {
    const named = typeof target === 'string' ? mappedTo(target) : undefined
    if (named !== undefined) isMapped.add(named)
    // What is mapped to something that is no alternative is not decided by the mapping.
    known.set(name, named === undefined ? 'plain' : { named })
  }
  const listedBy = new Map<string, Named[]>()
  for (const { place, named } of candidates) {
    const others = extended.filter(schema => schema !== place.schema)
    const listed = listedValues(root, place.schema, property, new Set(others))
    for (const own of isMapped.has(named) ? [] : namesOf(place)) {
      if (!known.has(own) && (listed.length === 0 || listed.includes(own))) known.set(own, { named })
    }
    for (const name of listed) listedBy.set(name, [...(listedBy.get(name) ?? []), named])
  }
  for (const [name, [only, ...more]] of listedBy) {
    if (known.has(name)) continue
    known.set(name, only === undefined || more.length > 0 ? 'plain' : { named: only })
  }
  for (const name of also) if (!known.has(name)) known.set(name, 'plain')
  const fallback = memberOf(discriminator, 'defaultMapping')
  const otherwise = typeof fallback === 'string' ? mappedTo(fallback) : undefined
  const unnamed: Choice<Named> = otherwise === undefined ? 'plain' : { named: otherwise }
  const unknown: Choice<Named> = otherwise === undefined ? (isClosed ? 'unknown' : 'plain') : { named: otherwise }
  return {
    property,
    names: [...known.keys()],
    choose: value => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'plain'
      const name = memberOf(value, property)
      if (name === undefined) return unnamed
      // What a name means that is no text is not said.
      return typeof name === 'string' ? (known.get(name) ?? unknown) : 'plain'
    },
  }
}

/** Where a reference leads in the end. */
type Place = { readonly pointer: string; readonly schema: unknown }

function placeOf(root: unknown, ref: unknown): Place | undefined {
  let at = ref
  for (let hops = 0; hops < maxHops; hops += 1) {
    if (typeof at !== 'string' || !at.startsWith('#')) return undefined
    const tokens = parsePointer(at)
    const schema = resolvePointer(root, tokens)
    if (schema === undefined) return undefined
    const next = memberOf(schema, '$ref')
    if (next === undefined) return { pointer: `#${formatFragment(tokens)}`, schema }
    at = next
  }
  return undefined
}

/** A mapping names a schema by a reference or by its bare name. */
function refOf(target: unknown): unknown {
  return typeof target === 'string' && /^[\w.-]+$/.test(target) ? `#/components/schemas/${target}` : target
}

/** Whether a mapping means a place: by reference, or by the name of the file that a bundled schema came from. */
function isAt(root: unknown, { pointer }: Place, target: string): boolean {
  const place = placeOf(root, refOf(target))
  return place === undefined ? lastName(target) === componentIn(pointer) : place.pointer === pointer
}

/** `Cat` of `#/components/schemas/Cat`, of `cats/Cat.yaml` and of `Cat`. */
function lastName(ref: string): string {
  const name = ref.slice(ref.lastIndexOf('/') + 1).replace(/\.(ya?ml|json)$/i, '')
  return name.replaceAll('~1', '/').replaceAll('~0', '~')
}

function namesOf({ pointer, schema }: Place): readonly string[] {
  // What Microsoft's documents call a schema by.
  const stated = memberOf(schema, 'x-ms-discriminator-value')
  if (typeof stated === 'string') return [stated]
  // What it was called in a file of its own.
  const written = memberOf(schema, 'x-contrato-names')
  if (Array.isArray(written)) return written.filter(name => typeof name === 'string')
  const component = componentIn(pointer)
  return component === undefined ? [] : [component]
}

function componentIn(pointer: string): string | undefined {
  const [first, second, name, ...more] = parsePointer(pointer)
  return first === 'components' && second === 'schemas' && more.length === 0 ? name : undefined
}

/** The texts that a schema allows for a property, itself or by what it is put together from; none where it lists none. */
function listedValues(root: unknown, schema: unknown, property: string, seen = new Set<unknown>()): string[] {
  if (seen.has(schema)) return []
  seen.add(schema)
  const own = memberOf(memberOf(schema, 'properties'), property)
  const stated = memberOf(own, '$ref') === undefined ? own : placeOf(root, memberOf(own, '$ref'))?.schema
  const only = memberOf(stated, 'const')
  const listed = only === undefined ? memberOf(stated, 'enum') : [only]
  if (Array.isArray(listed)) return listed.filter(value => typeof value === 'string')
  const parts = memberOf(schema, 'allOf')
  const ref = memberOf(schema, '$ref')
  const inner = [...(Array.isArray(parts) ? parts : []), ...(ref === undefined ? [] : [{ $ref: ref }])]
  for (const part of inner.reverse()) {
    const found = listedValues(root, placeOf(root, memberOf(part, '$ref'))?.schema ?? part, property, seen)
    if (found.length > 0) return found
  }
  return []
}

/** `type: null` beside references is no alternative that an object could be meant for. */
function isNothing(branch: unknown): boolean {
  return memberOf(branch, 'type') === 'null'
}

/** Who extends whom among the components of a document. */
type Family = {
  heirsOf(schema: unknown): readonly Place[]
  namesOf(schema: unknown): readonly string[]
  readonly referrers: WeakSet<object>
}

const families = new WeakMap<object, Family>()

function familyOf(root: unknown): Family {
  if (typeof root !== 'object' || root === null)
    return { heirsOf: () => [], namesOf: () => [], referrers: new WeakSet() }
  const known = families.get(root)
  if (known !== undefined) return known
  const children = new Map<unknown, Place[]>()
  const names = new Map<unknown, readonly string[]>()
  const referrers = new WeakSet<object>()
  for (const [name, schema] of Object.entries(recordOf(memberOf(memberOf(root, 'components'), 'schemas')))) {
    const place = { pointer: `#/components/schemas${formatFragment([name])}`, schema }
    names.set(schema, namesOf(place))
    for (const part of inheritancesOf(schema)) {
      const parent = placeOf(root, memberOf(part, '$ref'))
      if (parent === undefined) continue
      referrers.add(part)
      children.set(parent.schema, [...(children.get(parent.schema) ?? []), place])
    }
  }
  const made: Family = {
    heirsOf: schema => descendants(schema, children),
    namesOf: schema => names.get(schema) ?? [],
    referrers,
  }
  families.set(root, made)
  return made
}

/** What a schema refers to in order to extend it. An alias extends nothing. */
function inheritancesOf(schema: unknown): object[] {
  const parts = memberOf(schema, 'allOf')
  const inner = (Array.isArray(parts) ? parts : []).flatMap(part =>
    hasMember(part, '$ref') ? [part as object] : inheritancesOf(part),
  )
  const isAlias = typeof schema !== 'object' || schema === null || Object.keys(schema).length === 1
  return hasMember(schema, '$ref') && !isAlias ? [schema as object, ...inner] : inner
}

function descendants(schema: unknown, children: ReadonlyMap<unknown, readonly Place[]>): Place[] {
  const found = new Map<unknown, Place>()
  const waiting = [...(children.get(schema) ?? [])]
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (found.has(next.schema)) continue
    found.set(next.schema, next)
    waiting.push(...(children.get(next.schema) ?? []))
  }
  return [...found.values()]
}

function recordOf(value: unknown): Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Node) : {}
}

function hasMember(value: unknown, name: string): boolean {
  return memberOf(value, name) !== undefined
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Node)[name] : undefined
}
