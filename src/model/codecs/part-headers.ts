import { headerOf } from '../../http/index.ts'
import type { Header } from '../header.ts'
import { dotted } from '../reading.ts'
import type { Mismatch } from '../reasons.ts'
import { type Schema, SchemaUnusable } from '../schema.ts'
import type { PartFault } from './codec.ts'
import type { BodyPart } from './multipart-parser.ts'

/** Characters of a value that are shown. */
const maxShown = 80

/**
 * What is wrong with the headers of the parts that were sent for a property. A value that its schema refuses is shown with
 * the reason; a part of several is named by its place. Source: OpenAPI 3.1.1, section 4.8.15.1.1, `headers`.
 */
export function headerFaults(property: string, parts: readonly BodyPart[], described: readonly Header[]): PartFault[] {
  return parts.flatMap((part, at) => {
    const name = parts.length === 1 ? property : `${property}[${at}]`
    return described.flatMap(header => faultsOf(part, header, name))
  })
}

function faultsOf(part: BodyPart, { name, required, pointer, schema, read }: Header, of: string): PartFault[] {
  const text = headerOf(part.headers, name.toLowerCase())
  const label = (inside: string): string => `${name}${inside} (header of part ${of})`
  if (text === undefined)
    return required ? [{ reason: `${label('')}: is required`, pointer: `${pointer}/required` }] : []
  const shown = JSON.stringify(text.length > maxShown ? `${text.slice(0, maxShown)}…` : text)
  return mismatches(schema, read(text)).map(({ at, says, pointer: clause }) => {
    const inside = dotted(at)
    const dot = inside === '' || inside.startsWith('[') ? '' : '.'
    return { reason: `${label(`${dot}${inside}`)}: ${says} (sent: ${shown})`, pointer: clause ?? pointer }
  })
}

/** A schema that no validator can be made of says nothing against a value. */
function mismatches(schema: Schema | undefined, value: unknown): readonly Mismatch[] {
  try {
    return schema?.mismatches(value) ?? []
  } catch (error) {
    if (error instanceof SchemaUnusable) return []
    throw error
  }
}
