import { parseMediaType } from '../../http/index.ts'
import { binary } from './binary.ts'
import { type BodyShape, type Codec, type Decoded, noPartFields, type PartFields, shapeless } from './codec.ts'
import { events } from './events.ts'
import { form } from './form.ts'
import { json } from './json.ts'
import { multipart, withBoundary } from './multipart.ts'
import { sequence } from './sequence.ts'
import { text } from './text.ts'
import { xml } from './xml.ts'

export type { BodyShape, Codec, Decoded, PartFields, PartHeaders } from './codec.ts'

/** The first that takes a media type reads and writes it. */
const codecs: readonly Codec[] = [json, form, multipart, xml, sequence, events, text, binary]

/** The codec of a Content-Type field or a media type. */
export function codecOf(contentType: string): Codec {
  const essence = parseMediaType(contentType)?.essence ?? ''
  return codecs.find(codec => codec.takes(essence)) ?? binary
}

/**
 * The value of a body.
 *
 * @param contentType the field as it was sent, or a media type
 * @param shape what the document says of the body: forms and texts have values of other types by it only
 */
export function decodeBody(contentType: string, bytes: Uint8Array, shape: BodyShape = shapeless): Decoded {
  return codecOf(contentType).decode(bytes, contentType, shape)
}

/** A media type with what has to be said beside it when a body is sent: the boundary of multipart. */
export function contentTypeWith(mediaType: string): string {
  return withBoundary(mediaType)
}

/**
 * A value as the bytes of a body, with the Content-Type to send with them.
 *
 * @param fields the header fields of the parts of multipart, beside those that every part has
 */
export function encodeBody(
  contentType: string,
  value: unknown,
  shape: BodyShape = shapeless,
  fields: PartFields = noPartFields,
): { readonly contentType: string; readonly bytes: Uint8Array } {
  const full = contentTypeWith(contentType)
  return { contentType: full, bytes: codecOf(full).encode(value, full, shape, fields) }
}
