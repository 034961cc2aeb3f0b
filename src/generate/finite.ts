import { Part } from '../model/index.ts'

/** A JSON Schema that holds no reference and comes to an end. */
export type FiniteSchema = boolean | { [keyword: string]: unknown }

/** Keywords that say nothing about which values are valid, and that the generator would trip over. */
const dropped = new Set([
  '$ref',
  'description',
  'title',
  'example',
  'examples',
  'default',
  'discriminator',
  'xml',
  'externalDocs',
  'deprecated',
  '$schema',
  '$id',
  '$comment',
  '$defs',
])

/** Keywords that judge what others bring about; the generator would make up names for them, or trip over a reference. */
const judging = new Set(['patternProperties', 'unevaluatedProperties', 'unevaluatedItems', 'dependentSchemas'])

/**
 * Writes a schema out without references, to the depth given. Below it, and wherever a schema contains itself, optional
 * members are left out and arrays are empty; what is required stays. Of alternatives one is taken, rather a value than
 * null, because the generator makes less of a schema inside `oneOf` than of the same schema alone.
 *
 * @param depth levels of objects and arrays that are written out in full
 * @param pick which of several alternatives to take, counted round and round
 */
export function finite(schema: Part, depth: number, pick: number): FiniteSchema {
  return write(schema, depth, pick, new Set())
}

function write(part: Part, depth: number, pick: number, open: ReadonlySet<string>): FiniteSchema {
  const { value } = part
  if (typeof value !== 'object' || value === null) return value !== false
  // A closed list of values says all there is to make; what stands beside it could only confuse the generator.
  if (Object.hasOwn(value, 'const')) return { const: part.get('const')?.value ?? null }
  if (Array.isArray(part.get('enum')?.value)) return { enum: part.get('enum')?.value }
  const within = new Set(open).add(part.pointer)
  const leads = (member: Part | undefined): boolean =>
    member !== undefined && (within.has(member.pointer) || (depth <= 0 && isDeep(member)))
  const result: Record<string, unknown> = {}
  const alternatives: FiniteSchema[] = []
  for (const [keyword, given] of Object.entries(value)) {
    if (dropped.has(keyword) || keyword.startsWith('x-')) continue
    const member = part.get(keyword)
    const inside = (owner: Part, name: string, levels: number): FiniteSchema =>
      writeMember(owner, name, levels, pick, within)
    if (keyword === 'properties' && member !== undefined) {
      const required = Array.isArray(part.get('required')?.value) ? (part.get('required')?.value as unknown[]) : []
      const kept = [...member.entries()].filter(([name, property]) =>
        required.includes(name) ? !endless(property, within) : !leads(property),
      )
      result.properties = Object.fromEntries(kept.map(([name]) => [name, inside(member, name, depth - 1)]))
    } else if (keyword === 'items' && member !== undefined) {
      const minimum = part.get('minItems')?.value
      const needed = typeof minimum === 'number' && minimum > 0
      if (endless(member, within) || (leads(member) && !needed)) result.maxItems = 0
      else result.items = inside(part, keyword, depth - 1)
    } else if (keyword === 'additionalProperties' && member !== undefined) {
      result.additionalProperties =
        typeof given === 'boolean' || leads(member) ? given === true : inside(part, keyword, depth - 1)
    } else if ((keyword === 'anyOf' || keyword === 'oneOf') && member !== undefined) {
      const branches = [...member.entries()].filter(([, branch]) => !endless(branch, within))
      const valued = branches.filter(([, branch]) => branch.get('type')?.value !== 'null')
      const ending = valued.filter(([, branch]) => !leads(branch))
      const best = [ending, valued, branches].find(choice => choice.length > 0) ?? []
      const [taken] = best[pick % best.length] ?? []
      if (taken !== undefined) alternatives.push(inside(member, taken, depth))
    } else if ((keyword === 'allOf' || keyword === 'prefixItems') && member !== undefined) {
      result[keyword] = [...member.entries()]
        .filter(([, branch]) => !endless(branch, within))
        .map(([name]) => inside(member, name, depth))
    } else if (['not', 'if', 'then', 'else', 'contains', 'propertyNames'].includes(keyword) && member !== undefined) {
      if (!endless(member, within)) result[keyword] = inside(part, keyword, depth - 1)
    } else if (!judging.has(keyword)) {
      result[keyword] = given
    }
  }
  settleSizes(result)
  settleNumber(result)
  settlePattern(result)
  return join(result, alternatives)
}

/** A member, and what stands beside its reference, which applies as well. Source: JSON Schema 2020-12, section 8.2.3.1. */
function writeMember(owner: Part, name: string, depth: number, pick: number, open: ReadonlySet<string>): FiniteSchema {
  const target = owner.get(name)
  if (target === undefined) return true
  const written = write(target, depth, pick, open)
  const raw = (owner.value as Record<string, unknown>)[name]
  if (typeof raw !== 'object' || raw === null || !Object.hasOwn(raw, '$ref')) return written
  const beside = Object.fromEntries(Object.entries(raw).filter(([key]) => !dropped.has(key) && !key.startsWith('x-')))
  if (Object.keys(beside).length === 0) return written
  // A place of its own in the document lets what it refers to be found, and itself be recognised.
  const key = `${owner.pointer}/${name} beside its reference`
  const part = Part.of({ ...(owner.root as object), [key]: beside }).get(key)
  return part === undefined ? written : { allOf: [written, write(part, depth, pick, open)] }
}

/** Sizes up to which values are made: real limits are often so high that a value at the limit would fill the memory. */
const sizes = [
  { least: 'minItems', most: 'maxItems', usual: 3, ever: 1_000 },
  { least: 'minProperties', most: 'maxProperties', usual: 30, ever: 1_000 },
  { least: 'minLength', most: 'maxLength', usual: 40, ever: 100_000 },
] as const

/** Values are kept small where the schema lets them. What has to be larger than can be made comes out too small. */
function settleSizes(schema: Record<string, unknown>): void {
  for (const { least, most, usual, ever } of sizes) {
    const needed = typeof schema[least] === 'number' ? schema[least] : 0
    if (needed > ever) schema[least] = ever
    if (typeof schema[most] === 'number') schema[most] = Math.min(schema[most], Math.max(needed, usual), ever)
  }
}

/** Beyond this the generator needs both bounds of a number to stay between them. */
const maxUnbounded = 1_000

function settleNumber(schema: Record<string, unknown>): void {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema
  const least = [minimum, exclusiveMinimum].find(bound => typeof bound === 'number')
  const most = [maximum, exclusiveMaximum].find(bound => typeof bound === 'number')
  const width = Math.max(maxUnbounded, typeof multipleOf === 'number' ? multipleOf * 10 : 0)
  if (typeof least === 'number' && most === undefined && least >= maxUnbounded) schema.maximum = least + width
  if (typeof most === 'number' && least === undefined && most <= -maxUnbounded) schema.minimum = most - width
}

/** The generator stretches a text to its length without looking at the pattern; one repeated letter can say both. */
function settlePattern(schema: Record<string, unknown>): void {
  const { pattern, minLength = 0, maxLength } = schema
  if (typeof pattern !== 'string' || typeof minLength !== 'number') return
  const [, start = '', letter, repeated, end = ''] =
    /^(\^?)(\[(?:[^\]\\]|\\.)+\]|\\[dw])([+*])(\$?)$/.exec(pattern) ?? []
  if (letter === undefined) return
  const least = Math.max(minLength, repeated === '+' ? 1 : 0)
  const most = typeof maxLength === 'number' ? Math.min(maxLength, least + 10) : least + 10
  if (least <= most) schema.pattern = `${start}${letter}{${least},${most}}${end}`
}

/** A schema with the alternatives that were taken; alone, an alternative stands for itself. */
function join(result: Record<string, unknown>, alternatives: readonly FiniteSchema[]): FiniteSchema {
  const [only] = alternatives
  if (only === undefined) return result
  if (alternatives.length === 1 && Object.keys(result).length === 0) return only
  const before = Array.isArray(result.allOf) ? result.allOf : []
  return { ...result, allOf: [...before, ...alternatives] }
}

function endless(part: Part, open: ReadonlySet<string>): boolean {
  return open.has(part.pointer)
}

function isDeep(part: Part): boolean {
  return ['properties', 'items', 'allOf', 'anyOf', 'oneOf', 'additionalProperties'].some(
    keyword => typeof part.get(keyword)?.value === 'object',
  )
}
