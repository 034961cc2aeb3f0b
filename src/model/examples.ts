import type { Part } from './part.ts'

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
