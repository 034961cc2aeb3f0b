import { Part, type Schema, SchemaUnusable } from '../model/index.ts'
import { sample } from './sample.ts'
import { hash } from './seed.ts'

/** A schema of which no validator can be made says nothing against a value. */
export function accepts(schema: Schema | undefined, value: unknown): boolean {
  try {
    return schema === undefined || schema.accepts(value)
  } catch (error) {
    if (error instanceof SchemaUnusable) return true
    throw error
  }
}

/** One value for a schema of the document, or what comes nearest to one. */
export function made(root: unknown, schema: Schema, seed = hash(schema.pointer)): unknown {
  const part = Part.of(root).at(schema.pointer)
  const outcome = part && sample(schema, part, seed)
  return outcome?.kind === 'made' ? outcome.value : (outcome?.nearest ?? undefined)
}
