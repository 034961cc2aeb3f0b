import { decodeUtf8 } from '../../http/index.ts'
import type { Part } from '../part.ts'
import { itemOf, propertiesOf, typesOf } from '../styles/coerce.ts'
import { type Codec, malformed, opaque, plainly } from './codec.ts'
import { fieldText, fieldValue } from './field.ts'

/** Fields of an event. Source: HTML Standard, section 9.2.6. */
const fields = ['event', 'id', 'retry', 'data'] as const

/**
 * Server-sent events, read as an array of objects with their fields. Where a schema describes no such objects but what
 * stands in `data`, as documents before 3.2 have it, one event is written with it, and none is judged. Source: HTML
 * Standard, section 9.2; OpenAPI 3.2.0, section 4.14.3.1.
 */
export const events: Codec = {
  takes: essence => essence === 'text/event-stream',
  decode: (bytes, _contentType, { schema }) => {
    if (!typesOf(schema).has('array')) return opaque
    const text = decodeUtf8(bytes)
    if (text === undefined) return malformed('is not valid UTF-8')
    const data = propertiesOf(itemOf(schema)).get('data')
    return { kind: 'value', value: eventsIn(text).map(event => withData(event, data)) }
  },
  encode: (value, _contentType, { schema }) => {
    if (typeof value === 'string')
      return plainly(/^(?:data|event|id|retry)?:/m.test(value) ? value : written({ data: value }))
    const items = Array.isArray(value) ? value : [value]
    const isEvent = propertiesOf(itemOf(schema)).has('data') || propertiesOf(schema).has('data')
    return Buffer.from(items.map(item => written(isEvent && isRecord(item) ? item : { data: item })).join(''))
  },
}

function written(event: Readonly<Record<string, unknown>>): string {
  const lines = fields.flatMap(name => {
    const value = event[name]
    if (value === undefined || value === null) return []
    const text = fieldText(value)
    if (name === 'data') return text.split(/\r\n|\r|\n/).map(line => `data: ${line}`)
    return [`${name}: ${text.replace(/[\r\n]+/g, ' ')}`]
  })
  return lines.length === 0 ? ': nothing\n\n' : `${lines.join('\n')}\n\n`
}

type Event = Record<string, unknown>

function eventsIn(text: string): Event[] {
  const found: Event[] = []
  let event: Event = {}
  for (const line of `${text.replace(/^\ufeff/, '')}\n\n`.split(/\r\n|\r|\n/)) {
    if (line === '') {
      if (Object.keys(event).length > 0) found.push(event)
      event = {}
      continue
    }
    const colon = line.indexOf(':')
    const name = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (name === 'data') event.data = event.data === undefined ? value : `${event.data}\n${value}`
    else if (name === 'retry' && /^\d+$/.test(value)) event.retry = Number(value)
    else if (name === 'event' || name === 'id') event[name] = value
  }
  return found
}

/** Data is a text, unless the document describes it as something else, which is then sent as JSON. */
function withData(event: Event, schema: Part | undefined): Event {
  if (typeof event.data !== 'string' || typesOf(schema).has('string')) return event
  return { ...event, data: fieldValue(event.data, 'application/json', schema) }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
