import { readPattern } from '../model/index.ts'
import type { FakerCall } from './faker.ts'

export type JsonType = 'null' | 'boolean' | 'integer' | 'number' | 'string' | 'array' | 'object'

/** A member that an object may or must have. */
export type Member = { readonly name: string; readonly shape: Shape; readonly required: boolean }

/**
 * All that applies to one place of a value, put together: references followed, `allOf` merged, one of each alternatives
 * taken. It comes to an end and holds no contradiction that can be seen without making a value.
 */
export type Shape = {
  /** Where the first of the schemas that apply stands. */
  readonly pointer: string
  /** The name of the member that it describes; of items, the name of the array. */
  readonly name: string
  /** What a value may be, never empty. */
  readonly types: readonly JsonType[]
  /** The only values that are allowed. */
  readonly values: readonly unknown[] | undefined
  /** Values that are forbidden, as JSON. */
  readonly excluded: readonly string[]
  /** Documented values. */
  readonly examples: readonly unknown[]
  readonly faker: FakerCall | undefined
  readonly text: TextShape
  readonly number: NumberShape
  readonly list: ListShape
  readonly object: ObjectShape
}

export type TextShape = {
  readonly least: number
  readonly most: number
  readonly patterns: readonly string[]
  readonly formats: readonly string[]
  readonly encoding: string | undefined
  /** What the text is when it is read as JSON. */
  readonly content?: Shape | undefined
}

export type NumberShape = {
  readonly least: number
  readonly most: number
  /** Whether the bounds themselves are left out. */
  readonly isLeastExclusive: boolean
  readonly isMostExclusive: boolean
  readonly steps: readonly number[]
  readonly formats: readonly string[]
}

export type ListShape = {
  readonly prefix: readonly Shape[]
  /** What comes after the prefix; `undefined` for nothing. */
  readonly items: Shape | undefined
  readonly least: number
  readonly most: number
  readonly unique: boolean
  /** Items that have to be among the others, each so often and not more often. */
  readonly contains: readonly { readonly shape: Shape; readonly least: number; readonly most: number }[]
}

export type ObjectShape = {
  readonly members: readonly Member[]
  /** What members of other names look like; `undefined` where there are none. */
  readonly others: Shape | undefined
  /** Members by the pattern of their names. */
  readonly byPattern: readonly { readonly pattern: string; readonly shape: Shape }[]
  readonly names: Shape | undefined
  readonly least: number
  readonly most: number
  /** Names that a name brings along. */
  readonly together: ReadonlyMap<string, readonly string[]>
  /** Names that would make something else apply. */
  readonly avoided: ReadonlySet<string>
}

/** Whether a documented value is what the place allows, as far as that is seen without looking inside or at a format. */
export function fits(shape: Shape, value: unknown): boolean {
  const type = typeOf(value)
  if (!shape.types.some(allowed => allowed === type || (allowed === 'number' && type === 'integer'))) return false
  const { values, excluded, text, number } = shape
  const written = values !== undefined || excluded.length > 0 ? JSON.stringify(value) : ''
  if (values !== undefined && !values.some(one => JSON.stringify(one) === written)) return false
  if (excluded.includes(written)) return false
  if (typeof value === 'string') return fitsText(text, value)
  if (typeof value === 'number') return fitsNumber(number, value)
  return true
}

export function typeOf(value: unknown): JsonType | undefined {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  if (typeof value === 'boolean' || typeof value === 'string' || typeof value === 'object')
    return typeof value as JsonType
  return undefined
}

/** Length and patterns; characters are counted as JSON Schema counts them, by code point. */
export function fitsText({ least, most, patterns }: TextShape, text: string): boolean {
  const length = lengthOf(text)
  return length >= least && length <= most && patterns.every(pattern => regex(pattern)?.test(text) === true)
}

export function lengthOf(text: string): number {
  let length = text.length
  for (let at = 0; at < text.length; at += 1) if ((text.charCodeAt(at) & 0xfc00) === 0xd800) length -= 1
  return length
}

export function fitsNumber(shape: NumberShape, value: number): boolean {
  const { least, most, isLeastExclusive, isMostExclusive, steps } = shape
  if (isLeastExclusive ? value <= least : value < least) return false
  if (isMostExclusive ? value >= most : value > most) return false
  return steps.every(step => Number.isInteger(value / step))
}

const compiled = new Map<string, RegExp | undefined>()
const maxCompiled = 5_000

/** A pattern as the validator reads it; `undefined` for what is none. */
export function regex(pattern: string): RegExp | undefined {
  if (compiled.has(pattern)) return compiled.get(pattern)
  const made = read(pattern)
  if (compiled.size < maxCompiled) compiled.set(pattern, made)
  return made
}

function read(pattern: string): RegExp | undefined {
  try {
    return readPattern(pattern)
  } catch {
    return undefined
  }
}
