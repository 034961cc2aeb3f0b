import { isJson, parseMediaType } from '../http/index.ts'
import { type BodyShape, decodeBody, type PartHeaders } from './codecs/index.ts'
import { type Example, examplesOf, schemaExamples } from './examples.ts'
import { readHeader } from './header.ts'
import { lazily } from './lazily.ts'
import { ofOwnSide } from './own-side.ts'
import type { Part } from './part.ts'
import type { Schema, Schemas } from './schema.ts'
import type { Side } from './sides.ts'
import { typesOf } from './styles/coerce.ts'

/** A documented media type of a request or response body. */
export type Content = {
  /** As documented: a media type or a range such as `application/*`. */
  readonly mediaType: string
  readonly pointer: string
  readonly schema: Schema | undefined
  /** What codecs have to know to read and write it. */
  readonly shape: BodyShape
  /** Named examples of the media type, then its plain one, then those of its schema. */
  readonly examples: readonly Example[]
}

/** The media types of a request body or a response, in the order of the document. */
export function readContent(owner: Part, schemas: Schemas, side: Side): Content[] {
  return [...(owner.get('content')?.entries() ?? [])].map(([mediaType, part]) => {
    const schemaPart = part.get('schema')
    const schema = schemaPart && schemas.at(schemaPart.pointer, schemaPart.value, side)
    const encoding = part.get('encoding')
    const shape = { schema: schemaPart, encoding, partHeaders: partHeadersOf(encoding, schemas, side) }
    const stated = [...examplesOf(part)].map(example => asBody(example, mediaType, shape))
    const examples = [...stated, ...schemaExamples(schemaPart)].map(example => {
      const value = ofOwnSide(example.value, schemaPart, side)
      return value === example.value ? example : { ...example, value }
    })
    return { mediaType, pointer: part.pointer, schema, shape, examples }
  })
}

/** The headers of the parts of a multipart body, by property. Source: OpenAPI 3.1.1, section 4.8.15.1.1, `headers`. */
function partHeadersOf(encoding: Part | undefined, schemas: Schemas, side: Side): PartHeaders {
  return lazily(() => {
    const described = [...(encoding?.entries() ?? [])].map(([property, part]) => {
      const headers = [...(part.get('headers')?.entries() ?? [])]
      return [property, headers.flatMap(([name, header]) => readHeader(name, header, schemas, side))] as const
    })
    return new Map(described.filter(([, headers]) => headers.length > 0))
  })
}

/**
 * The example of a media type other than JSON may be the text of the body as it is sent, where the schema describes what
 * the text means. Source: OpenAPI 3.1.1, section 4.8.14.4, and 4.8.19.
 */
function asBody(example: Example, mediaType: string, shape: BodyShape): Example {
  const { value } = example
  if (typeof value !== 'string' || isJson(parseMediaType(mediaType)?.essence ?? '')) return example
  const types = typesOf(shape.schema)
  if (types.size === 0 || types.has('string')) return example
  const decoded = decodeBody(mediaType, Buffer.from(value), shape)
  if (decoded.kind === 'value') return { ...example, value: decoded.value }
  return decoded.kind === 'opaque' ? { ...example, isText: true } : { ...example, says: decoded.says }
}

/** Whether an example is what its media type says, as far as that can be told. */
export function isFitting({ schema }: Pick<Content, 'schema'>, { value, isText, says }: Example): boolean {
  if (says !== undefined) return false
  return isText === true || schema === undefined || schema.accepts(value)
}
