import { parsePointer } from '../finding/index.ts'
import { type Part, type Schema, SchemaUnusable } from '../model/index.ts'
import { turns } from './alternatives.ts'
import { type Manner, make } from './make.ts'
import { dice, hash } from './seed.ts'
import { settingsOf } from './settings.ts'
import type { Shape } from './shape.ts'
import { type Shaping, shapeOf } from './shaper.ts'
import { usualOf } from './usual.ts'

/**
 * A value made for a schema, or why none could be and what comes nearest. `notes` say what of the document was not obeyed.
 */
export type Sample =
  | { readonly kind: 'made'; readonly value: unknown; readonly notes?: readonly string[] }
  | { readonly kind: 'impossible'; readonly says: string; readonly nearest: unknown }

export type SampleOptions = {
  /** Whether the documented examples of members are taken; by default they are. */
  readonly examples?: boolean
}

type Attempt = { readonly depth: number; readonly optionals: number; readonly pick: number; readonly isPlain?: boolean }

/** From rich to poor, each with the next alternatives: the way to a value that is accepted ends with the smallest. */
const attempts: readonly Attempt[] = [
  { depth: 3, optionals: 1, pick: 0 },
  { depth: 3, optionals: 1, pick: 1 },
  { depth: 2, optionals: 0.5, pick: 2 },
  { depth: 2, optionals: 0, pick: 0 },
  { depth: 2, optionals: 0, pick: 1, isPlain: true },
  { depth: 2, optionals: 1, pick: turns },
  { depth: 2, optionals: 0, pick: turns + 1 },
  { depth: 1, optionals: 0.5, pick: turns + 2, isPlain: true },
  { depth: 0, optionals: 0, pick: 0, isPlain: true },
  { depth: 0, optionals: 0, pick: 1, isPlain: true },
  { depth: 0, optionals: 0, pick: 2, isPlain: true },
  { depth: 0, optionals: 0, pick: 3, isPlain: true },
  { depth: 1, optionals: 0, pick: turns + 3, isPlain: true },
  { depth: 1, optionals: 1, pick: turns + 4, isPlain: true },
]

/** Places of a schema that are written out at once; a larger one is written out less deeply. */
const maxPlaces = 700

/** Faults that are mended in one value before another is made. */
const maxRepairs = 12

/** What is known of a schema beyond one value. */
type Known = { readonly shapings: Map<string, Shaping>; failures: number; impossible?: Sample }

const remembered = new WeakMap<object, Known>()

/** After so many seeds in vain a schema counts as impossible; trying takes long. */
const enoughFailures = 2

/**
 * A value that the schema accepts, the same for the same seed. Everything made is validated before it is returned; what
 * the validator objects to is mended, or made again with less in it.
 */
export function sample(schema: Schema, part: Part, seed: number, options: SampleOptions = {}): Sample {
  try {
    return makeAccepted(schema, part, seed, options)
  } catch (error) {
    if (error instanceof SchemaUnusable) return unjudged(part, seed, schema.side, error.message)
    throw error
  }
}

/** The nearest there is to a value for a schema that no validator can be made of, or that contradicts itself somewhere. */
function unjudged(part: Part, seed: number, side: Schema['side'], says: string): Sample {
  const settings = settingsOf(part.root)
  const shape = [2, 1, 0]
    .map(depth => shapeOf(part.root, part, { depth, pick: 0, side, isLenient: true }))
    .find((made, at) => made.shape !== undefined && (made.size <= maxPlaces || at === 2))?.shape
  if (shape === undefined) return { kind: 'impossible', says, nearest: null }
  const manner = { dice: dice(seed), optionals: 1, examples: true, isPlain: false, settings, note: () => {} }
  return { kind: 'impossible', says, nearest: make(shape, manner) }
}

function makeAccepted(schema: Schema, part: Part, seed: number, options: SampleOptions): Sample {
  const known = knownOf(part)
  if (known.impossible !== undefined) return known.impossible
  const settings = settingsOf(part.root)
  let says = 'nothing that the generator makes is accepted'
  let nearest: unknown = null
  for (const [at, attempt] of attempts.entries()) {
    const pick = attempt.pick < turns ? (attempt.pick + seed) % turns : attempt.pick + 16 * (seed % turns)
    const shaping = shaped(known, part, { ...attempt, pick }, schema.side)
    if (shaping.shape === undefined) {
      says = shaping.says
      continue
    }
    const notes = new Set<string>()
    const manner: Manner = {
      dice: dice(at === 0 ? seed : hash('sample', seed, at)),
      optionals: attempt.optionals > 0 ? (settings.optionals ?? attempt.optionals) : 0,
      examples: (options.examples !== false || settings.useExamples) && attempt.isPlain !== true,
      isPlain: attempt.isPlain === true,
      settings,
      note: text => notes.add(text),
    }
    const value = make(shaping.shape, manner)
    if (schema.accepts(value)) return { kind: 'made', value, ...(notes.size > 0 && { notes: [...notes] }) }
    const outcome = repaired(schema, shaping.shape, structuredClone(value), manner)
    if (outcome.says === undefined) return { kind: 'made', value: outcome.value }
    says = outcome.says
    if (nearest === null) nearest = value
  }
  const impossible: Sample =
    nearest === null ? unjudged(part, seed, schema.side, says) : { kind: 'impossible', says, nearest }
  known.failures += 1
  if (known.failures >= enoughFailures) known.impossible = impossible
  return impossible
}

function knownOf(part: Part): Known {
  const { value } = part
  if (typeof value !== 'object' || value === null) return { shapings: new Map(), failures: 0 }
  const known = remembered.get(value) ?? { shapings: new Map(), failures: 0 }
  remembered.set(value, known)
  return known
}

/** What is written out is kept with the schema: that costs more than making a value of it. */
function shaped(known: Known, part: Part, { depth, pick }: Attempt, side: Schema['side']): Shaping {
  const key = `${depth} ${pick} ${side ?? ''}`
  let shaping = known.shapings.get(key)
  for (let level = depth; shaping === undefined; level -= 1) {
    const made = shapeOf(part.root, part, { depth: level, pick, side })
    if (made.shape === undefined || made.size <= maxPlaces || level <= 0) shaping = made
  }
  known.shapings.set(key, shaping)
  return shaping
}

/** Mends what the validator objects to, one place after the other: made again without examples, else left out. */
function repaired(
  schema: Schema,
  shape: Shape,
  broken: unknown,
  manner: Manner,
): { value: unknown; says: string | undefined } {
  const holder = { value: broken }
  const again: Manner = { ...manner, examples: false, isPlain: true }
  const seen = new Map<string, number>()
  for (let rounds = 0; rounds < maxRepairs; rounds += 1) {
    const [fault] = schema.mismatches(holder.value)
    if (fault === undefined) return { value: holder.value, says: undefined }
    const says = `${fault.at || 'the value'} ${fault.says}`
    const times = seen.get(fault.at) ?? 0
    seen.set(fault.at, times + 1)
    const way = wayTo(shape, holder, parsePointer(fault.at))
    const deepest = way.at(-1)
    if (times === 0 && way.length > 1 && deepest !== undefined) {
      deepest.container[deepest.key] = make(deepest.shape, again)
      continue
    }
    const isNext = times === (way.length > 1 ? 1 : 0)
    if (isNext && deepest !== undefined && isReplaced(schema, holder, deepest, fault.at)) continue
    const optional = way.filter(step => step.isOptional).reverse()
    const place = optional[Math.max(0, times - 1)]
    if (place === undefined) return { value: holder.value, says }
    remove(place)
  }
  const [fault] = schema.mismatches(holder.value)
  return { value: holder.value, says: fault && `${fault.at || 'the value'} ${fault.says}` }
}

/** Puts something usual where what was made is not accepted: the shape does not show all that a `not` forbids. */
function isReplaced(schema: Schema, holder: { value: unknown }, { container, key, shape }: Step, at: string): boolean {
  const before = container[key]
  if (typeof before === 'object' && before !== null && Object.keys(before).length > 0) return false
  for (const value of usualOf(shape)) {
    container[key] = value
    if (!schema.mismatches(holder.value).some(fault => fault.at === at)) return true
  }
  container[key] = before
  return false
}

type Step = {
  readonly container: Record<string, unknown>
  readonly key: string
  readonly shape: Shape
  readonly isOptional: boolean
}

/** The places from the whole value down to the one that a pointer names, as far as the shape knows them. */
function wayTo(shape: Shape, holder: { value: unknown }, tokens: readonly string[]): Step[] {
  const steps: Step[] = [{ container: holder, key: 'value', shape, isOptional: false }]
  let here: unknown = holder.value
  let at = shape
  for (const token of tokens) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, token)) return steps
    const container = here as Record<string, unknown>
    if (Array.isArray(here)) {
      const next = at.list.prefix[Number(token)] ?? at.list.items
      if (next === undefined) return steps
      const isOptional = here.length > at.list.least && Number(token) >= at.list.prefix.length
      steps.push({ container, key: token, shape: next, isOptional })
      at = next
    } else {
      const member = at.object.members.find(({ name }) => name === token)
      const next = member?.shape ?? at.object.others ?? at.object.byPattern[0]?.shape
      if (next === undefined) return steps
      const isOptional = member?.required !== true && Object.keys(here).length > at.object.least
      steps.push({ container, key: token, shape: next, isOptional })
      at = next
    }
    here = container[token]
  }
  return steps
}

function remove({ container, key }: Step): void {
  if (Array.isArray(container)) container.splice(Number(key), 1)
  else delete container[key]
}
