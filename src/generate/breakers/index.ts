import type { Part, Schema } from '../../model/index.ts'
import { bounds } from './bounds.ts'
import type { Broken } from './breaker.ts'
import { enumeration } from './enum.ts'
import { form } from './form.ts'
import { required } from './required.ts'
import { type } from './type.ts'

/** Every way to break a clause. */
const breakers = [required, type, enumeration, bounds, form] as const

const maxDepth = 6

/**
 * Values with one clause broken each, nested ones too. Only what the schema refuses is returned, so a clause that
 * something else makes up for is never taken for broken.
 *
 * @param part the schema as a place in the document
 * @param value a value that the schema accepts
 */
export function breakEach(schema: Schema, part: Part, value: unknown): readonly Broken[] {
  const proposals = [...breaksAt(part, value, '', 0)]
  return proposals.filter(proposal => !schema.accepts(proposal.value))
}

function* breaksAt(schema: Part, value: unknown, name: string, depth: number): Generator<Broken> {
  if (depth > maxDepth) return
  for (const breaker of breakers) {
    for (const { says, value: broken } of breaker.breaks(schema, value)) {
      yield {
        says: breaker === required || name === '' ? prefixed(name, says) : `${name} ${joined(says)}`,
        value: broken,
      }
    }
  }
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    const items = schema.get('items')
    if (items === undefined || value.length === 0) return
    for (const broken of breaksAt(items, value[0], `${name}[0]`, depth + 1))
      yield { ...broken, value: [broken.value, ...value.slice(1)] }
    return
  }
  for (const [property, member] of schema.get('properties')?.entries() ?? []) {
    if (!Object.hasOwn(value, property)) continue
    const inner = (value as Record<string, unknown>)[property]
    const path = name === '' ? property : `${name}.${property}`
    for (const broken of breaksAt(member, inner, path, depth + 1))
      yield { ...broken, value: { ...value, [property]: broken.value } }
  }
}

function prefixed(name: string, says: string): string {
  return name === '' ? `body ${joined(says)}` : `${name} ${says}`
}

function joined(says: string): string {
  return says.startsWith('without') || says.startsWith('beyond') ? says : `as ${says}`
}
