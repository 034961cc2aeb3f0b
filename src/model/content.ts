import type { BodyShape } from './codecs/index.ts'
import type { Part } from './part.ts'
import type { Schema, Schemas } from './schema.ts'
import type { Side } from './sides.ts'

/** A documented example: its name, its value and where it stands. */
export type Example = { readonly name: string; readonly value: unknown; readonly pointer: string }

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
    return {
      mediaType,
      pointer: part.pointer,
      schema,
      shape: { schema: schemaPart, encoding: part.get('encoding') },
      examples: [...examplesOf(part), ...schemaExamples(schemaPart)],
    }
  })
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
