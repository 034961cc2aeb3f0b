import { generateSync } from 'json-schema-faker'
import { type Part, type Schema, SchemaUnusable } from '../model/index.ts'
import { type FiniteSchema, finite } from './finite.ts'
import { hash } from './seed.ts'

/** A value made for a schema, or why none could be. */
export type Sample =
  | { readonly kind: 'made'; readonly value: unknown }
  | { readonly kind: 'impossible'; readonly says: string }

/** From rich to poor: what the generator gets wrong with everything in is often right with less. */
const attempts = [
  { depth: 3, optionals: 1 },
  { depth: 2, optionals: 0.5 },
  { depth: 2, optionals: 0 },
  { depth: 0, optionals: 0 },
] as const

const variations = 3

/** Ways to take alternatives that are kept; each is a schema written out. */
const picks = 4

const written = new WeakMap<object, Map<string, FiniteSchema>>()

/** A value that the schema accepts, the same for the same seed. Everything made is validated before it is returned. */
export function sample(schema: Schema, part: Part, seed: number): Sample {
  try {
    return makeAccepted(schema, part, seed)
  } catch (error) {
    if (error instanceof SchemaUnusable) return { kind: 'impossible', says: error.message }
    throw error
  }
}

function makeAccepted(schema: Schema, part: Part, seed: number): Sample {
  let says = 'nothing that the generator makes is accepted'
  for (const { depth, optionals } of attempts) {
    for (let variation = 0; variation < variations; variation += 1) {
      const value = make(
        writtenOut(part, depth, (seed + variation) % picks),
        hash('sample', seed, variation, depth) % 2 ** 31,
        optionals,
      )
      if (value.kind === 'impossible') says = value.says
      else if (schema.accepts(value.value)) return value
      else {
        const [first] = schema.mismatches(value.value)
        if (first !== undefined) says = `${first.at || 'the value'} ${first.says}`
      }
    }
  }
  return { kind: 'impossible', says }
}

/** Written-out schemas are kept with the schema they came from: writing costs as much as generating. */
function writtenOut(part: Part, depth: number, pick: number): FiniteSchema {
  const { value } = part
  if (typeof value !== 'object' || value === null) return value !== false
  const key = `${depth} ${pick}`
  const known = written.get(value) ?? new Map<string, FiniteSchema>()
  written.set(value, known)
  const schema = known.get(key) ?? finite(part, depth, pick)
  known.set(key, schema)
  return schema
}

function make(schema: FiniteSchema, seed: number, optionalsProbability: number): Sample {
  try {
    const value = generateSync(schema, {
      seed,
      optionalsProbability,
      alwaysFakeOptionals: optionalsProbability === 1,
      maxDepth: 60,
      maxDefaultItems: 2,
      formats,
    })
    return { kind: 'made', value }
  } catch (error) {
    return { kind: 'impossible', says: error instanceof Error ? error.message : String(error) }
  }
}

type Random = { int(min: number, max: number): number }
const digits = (random: Random, count: number): string => Array.from({ length: count }, () => random.int(0, 9)).join('')

const year2024 = Date.UTC(2024, 0, 1)
const moment = (random: Random): string =>
  new Date(year2024 + random.int(0, 366 * 86_400 - 1) * 1000 + random.int(0, 999)).toISOString()

/** Formats that the generator has no idea of, or a strange one. */
const formats: Record<string, (random: Random) => string> = {
  'date-time': moment,
  date: random => moment(random).slice(0, 10),
  url: random => `https://example.com/${digits(random, 6)}`,
  uri: random => `https://example.com/${digits(random, 6)}`,
  byte: random => Buffer.from(digits(random, 6)).toString('base64'),
  binary: random => digits(random, 8),
  password: random => `pass-${digits(random, 6)}`,
  'uri-template': random => `https://example.com/{id}/${digits(random, 4)}`,
  regex: () => '^[a-z]+$',
}
