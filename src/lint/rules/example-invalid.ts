import type { Document } from '../../document/index.ts'
import { parsePointer } from '../../finding/index.ts'
import { decodeBody, type Example, examplesOf } from '../../model/index.ts'
import { judge, partAt, quoted, writtenAt } from '../judge.ts'
import type { Place } from '../places.ts'
import { defineRule } from '../rule.ts'

/** Every example, wherever one may stand, matches its schema. */
export const exampleInvalid = defineRule({
  code: 'example-invalid',
  severity: 'error',
  *review({ document, places, schemaAt }) {
    const judged = new Set<string>()
    for (const place of places) {
      const pointer = place.kind === 'schema' ? place.pointer : `${place.pointer}/schema`
      for (const example of examplesAt(document, place)) {
        const schema = schemaAt(pointer, place.side)
        // An example of the components may serve many answers of the same schema.
        const pair = `${example.pointer} ${schema.pointer}`
        if (judged.has(pair)) continue
        judged.add(pair)
        const fault = isBody(place, example.value)
          ? faultOfBody(place, example.value)
          : faultOf(judge(schema, example.value))
        if (fault === undefined) continue
        const { says, help, at } = fault
        yield {
          message: `The ${example.name} of ${place.name} ${says}`,
          help,
          pointer: `${example.pointer}${at}`,
          operation: place.operation,
        }
      }
    }
  },
})

type Fault = { readonly says: string; readonly help: string; readonly at: string }

function faultOf(verdict: ReturnType<typeof judge>): Fault | undefined {
  if (verdict === undefined) return undefined
  const help = 'Correct the example, or the schema if the example shows what is really sent.'
  return { says: `does not match its schema: ${verdict.reasons}`, help, at: verdict.at }
}

/** The examples of a place that has a schema; the name is the one that messages use. */
function examplesAt(document: Document, place: Place): Example[] {
  switch (place.kind) {
    case 'schema':
      return schemaExamples(document, place)
    case 'media-type':
    case 'parameter':
    case 'header':
      return stated(document, place)
    default:
      return []
  }
}

function stated(document: Document, place: Place): Example[] {
  const part = 'schema' in place.value ? partAt(document, place.pointer) : undefined
  if (part === undefined) return []
  return [...examplesOf(part)].map(({ name, value, pointer }) => {
    const isNamed = pointer !== `${part.pointer}/example`
    return { name: isNamed ? `example "${name}"` : `example ${quoted(value)}`, value, pointer }
  })
}

function schemaExamples(document: Document, place: Place): Example[] {
  const { example, examples } = place.value
  const list = Array.isArray(examples) ? examples : []
  const found = list.map((value, at) => ({ value, pointer: writtenAt(document, place, at) }))
  if (example !== undefined) found.push({ value: example, pointer: `${place.pointer}/example` })
  return found.map(({ value, pointer }) => ({ name: `example ${quoted(value)}`, value, pointer }))
}

/** Whether an example is the body as it is sent, and not the value that the schema describes. */
function isBody(place: Place, value: unknown): value is string {
  return place.kind === 'media-type' && typeof value === 'string' && !/[/+]json\b/i.test(mediaTypeOf(place))
}

/** What is wrong with a body whatever its schema says; only XML and lists of JSON values can be wrong so. */
function faultOfBody(place: Place, body: string): Fault | undefined {
  const mediaType = mediaTypeOf(place)
  const isXml = /[/+]xml\b/i.test(mediaType)
  if (isXml ? !/^\s*</.test(body) : !/jsonl|ndjson|json-seq/i.test(mediaType)) return undefined
  const decoded = decodeBody(mediaType, Buffer.from(body))
  if (decoded.kind !== 'malformed') return undefined
  return { says: decoded.says, help: 'Correct the example.', at: '' }
}

function mediaTypeOf(place: Place): string {
  return parsePointer(place.pointer).at(-1) ?? ''
}
