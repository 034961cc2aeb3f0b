import { isJson, parseMediaType } from '../http/index.ts'
import { type BodyShape, decodeBody } from './codecs/index.ts'
import { ofOwnSide } from './own-side.ts'
import type { Part } from './part.ts'
import type { Schema, Schemas } from './schema.ts'
import type { Side } from './sides.ts'
import { typesOf } from './styles/coerce.ts'

/** A documented example: its name, its value and where it stands. */
export type Example = {
  readonly name: string
  readonly value: unknown
  readonly pointer: string
  /** The value is the text of a body as it is sent, of a media type that is not read and so not judged. */
  readonly isText?: true
  /** Why the text is none of its media type. */
  readonly says?: string
}

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
    const shape = { schema: schemaPart, encoding: part.get('encoding') }
    const stated = [...examplesOf(part)].map(example => asBody(example, mediaType, shape))
    const examples = [...stated, ...schemaExamples(schemaPart)].map(example => {
      const value = ofOwnSide(example.value, schemaPart, side)
      return value === example.value ? example : { ...example, value }
    })
    return { mediaType, pointer: part.pointer, schema, shape, examples }
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

/** The examples that a media type, parameter or header object states itself. */
export function* examplesOf(part: Part): Generator<Example> {
  for (const [name, example] of part.get('examples')?.entries() ?? []) {
    const value = ownMember(example, 'value')
    if (value !== undefined) yield { name, ...value }
  }
  const plain = ownMember(part, 'example')
  if (plain !== undefined) yield { name: 'example', ...plain }
}

/** The examples that a schema states. */
export function* schemaExamples(schema: Part | undefined): Generator<Example> {
  if (schema === undefined) return
  const list = schema.get('examples')
  if (Array.isArray(list?.value)) {
    for (const [at, value] of list.value.entries())
      yield { name: `schema-${at}`, value, pointer: `${list.pointer}/${at}` }
  }
  const plain = ownMember(schema, 'example')
  if (plain !== undefined) yield { name: 'schema', ...plain }
}

/** A member taken as it stands: an example may be an object that looks like a reference. */
function ownMember(part: Part, name: string): { value: unknown; pointer: string } | undefined {
  const { value } = part
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return { value: (value as Record<string, unknown>)[name], pointer: `${part.pointer}/${name}` }
}
