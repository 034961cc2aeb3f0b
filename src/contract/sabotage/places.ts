import type { Part } from '../../model/index.ts'

/** A step into a value: the name of a member, or `null` for whichever item or member comes first. */
export type Step = string | null

/** A schema of the document, and where in a value it applies. */
export type Place = { readonly schema: Part; readonly at: readonly Step[] }

/** Schemas may contain themselves; nobody looks deeper than this. */
const maxDepth = 8
/** So many places of one body are looked at. */
const maxPlaces = 400

/** Every schema within a schema, from the outside in, with the place of the values that it is about. */
export function placesIn(schema: Part): Place[] {
  const places: Place[] = []
  const waiting: Place[] = [{ schema, at: [] }]
  const seen = new Set<string>()
  for (let next = waiting.shift(); next !== undefined && places.length < maxPlaces; next = waiting.shift()) {
    const key = `${next.schema.pointer} ${next.at.join('/')}`
    if (seen.has(key) || next.at.length > maxDepth) continue
    seen.add(key)
    places.push(next)
    waiting.push(...inside(next))
  }
  return places
}

function inside({ schema, at }: Place): Place[] {
  const found: Place[] = []
  for (const union of ['allOf', 'oneOf', 'anyOf']) {
    for (const [, branch] of schema.get(union)?.entries() ?? []) found.push({ schema: branch, at })
  }
  for (const [name, member] of schema.get('properties')?.entries() ?? [])
    found.push({ schema: member, at: [...at, name] })
  for (const [at0, item] of schema.get('prefixItems')?.entries() ?? []) found.push({ schema: item, at: [...at, at0] })
  const items = schema.get('items')
  if (items !== undefined) found.push({ schema: items, at: [...at, null] })
  const others = schema.get('additionalProperties')
  if (others !== undefined && typeof others.value === 'object' && schema.get('properties') === undefined) {
    found.push({ schema: others, at: [...at, null] })
  }
  return found
}

/** Other values that might stand at a place instead of the one there; `undefined` where nothing stands. */
export type Edits = (value: unknown) => Iterable<unknown>

/** The whole with one place edited, for each edit there is; nothing where the way does not lead there. */
export function* edited(whole: unknown, at: readonly Step[], edits: Edits): Generator<unknown> {
  const [step, ...rest] = at
  if (step === undefined) {
    yield* edits(whole)
    return
  }
  if (typeof whole !== 'object' || whole === null) return
  const name = step ?? Object.keys(whole)[0]
  if (name === undefined) return
  const there = Object.hasOwn(whole, name)
  // What is not there may still be put there, but nothing inside it.
  if (!there && (rest.length > 0 || Array.isArray(whole))) return
  const inner: unknown = there ? (whole as Record<string, unknown>)[name] : undefined
  for (const value of edited(inner, rest, edits)) yield replaced(whole, name, value)
}

function replaced(whole: object, name: string, value: unknown): unknown {
  if (Array.isArray(whole)) return whole.map((item: unknown, at) => (String(at) === name ? value : item))
  return Object.fromEntries([...Object.entries(whole).filter(([key]) => key !== name), [name, value]])
}

/** A place as people write it: `items[0].name`, or `the body`. */
export function nameOf(at: readonly Step[]): string {
  const text = at.map((step, index) => (step === null ? '[0]' : index === 0 ? step : `.${step}`)).join('')
  return text === '' ? 'the body' : text
}
