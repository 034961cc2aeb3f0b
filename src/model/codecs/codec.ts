import type { Headers } from '../../http/index.ts'
import type { Header } from '../header.ts'
import type { Part } from '../part.ts'

/** The value of a body, or why it has none. `opaque` is what contrato does not look into, and so does not judge. */
export type Decoded =
  | { readonly kind: 'value'; readonly value: unknown; readonly faults?: readonly PartFault[] }
  | { readonly kind: 'opaque' }
  | { readonly kind: 'malformed'; readonly says: string; readonly pointer?: string }

/** What is wrong with a part of a body beside its value, as `X-Sum (header of part file): is required`. */
export type PartFault = {
  readonly reason: string
  /** The clause of the document that is broken. */
  readonly pointer: string
}

/** The headers that the parts of a multipart body have, by property. */
export type PartHeaders = () => ReadonlyMap<string, readonly Header[]>

/** What the document says of a body; some bytes have a meaning by that only. */
export type BodyShape = {
  readonly schema: Part | undefined
  /** The encoding objects by property. Source: OpenAPI 3.1.1, section 4.8.15. */
  readonly encoding: Part | undefined
  readonly partHeaders?: PartHeaders
}

/** The header fields to write for the part of a property, as names and values in turn. */
export type PartFields = (property: string) => Headers

export const noPartFields: PartFields = () => []

export const shapeless: BodyShape = { schema: undefined, encoding: undefined }

/** Reads and writes one family of media types. The `contentType` is the whole field, with its parameters. */
export type Codec = {
  readonly takes: (essence: string) => boolean
  readonly decode: (bytes: Uint8Array, contentType: string, shape: BodyShape) => Decoded
  readonly encode: (value: unknown, contentType: string, shape: BodyShape, fields: PartFields) => Uint8Array
}

export const opaque: Decoded = { kind: 'opaque' }

/** @param pointer the clause of the document that is broken, where it is one of a part */
export function malformed(says: string, pointer?: string): Decoded {
  return pointer === undefined ? { kind: 'malformed', says } : { kind: 'malformed', says, pointer }
}

/** A text as it stands, and everything else as JSON. */
export function plainly(value: unknown): Uint8Array {
  if (typeof value === 'string') return Buffer.from(value)
  return Buffer.from(value === undefined ? '' : JSON.stringify(value))
}
