import { noBytes } from '../http/index.ts'
import { type Content, examplesOf, readContent } from './content.ts'
import { lazily } from './lazily.ts'
import type { Sent } from './parameters.ts'
import type { Part } from './part.ts'
import { Query } from './query.ts'
import { type RelationFault, type Relations, readRelations } from './relations.ts'
import type { Schema, Schemas } from './schema.ts'
import { serializationOf, styles } from './styles/index.ts'

/** A documented header of a response. */
export type ResponseHeader = {
  readonly name: string
  readonly required: boolean
  readonly pointer: string
  readonly schema: Schema | undefined
  /** The value that a field stands for under the schema. */
  read(text: string): unknown
  readonly example: { readonly value: unknown } | undefined
}

/** What an operation promises for a status. */
export type ResponseDescription = {
  /** As documented: `201`, `4XX` or `default`. */
  readonly status: string
  readonly pointer: string
  readonly content: readonly Content[]
  readonly headers: readonly ResponseHeader[]
  readonly relations: Relations
  readonly relationFaults: readonly RelationFault[]
}

export function readResponse(status: string, part: Part, schemas: Schemas): ResponseDescription {
  const { relations, faults } = readRelations(part)
  return {
    status,
    pointer: part.pointer,
    content: readContent(part, schemas, 'response'),
    headers: [...(part.get('headers')?.entries() ?? [])].flatMap(([name, header]) => readHeader(name, header, schemas)),
    relations,
    relationFaults: faults,
  }
}

/** A header stands for itself, whatever else was sent. */
const unsent: Sent = {
  path: {},
  query: () => Query.of(''),
  request: { method: '', target: '', headers: [], body: noBytes },
}

/** OpenAPI 3.1.1, section 4.8.17.1: a header named Content-Type is ignored. */
function readHeader(name: string, part: Part, schemas: Schemas): ResponseHeader[] {
  if (name.toLowerCase() === 'content-type') return []
  const schemaPart = part.get('schema')
  const [example] = examplesOf(part)
  const parse = lazily(() => styles.reader(serializationOf(part, schemaPart, 'header', name)))
  return [
    {
      name,
      required: part.is('required'),
      pointer: part.pointer,
      schema: schemaPart && schemas.at(schemaPart.pointer, schemaPart.value, 'response'),
      read: text => parse()([text.trim()], unsent)?.value ?? text.trim(),
      example: example && { value: example.value },
    },
  ]
}
