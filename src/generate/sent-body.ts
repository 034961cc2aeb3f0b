import type { Part, Schema } from '../model/index.ts'

/** A value as the body of a request: how it is written, and what its schema says of it then. */
export type SentBody = {
  readonly schema: Schema
  /** The schema as a place in the document. */
  readonly part: Part
  /** A valid value. */
  readonly value: unknown
  readonly write: (value: unknown) => Uint8Array
  /** The same for values that are written in the same way. */
  readonly keyOf: (value: unknown) => string
  /**
   * What a value is once it was written and read again; `undefined` where something else arrives than what was meant, as of
   * null and of an empty list in a form.
   */
  readonly arriving: (value: unknown) => { readonly value: unknown } | undefined
  /** Whether what arrives is what was meant, and the schema accepts it. */
  readonly accepts: (value: unknown) => boolean
  /** Whether what arrives is what was meant, and the schema refuses it. */
  readonly refuses: (value: unknown) => boolean
}

/** A body of JSON, which arrives as it was meant. */
export function jsonBody(schema: Schema, part: Part, value: unknown): SentBody {
  return {
    schema,
    part,
    value,
    write: one => Buffer.from(JSON.stringify(one)),
    keyOf: JSON.stringify,
    arriving: one => ({ value: one }),
    accepts: one => schema.accepts(one),
    refuses: one => !schema.accepts(one),
  }
}
