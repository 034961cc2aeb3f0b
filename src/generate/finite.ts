import type { Part } from '../model/index.ts'

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
  const within = new Set(open).add(part.pointer)
  const leads = (member: Part | undefined): boolean =>
    member !== undefined && (within.has(member.pointer) || (depth <= 0 && isDeep(member)))
  const result: Record<string, unknown> = {}
  const alternatives: FiniteSchema[] = []
  for (const [keyword, given] of Object.entries(value)) {
    if (dropped.has(keyword) || keyword.startsWith('x-')) continue
    const member = part.get(keyword)
    if (keyword === 'properties' && member !== undefined) {
      const required = Array.isArray(part.get('required')?.value) ? (part.get('required')?.value as unknown[]) : []
      const kept = [...member.entries()].filter(([name, property]) =>
        required.includes(name) ? !endless(property, within) : !leads(property),
      )
      result.properties = Object.fromEntries(
        kept.map(([name, property]) => [name, write(property, depth - 1, pick, within)]),
      )
    } else if (keyword === 'items' && member !== undefined) {
      const minimum = part.get('minItems')?.value
      if (leads(member) && !(typeof minimum === 'number' && minimum > 0)) result.maxItems = 0
      else result.items = write(member, depth - 1, pick, within)
    } else if (keyword === 'additionalProperties' && member !== undefined) {
      result.additionalProperties =
        typeof given === 'boolean' || leads(member) ? given === true : write(member, depth - 1, pick, within)
    } else if ((keyword === 'anyOf' || keyword === 'oneOf') && member !== undefined) {
      const branches = [...member.entries()].map(([, branch]) => branch).filter(branch => !endless(branch, within))
      const valued = branches.filter(branch => branch.get('type')?.value !== 'null')
      const ending = valued.filter(branch => !leads(branch))
      const best = [ending, valued, branches].find(choice => choice.length > 0) ?? []
      const taken = best[pick % best.length]
      if (taken !== undefined) alternatives.push(write(taken, depth, pick, within))
    } else if ((keyword === 'allOf' || keyword === 'prefixItems') && member !== undefined) {
      result[keyword] = [...member.entries()]
        .filter(([, branch]) => !endless(branch, within))
        .map(([, branch]) => write(branch, depth, pick, within))
    } else if (['not', 'if', 'then', 'else', 'contains', 'propertyNames'].includes(keyword) && member !== undefined) {
      if (!endless(member, within)) result[keyword] = write(member, depth - 1, pick, within)
    } else if (keyword === 'patternProperties') {
      // The generator would make up names for them; leaving them out is always valid.
    } else {
      result[keyword] = given
    }
  }
  return join(result, alternatives)
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
