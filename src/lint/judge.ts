import type { Document } from '../document/index.ts'
import { formatFragment, parsePointer, resolvePointer } from '../finding/index.ts'
import { type Api, dotted, type Mismatch, Part, type Schema, SchemaUnusable } from '../model/index.ts'
import type { Node, Place } from './places.ts'

/** Reasons that a message lists; the first is mostly the cause of the others. */
const maxReasons = 3

/** Why a value that stands in the document does not match: in words, and where the first wrong thing stands. */
type Verdict = { readonly reasons: string; readonly at: string }

/**
 * Judges a value of the document with the schema that also judges requests and answers. Nothing when it matches, and
 * nothing when the schema is unusable, which is a finding of its own.
 */
export function judge(schema: Schema, value: unknown): Verdict | undefined {
  const mismatches = mismatchesOf(schema, value)
  const [first] = mismatches
  if (first === undefined) return undefined
  const told = mismatches.slice(0, maxReasons).map(({ at, says }) => (at === '' ? says : `${dotted(at)} ${says}`))
  if (mismatches.length > maxReasons) told.push(`and ${mismatches.length - maxReasons} more`)
  return { reasons: told.join(', '), at: nearestThere(value, first.at) }
}

function mismatchesOf(schema: Schema, value: unknown): readonly Mismatch[] {
  try {
    return schema.mismatches(value)
  } catch (error) {
    reasonOf(error)
    return []
  }
}

/** Why no validator can be made of a schema; nothing when one can. */
export function whyUnusable(schema: Schema): string | undefined {
  try {
    // Any value makes the validator.
    schema.accepts(null)
    return undefined
  } catch (error) {
    return reasonOf(error)
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof SchemaUnusable) return error.message.replace(/^.*? cannot be compiled: /s, '')
  throw error
}

/** The pointer without the tokens that lead to nothing: what is missing is shown at the thing that lacks it. */
function nearestThere(value: unknown, at: string): string {
  const tokens = parsePointer(at)
  while (tokens.length > 0 && resolvePointer(value, tokens) === undefined) tokens.pop()
  return formatFragment(tokens)
}

/** A place of the document as the model reads it. */
export function partAt(document: Document, pointer: string): Part | undefined {
  let part: Part | undefined = Part.of(document.root)
  for (const token of parsePointer(pointer)) part = part?.get(token)
  return part
}

/** The schema at a pointer, as it judges what this side sends. */
export type SchemaAt = (pointer: string, side?: Place['side']) => Schema

/** The schemas of a document by pointer, each made once; a bare reference counts as what it leads to. */
export function schemasBy(document: Document, api: Api): SchemaAt {
  const made = new Map<string, Schema>()
  return (pointer, side) => {
    const value = resolvePointer(document.root, parsePointer(pointer))
    const at = isBareReference(value) ? (partAt(document, pointer)?.pointer ?? pointer) : pointer
    const key = `${at} ${side}`
    const schema = made.get(key) ?? api.schemas.at(at, value, side)
    made.set(key, schema)
    return schema
  }
}

export function isBareReference(value: unknown): boolean {
  return typeof value === 'object' && value !== null && '$ref' in value && Object.keys(value).length === 1
}

/** A value as a message quotes it. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}

/** Where an annotation of a schema was written: the step to the newer dialect makes a list of the one `example`. */
export function writtenAt(
  { version }: Document,
  { pointer, value }: { pointer: string; value: Node },
  at: number,
): string {
  const wasOne = version.startsWith('3.0.') && Array.isArray(value.examples) && value.examples.length === 1
  return wasOne ? `${pointer}/example` : `${pointer}/examples/${at}`
}
