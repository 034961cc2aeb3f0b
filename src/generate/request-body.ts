import { isJson, parseMediaType } from '../http/index.ts'
import type { Api, BodyShape, Operation, Schema } from '../model/index.ts'
import { accepts, made } from './one.ts'

/** What is sent as the body of a request. */
export type BodyToSend = {
  readonly mediaType: string
  readonly value: unknown
  readonly schema: Schema | undefined
  readonly shape: BodyShape
}

/** A body that the operation takes: JSON where it may be, an example where its schema accepts one; else none. */
export function bodyToSend(api: Api, operation: Operation): BodyToSend | undefined {
  const contents = operation.requestBody?.content ?? []
  const content = contents.find(({ mediaType }) => isJson(essenceOf(mediaType))) ?? contents[0]
  if (content === undefined) return undefined
  const { schema, mediaType, examples, shape } = content
  const good = examples.find(
    ({ value, isText, says }) => says === undefined && (isText === true || accepts(schema, value)),
  )
  const value = good === undefined && schema !== undefined ? made(api.document.root, schema) : good?.value
  if (value === undefined) return undefined
  // A range says which types may be sent, not which one is.
  return { mediaType: mediaType.includes('*') ? concreteOf(mediaType, value) : mediaType, value, schema, shape }
}

function concreteOf(range: string, value: unknown): string {
  const family = range.split('/')[0]
  if (family === 'image') return 'image/png'
  if (family === 'text') return 'text/plain'
  if (family === 'multipart') return 'multipart/form-data'
  return family === '*' || family === 'application' || typeof value !== 'string'
    ? 'application/json'
    : `${family}/octet-stream`
}

function essenceOf(mediaType: string): string {
  return parseMediaType(mediaType)?.essence ?? ''
}
