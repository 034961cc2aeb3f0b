import { type Content, itemOf, ofOwnSide, type Part, propertiesOf } from '../../model/index.ts'

/** What is remembered of a thing: what was sent of it and what was answered. */
export type Thing = Readonly<Record<string, unknown>>

/** Whether a value is one that the schema at hand accepts. */
export type Accepts = (value: unknown) => boolean

/**
 * Shows things as an answer does: the members that its schema describes. Where that describes more than the answer that
 * created the thing, what the thing has nothing of is taken from the answer as it would be without memory.
 *
 * @param schema what the answer is described by
 * @param known what the answer that created the thing is described by
 * @returns a function of a thing and the answer as it would be without memory; `undefined` when no such thing is shown
 */
export function makeView(
  schema: Part | undefined,
  accepts: Accepts,
  known: Part | undefined,
): (thing: Thing, base: unknown) => Thing | undefined {
  const names = propertiesOf(schema)
  const others = propertiesOf(known)
  const isKnown = [...names.keys()].every(name => others.has(name))
  return (thing, base) => {
    const members = Object.entries(thing).filter(([name]) => names.size === 0 || names.has(name))
    if (members.length === 0) return undefined
    const shown = ofOwnSide(Object.fromEntries(members), schema, 'response') as Thing
    const whole = isKnown || !isThing(base) ? shown : { ...base, ...shown }
    if (accepts(whole)) return whole
    if (!isThing(base)) return undefined
    const overlaid: Record<string, unknown> = { ...base }
    for (const [name, value] of Object.entries(shown)) put(overlaid, name, value, () => accepts(overlaid))
    return accepts(overlaid) ? overlaid : undefined
  }
}

/**
 * Sets a member, as far as that is accepted: an object that is not may be one with what stood there before, and `null` may
 * mean that there is none.
 */
export function put(holder: Record<string, unknown>, name: string, value: unknown, accepts: () => boolean): boolean {
  const before = Object.getOwnPropertyDescriptor(holder, name)
  const set = (candidate: unknown): void => {
    Object.defineProperty(holder, name, { value: candidate, configurable: true, enumerable: true, writable: true })
  }
  set(value)
  if (accepts()) return true
  if (isThing(value) && isThing(before?.value)) {
    set({ ...before.value, ...value })
    if (accepts()) return true
  }
  delete holder[name]
  if (value === null && accepts()) return true
  if (before !== undefined) Object.defineProperty(holder, name, before)
  return false
}

/** Where the things stand in the answer of a list: the array itself, or a member of the object that is answered. */
export type ListPlace = { readonly member: string | undefined; readonly item: Part | undefined }

/** @param id the property that names a thing */
export function listPlace({ shape: { schema } }: Content, shown: unknown, id: string): ListPlace | undefined {
  if (Array.isArray(shown)) return { member: undefined, item: itemOf(schema) }
  if (!isThing(shown)) return undefined
  const lists = [...propertiesOf(schema)].flatMap(([member, part]) => {
    const item = itemOf(part)
    return item === undefined ? [] : [{ member, item }]
  })
  const ofThings = lists.find(({ item }) => propertiesOf(item).has(id))
  return ofThings ?? lists.find(({ item }) => propertiesOf(item).size > 0)
}

export function isThing(value: unknown): value is Thing {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
