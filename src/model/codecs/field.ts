import { isJson } from '../../http/index.ts'
import type { Part } from '../part.ts'
import { coercer, itemOf, typesOf } from '../styles/coerce.ts'

/** The media types that a property may be sent as, when the document or else its schema says so. */
export function contentTypesOf(schema: Part | undefined, encoding: Part | undefined): readonly string[] {
  const stated = encoding?.text('contentType')
  if (stated !== undefined) return stated.split(',').map(type => type.trim())
  return [contentTypeBySchema(schema)]
}

/** Source: OpenAPI 3.1.1, section 4.8.15.1.1. */
function contentTypeBySchema(schema: Part | undefined): string {
  const types = typesOf(schema)
  if (types.has('array')) return contentTypeBySchema(itemOf(schema))
  if (types.has('object')) return 'application/json'
  if (schema?.text('contentMediaType') !== undefined) return schema.text('contentMediaType') ?? ''
  return schema?.text('format') === 'binary' ? 'application/octet-stream' : 'text/plain'
}

/** The value of one field that was sent as a text: JSON where that is expected and it is such, else by its schema. */
export function fieldValue(text: string, contentType: string, schema: Part | undefined): unknown {
  if (!isJson(contentType.split(';')[0]?.trim().toLowerCase() ?? '')) return coercer(schema)(text)
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** A value as the text of one field. */
export function fieldText(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
