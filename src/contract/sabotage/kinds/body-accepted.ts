import { exampleRequest } from '../../../generate/index.ts'
import { type Api, type Content, decodeBody, type Operation, Part, type Schema } from '../../../model/index.ts'
import { jsonOf } from '../answer.ts'
import { everyClause } from '../clauses/index.ts'
import { indulged } from '../indulgence.ts'
import { edited, type Place, placesIn } from '../places.ts'
import { always, defineKind, type Passing, type Plan } from '../sabotage.ts'

export const bodyAccepted = defineKind({
  id: 'body-accepted',
  says: 'one clause of the request body is not looked at',
  *plan(api, operation) {
    const content = operation.requestBody && jsonOf(operation.requestBody)
    const root = content?.schema && Part.of(api.document.root).at(content.schema.pointer)
    if (content?.schema === undefined || root === undefined) return
    const bodies = bodiesFor(api, operation, content)
    const seen = new Set<string>()
    for (const place of placesIn(root)) {
      for (const { keyword, edits } of everyClause(place)) {
        const pointer = `${place.schema.pointer}/${keyword}`
        if (seen.has(pointer)) continue
        seen.add(pointer)
        const values = bodies.flatMap(body => [...edited(body, place.at, edits)])
        yield { ...ignoring(operation, pointer, place), ...told(content.schema, values, pointer) }
      }
    }
  },
})

function ignoring(operation: Operation, pointer: string, { at }: Place): Plan {
  const where = at.length === 0 ? 'the body' : at.map(step => step ?? '0').join('.')
  return {
    says: `takes bodies that break ${pointer.split('/').at(-1)} of ${where}`,
    pointer,
    ...always(passing => (isRefusedFor(passing, operation, pointer) ? indulged(passing, 'validate=false') : undefined)),
  }
}

/** A clause that never breaks alone is no promise of its own: whoever ignores it is not to be told from who does not. */
function told(schema: Schema, values: readonly unknown[], pointer: string): Pick<Plan, 'isForbidden' | 'isProvocable'> {
  if (values.length === 0) return {}
  const alone = values.some(value => {
    const mismatches = schema.mismatches(value)
    return mismatches.length > 0 && mismatches.every(mismatch => mismatch.pointer === pointer)
  })
  return alone ? { isProvocable: true } : { isForbidden: false }
}

function isRefusedFor(
  { operation: asked, response, reading, credentials }: Passing,
  operation: Operation,
  pointer: string,
): boolean {
  if (asked?.id !== operation.id || response.status < 400 || !credentials()) return false
  const faults = reading()?.faults ?? []
  return faults.length > 0 && faults.every(fault => fault.kind === 'invalid' && fault.pointer === pointer)
}

/** Valid bodies to begin with. */
function bodiesFor(api: Api, operation: Operation, { schema, examples }: Content): unknown[] {
  const good = examples.map(({ value }) => value).filter(value => schema?.accepts(value) !== false)
  const made = decodeBody('application/json', exampleRequest(api, operation, 'contrato').body)
  return [...good, ...(made.kind === 'value' ? [made.value] : [])]
}
