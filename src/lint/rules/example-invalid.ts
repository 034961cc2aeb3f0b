import type { Document } from '../../document/index.ts'
import { parsePointer } from '../../finding/index.ts'
import { type Example, examplesOf } from '../../model/index.ts'
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
        const verdict = judge(schema, example.value)
        if (verdict === undefined) continue
        yield {
          message: `The ${example.name} of ${place.name} does not match its schema: ${verdict.reasons}`,
          help: 'Correct the example, or the schema if the example shows what is really sent.',
          pointer: `${example.pointer}${verdict.at}`,
          operation: place.operation,
        }
      }
    }
  },
})

/** The examples of a place that has a schema; the name is the one that messages use. */
function examplesAt(document: Document, place: Place): Example[] {
  switch (place.kind) {
    case 'schema':
      return schemaExamples(document, place)
    case 'media-type':
      // Of any other media type, a text is the body as it is sent, and not the value that the schema describes.
      return stated(document, place).filter(({ value }) => typeof value !== 'string' || isJson(place))
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

function isJson(mediaType: Place): boolean {
  return /[/+]json\b/i.test(parsePointer(mediaType.pointer).at(-1) ?? '')
}
