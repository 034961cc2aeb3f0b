import { noBytes } from '../http/index.ts'
import { decodeBody, encodeBody } from './codecs/index.ts'
import { examplesOf } from './examples.ts'
import { lazily } from './lazily.ts'
import type { Sent } from './parameters.ts'
import type { Part } from './part.ts'
import { Query } from './query.ts'
import type { Schema, Schemas } from './schema.ts'
import type { Side } from './sides.ts'
import { serializationOf, styles } from './styles/index.ts'
import { writeValue } from './styles/write.ts'

/** A documented header: of a response, or of a part of a multipart body. Source: OpenAPI 3.1.1, section 4.8.21. */
export type Header = {
  readonly name: string
  readonly required: boolean
  readonly pointer: string
  readonly schema: Schema | undefined
  /** The value that a field stands for under the schema. */
  read(text: string): unknown
  /** A value as the text of the field. */
  write(value: unknown): string
  readonly example: { readonly value: unknown } | undefined
}

/** A header stands for itself, whatever else was sent. */
const unsent: Sent = {
  path: {},
  query: () => Query.of(''),
  request: { method: '', target: '', headers: [], body: noBytes },
}

/**
 * Reads a header object. One named Content-Type is ignored: OpenAPI 3.1.1, sections 4.8.15.1.1 and 4.8.17.1.
 *
 * @param side who sends the header
 * @returns the header, or nothing
 */
export function readHeader(name: string, part: Part, schemas: Schemas, side: Side): Header[] {
  if (name.toLowerCase() === 'content-type') return []
  const [mediaType, content] = [...(part.get('content')?.entries() ?? [])][0] ?? []
  const schemaPart = content === undefined ? part.get('schema') : content.get('schema')
  const [example] = [...examplesOf(part), ...(content === undefined ? [] : examplesOf(content))]
  return [
    {
      name,
      required: part.is('required'),
      pointer: part.pointer,
      schema: schemaPart && schemas.at(schemaPart.pointer, schemaPart.value, side),
      example: example && { value: example.value },
      ...(mediaType === undefined ? inStyle(name, part, schemaPart) : inMediaType(mediaType, schemaPart)),
    },
  ]
}

type Form = Pick<Header, 'read' | 'write'>

function inStyle(name: string, part: Part, schema: Part | undefined): Form {
  const form = serializationOf(part, schema, 'header', name)
  const parse = lazily(() => styles.reader(form))
  return {
    read: text => parse()([text.trim()], unsent)?.value ?? text.trim(),
    write: value =>
      value === null ? 'null' : (writeValue({ ...form, reserved: false, required: true }, value)[0]?.[1] ?? ''),
  }
}

function inMediaType(mediaType: string, schema: Part | undefined): Form {
  const shape = { schema, encoding: undefined }
  return {
    read: text => {
      const decoded = decodeBody(mediaType, Buffer.from(text.trim()), shape)
      return decoded.kind === 'value' ? decoded.value : text.trim()
    },
    write: value => Buffer.from(encodeBody(mediaType, value, shape).bytes).toString('utf8'),
  }
}
