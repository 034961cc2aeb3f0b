import type { Part } from '../part.ts'

/** The value of a body, or why it has none. `opaque` is what contrato does not look into, and so does not judge. */
export type Decoded =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'opaque' }
  | { readonly kind: 'malformed'; readonly says: string }

/** What the document says of a body; some bytes have a meaning by that only. */
export type BodyShape = {
  readonly schema: Part | undefined
  /** The encoding objects by property. Source: OpenAPI 3.1.1, section 4.8.15. */
  readonly encoding: Part | undefined
}

export const shapeless: BodyShape = { schema: undefined, encoding: undefined }

/** Reads and writes one family of media types. The `contentType` is the whole field, with its parameters. */
export type Codec = {
  readonly takes: (essence: string) => boolean
  readonly decode: (bytes: Uint8Array, contentType: string, shape: BodyShape) => Decoded
  readonly encode: (value: unknown, contentType: string, shape: BodyShape) => Uint8Array
}

export const opaque: Decoded = { kind: 'opaque' }

export function malformed(says: string): Decoded {
  return { kind: 'malformed', says }
}

/** A text as it stands, and everything else as JSON. */
export function plainly(value: unknown): Uint8Array {
  if (typeof value === 'string') return Buffer.from(value)
  return Buffer.from(value === undefined ? '' : JSON.stringify(value))
}
