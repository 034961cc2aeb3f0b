import { type Schema, SchemaUnusable } from '../model/index.ts'

/**
 * A schema that holds nothing against a value where the document keeps it from judging: a schema that it refers to may be
 * one of which no validator can be made, which shows when a value first gets there.
 *
 * @param notice told each time
 */
export function forgiving(schema: Schema, notice: (text: string) => void = () => {}): Schema {
  const unlessUnusable = <T>(judge: () => T, otherwise: T): T => {
    try {
      return judge()
    } catch (error) {
      if (!(error instanceof SchemaUnusable)) throw error
      notice(error.message)
      return otherwise
    }
  }
  return {
    ...schema,
    accepts: value => unlessUnusable(() => schema.accepts(value), true),
    mismatches: value => unlessUnusable(() => schema.mismatches(value), []),
  }
}
