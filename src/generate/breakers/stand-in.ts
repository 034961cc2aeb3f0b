import type { Part, Schema } from '../../model/index.ts'
import { type Manner, make } from '../make.ts'
import { dice, hash } from '../seed.ts'
import { settingsOf } from '../settings.ts'
import { shapeOf } from '../shaper.ts'

/** From what its name and its examples say down to the smallest, each with the next alternatives. */
const ways: readonly { readonly depth: number; readonly pick: number; readonly isPlain: boolean }[] = [
  { depth: 2, pick: 0, isPlain: false },
  { depth: 1, pick: 1, isPlain: false },
  { depth: 0, pick: 0, isPlain: true },
  { depth: 0, pick: 1, isPlain: true },
]

/** Places of a schema that are written out for this; a larger one is written out less deeply. */
const maxPlaces = 200

/** The same member is asked for again and again. */
const remembered = new WeakMap<object, readonly unknown[]>()

/**
 * Values to begin with for a member that a value lacks, best first: what is documented, then what is made up. They have
 * no more in them than they must; whether the schema accepts them is for the caller to see.
 *
 * @param side whose message the value is in
 */
export function standIns(part: Part, side: Schema['side']): readonly unknown[] {
  const { value } = part
  if (typeof value !== 'object' || value === null) return []
  const known = remembered.get(value) ?? [...statedIn(part), ...madeFor(part, side)]
  remembered.set(value, known)
  return known
}

function statedIn(part: Part): unknown[] {
  const stated = [part.get('default'), part.get('example'), part.get('examples')?.get(0)]
  return stated.flatMap(one => (one === undefined ? [] : [one.value]))
}

function madeFor(part: Part, side: Schema['side']): unknown[] {
  const settings = settingsOf(part.root)
  const found = new Map<string, unknown>()
  for (const [at, { depth, pick, isPlain }] of ways.entries()) {
    const shaping = shapeOf(part.root, part, { depth, pick, side })
    if (shaping.shape === undefined || (shaping.size > maxPlaces && depth > 0)) continue
    const chance = dice(hash('stand-in', part.pointer, at))
    const manner: Manner = { dice: chance, optionals: 0, examples: !isPlain, isPlain, settings, note: () => {} }
    const value = make(shaping.shape, manner)
    found.set(JSON.stringify(value), value)
  }
  return [...found.values()]
}
