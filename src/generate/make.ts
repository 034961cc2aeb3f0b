import { callFaker } from './faker.ts'
import { type Dice, likely, one, whole, word } from './likely.ts'
import type { Settings } from './settings.ts'
import { fits, fitsNumber, type JsonType, type NumberShape, regex, type Shape } from './shape.ts'
import { makeText } from './text.ts'

/** How values are made of a shape. */
export type Manner = {
  readonly dice: Dice
  /** How likely an optional member is there, from 0 to 1. */
  readonly optionals: number
  /** Whether documented examples of members are taken. */
  readonly examples: boolean
  /** Leaves out what names say, and faker. */
  readonly isPlain: boolean
  readonly settings: Settings
  /** Told what of the document could not be obeyed. */
  readonly note: (text: string) => void
}

/** Tries at a value that differs from others. */
const maxTries = 20

/** Lists inside of this many lists have one item. */
const listsInFull = 1

/** A value of a shape; what the shape does not show, such as a `not` with members, may still be against it. */
export function make(shape: Shape, manner: Manner, lists = 0): unknown {
  const { dice } = manner
  if (manner.examples) {
    const example = shape.examples.find(value => fits(shape, value))
    if (example !== undefined) return example
  }
  if (shape.values !== undefined) return one(dice, shape.values)
  if (shape.faker !== undefined && !manner.isPlain) {
    const faked = callFaker(shape.faker, Math.floor(dice() * 2 ** 31), manner.settings.locale)
    if ('says' in faked) manner.note(faked.says)
    else {
      const value = asType(faked.value, shape)
      if (fits(shape, value)) return value
    }
  }
  for (let tries = 0; tries < maxTries; tries += 1) {
    const value = ofType(typeFor(shape, dice), shape, manner, lists)
    if (shape.excluded.length === 0 || !shape.excluded.includes(JSON.stringify(value))) return value
  }
  return null
}

/** A value rather than null. */
function typeFor({ types }: Shape, dice: Dice): JsonType {
  const [only] = types
  if (types.length === 1 && only !== undefined) return only
  const valued = types.filter(type => type !== 'null')
  return one(dice, valued.length > 0 ? valued : types)
}

function ofType(type: JsonType, shape: Shape, manner: Manner, lists: number): unknown {
  switch (type) {
    case 'null':
      return null
    case 'boolean':
      return manner.dice() < 0.5
    case 'integer':
    case 'number':
      return makeNumber(shape.number, type, shape.name, manner)
    case 'string': {
      const { minLength = 0, maxLength = Number.POSITIVE_INFINITY } = manner.settings
      const { text } = shape
      if (text.content !== undefined) {
        const written = encoded(JSON.stringify(make(text.content, manner, lists)), text.encoding)
        if (written !== undefined) return written
      }
      const least = Math.min(Math.max(text.least, minLength), text.most)
      const isFree = text.patterns.length === 0 && text.formats.length === 0
      const sized = isFree ? { ...text, least, most: Math.max(least, Math.min(text.most, maxLength)) } : text
      return makeText(sized, shape.name, manner.dice, manner.isPlain)
    }
    case 'array':
      return makeList(shape, manner, lists)
    case 'object':
      return makeObject(shape, manner, lists)
    default:
      // A type that JSON Schema does not know.
      return null
  }
}

/** A text in the encoding that the schema states; `undefined` for one that is not known. Source: RFC 4648. */
function encoded(text: string, encoding: string | undefined): string | undefined {
  if (encoding === undefined) return text
  return encoding === 'base64' || encoding === 'base64url' ? Buffer.from(text).toString(encoding) : undefined
}

/** Faker gives texts where numbers are wanted, and the other way round. */
function asType(value: unknown, { types }: Shape): unknown {
  if (types.includes('string') && typeof value !== 'string' && !types.includes(typeof value as JsonType))
    return typeof value === 'object' ? JSON.stringify(value) : String(value)
  if (typeof value === 'string' && !types.includes('string') && value.trim() !== '') {
    const number = Number(value)
    if (!Number.isNaN(number)) return types.includes('number') ? number : Math.round(number)
  }
  if (typeof value === 'number' && types.includes('integer') && !types.includes('number')) return Math.round(value)
  return value
}

const int32 = 2 ** 31 - 1

function makeNumber(shape: NumberShape, type: 'integer' | 'number', name: string, { dice, isPlain }: Manner): number {
  const isWhole = type === 'integer' || shape.formats.some(format => format.startsWith('int'))
  const expected = isPlain ? undefined : likely(name, isWhole ? 'integer' : 'number', dice)
  const [step] = shape.steps
  if (typeof expected === 'number' && step === undefined && fitsNumber(shape, expected)) return expected
  const { least, most } = bounds(shape)
  if (step !== undefined) return multiple(shape, step, least, most, isWhole, dice)
  if (isWhole) {
    const from = Math.ceil(least) + (shape.isLeastExclusive && Number.isInteger(least) ? 1 : 0)
    const to = Math.floor(most) - (shape.isMostExclusive && Number.isInteger(most) ? 1 : 0)
    return whole(dice, from, Math.max(from, shape.formats.includes('int32') ? Math.min(to, int32) : to))
  }
  const exact = least + dice() * (most - least)
  const rounded = Number(exact.toFixed(2))
  return [rounded, exact, (least + most) / 2].find(value => fitsNumber(shape, value)) ?? exact
}

/** The range that a number is taken from, a thousand wide where the schema leaves an end open. */
function bounds({ least, most, steps }: NumberShape): { least: number; most: number } {
  const width = Math.max(1_000, ...steps.map(step => step * 10))
  if (least === Number.NEGATIVE_INFINITY && most === Number.POSITIVE_INFINITY) return { least: 1, most: width }
  if (least === Number.NEGATIVE_INFINITY) return { least: Math.min(most - width, most > 0 ? 0 : most - width), most }
  if (most === Number.POSITIVE_INFINITY) return { least, most: least + width }
  // A range as wide as the type is no hint at a usual value.
  if (most - least > 1e9 && least <= 0 && most >= width) return { least: Math.max(least, 0), most: width }
  return { least, most }
}

function multiple(shape: NumberShape, step: number, least: number, most: number, isWhole: boolean, dice: Dice): number {
  const [from, to] = [Math.ceil(least / step), Math.floor(most / step)]
  const decimals = (String(step).split('.')[1] ?? '').length
  for (let tries = 0; tries < maxTries * 5; tries += 1) {
    const value = Number((whole(dice, from, Math.max(from, to)) * step).toFixed(decimals))
    if (fitsNumber(shape, value) && (!isWhole || Number.isInteger(value))) return value
  }
  // What is no multiple to a computer may be one to people: 0.3 of 0.1.
  for (let count = from; count <= Math.min(to, from + maxTries); count += 1) {
    const value = Number((count * step).toFixed(decimals))
    if (fitsNumber({ ...shape, steps: [] }, value)) return value
  }
  return from * step
}

function makeList(shape: Shape, manner: Manner, lists: number): unknown[] {
  const { prefix, items, least, most, unique, contains } = shape.list
  const { dice, settings } = manner
  const made: unknown[] = []
  const seen = new Set<string>()
  const add = (of: Shape): void => {
    for (let tries = 0; tries < maxTries; tries += 1) {
      const value = make(of, tries === 0 ? manner : { ...manner, examples: false, isPlain: tries > 3 }, lists + 1)
      const text = unique ? JSON.stringify(value) : ''
      if ((unique && seen.has(text)) || isOneTooMany(value, made, contains)) continue
      seen.add(text)
      made.push(value)
      return
    }
  }
  for (const of of prefix) add(of)
  for (const { shape: of, least: count } of contains) for (let at = 0; at < count; at += 1) add(of)
  if (items === undefined) return made
  const usual = lists > listsInFull ? 1 : 1 + Math.floor(dice() * 2)
  const wanted = Math.max(usual, settings.minItems ?? 0)
  const count = Math.max(least, Math.min(most, settings.maxItems ?? Number.POSITIVE_INFINITY, wanted))
  const values = unique ? items.values : undefined
  if (values !== undefined && made.length === 0) return shuffled(values, dice).slice(0, count)
  while (made.length < count) {
    const before = made.length
    add(items)
    if (made.length === before) break
  }
  return made
}

/** Whether a value is of a shape, as far as its members tell. */
function isOf(shape: Shape, value: unknown): boolean {
  if (!fits(shape, value)) return false
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return true
  return shape.object.members.every(({ name, shape: of, required }) => {
    if (!Object.hasOwn(value, name)) return !required
    return isOf(of, (value as Record<string, unknown>)[name])
  })
}

/** Whether a list has as many items of a kind as it may have, and this is another. */
function isOneTooMany(value: unknown, made: readonly unknown[], contains: Shape['list']['contains']): boolean {
  return contains.some(
    ({ shape, most }) =>
      most !== Number.POSITIVE_INFINITY && isOf(shape, value) && made.filter(one => isOf(shape, one)).length >= most,
  )
}

function shuffled(values: readonly unknown[], dice: Dice): unknown[] {
  const left = [...values]
  return values.map(() => left.splice(Math.floor(dice() * left.length), 1)[0])
}

function makeObject(shape: Shape, manner: Manner, lists: number): Record<string, unknown> {
  const { members, others, byPattern, names, least, most, together } = shape.object
  const { dice } = manner
  const taken = new Set(members.filter(member => member.required).map(member => member.name))
  for (const { name, required } of members) {
    if (required || taken.size >= most) continue
    if (manner.optionals >= 1 || dice() < manner.optionals || members.length <= least) taken.add(name)
  }
  for (const { name } of members) if (taken.size < least) taken.add(name)
  for (let round = 0; round < together.size; round += 1)
    for (const [name, needed] of together) if (taken.has(name)) for (const other of needed) taken.add(other)
  const made: Record<string, unknown> = {}
  const set = (name: string, value: unknown): void => {
    // Assigning to `__proto__` would not make a member of that name; for all others it is much cheaper.
    if (name !== '__proto__') made[name] = value
    else Object.defineProperty(made, name, { value, configurable: true, enumerable: true, writable: true })
  }
  for (const { name, shape: of } of members) if (taken.has(name)) set(name, make(of, manner, lists))
  for (const name of taken) if (!Object.hasOwn(made, name)) set(name, others ? make(others, manner, lists) : word(dice))
  if (members.length === 0 && byPattern.length === 0 && others === undefined) return made
  const free = members.length === 0 && manner.optionals > 0 ? Math.min(most, Math.max(least, 1)) : least
  for (let tries = 0; Object.keys(made).length < free && tries < free * maxTries; tries += 1) {
    const rule = byPattern[tries % Math.max(1, byPattern.length)]
    if (rule === undefined && others === undefined) break
    const like = rule === undefined ? undefined : textOf(rule.pattern, manner)
    const isName = like !== undefined && (names === undefined || fits(names, like))
    const name = isName ? like : nameOf(names, manner, tries)
    const [own, second] = byPattern.filter(({ pattern }) => regex(pattern)?.test(name) === true)
    const of = own?.shape ?? others
    // What two patterns want of a value is not put together.
    if (of === undefined || second !== undefined) continue
    if (!shape.object.avoided.has(name) && !Object.hasOwn(made, name)) set(name, make(of, manner, lists))
  }
  return made
}

function nameOf(names: Shape | undefined, manner: Manner, tries: number): string {
  if (names !== undefined) return String(make(names, { ...manner, examples: false }))
  return tries < 5 ? word(manner.dice) : `${word(manner.dice)}${tries}`
}

function textOf(pattern: string, { dice }: Manner): string {
  const free = { least: 0, most: Number.POSITIVE_INFINITY, patterns: [pattern], formats: [], encoding: undefined }
  return makeText(free, '', dice, true)
}
