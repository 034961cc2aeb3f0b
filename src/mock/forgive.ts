import { type Schema, SchemaUnusable } from '../model/index.ts'

/**
 * A schema that holds nothing against a value where the document keeps it from judging: a schema that it refers to may be
 * one of which no validator can be made, which shows when a value first gets there.
 *
 * @param notice told each time
 */
export function forgiving(schema: Schema, notice: (text: string) => void = () => {}): Schema {
  const passOver = (error: unknown): void => {
    if (!(error instanceof SchemaUnusable)) throw error
    notice(error.message)
  }
  // Each answer is held against several schemas, so nothing is made anew for each judgement.
  return {
    ...schema,
    accepts: value => {
      try {
        return schema.accepts(value)
      } catch (error) {
        passOver(error)
        return true
      }
    },
    mismatches: value => {
      try {
        return schema.mismatches(value)
      } catch (error) {
        passOver(error)
        return []
      }
    },
  }
}
