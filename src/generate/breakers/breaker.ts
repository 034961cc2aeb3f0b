import type { Part } from '../../model/index.ts'

/** A value with one clause of its schema broken. */
export type Broken = { readonly says: string; readonly value: unknown }

/**
 * Breaks one kind of clause. What it makes is a proposal: the caller keeps it only if the schema refuses it.
 *
 * @param schema the schema of the place
 * @param value a valid value of the place
 */
export type Breaker<Id extends string = string> = {
  readonly id: Id
  readonly breaks: (schema: Part, value: unknown) => readonly Broken[]
}
