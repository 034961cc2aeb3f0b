import { type Content, readContent } from './content.ts'
import { type Header, readHeader } from './header.ts'
import type { Part } from './part.ts'
import { type RelationFault, type Relations, readRelations } from './relations.ts'
import type { Schemas } from './schema.ts'

/** What an operation promises for a status. */
export type ResponseDescription = {
  /** As documented: `201`, `4XX` or `default`. */
  readonly status: string
  readonly pointer: string
  readonly content: readonly Content[]
  readonly headers: readonly Header[]
  readonly relations: Relations
  readonly relationFaults: readonly RelationFault[]
}

export function readResponse(status: string, part: Part, schemas: Schemas): ResponseDescription {
  const { relations, faults } = readRelations(part)
  return {
    status,
    pointer: part.pointer,
    content: readContent(part, schemas, 'response'),
    headers: [...(part.get('headers')?.entries() ?? [])].flatMap(([name, header]) =>
      readHeader(name, header, schemas, 'response'),
    ),
    relations,
    relationFaults: faults,
  }
}
