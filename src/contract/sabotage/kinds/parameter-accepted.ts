import { exampleRequest } from '../../../generate/index.ts'
import { type Api, type Operation, type Parameter, Part } from '../../../model/index.ts'
import { everyClause } from '../clauses/index.ts'
import { indulged } from '../indulgence.ts'
import { edited, placesIn } from '../places.ts'
import { always, defineKind, type Plan } from '../sabotage.ts'

export const parameterAccepted = defineKind({
  id: 'parameter-accepted',
  says: 'one clause of a parameter is not looked at',
  *plan(api, operation) {
    for (const parameter of operation.parameters) {
      if (parameter.in !== 'path' && parameter.required)
        yield ignoring(operation, parameter, `${parameter.pointer}/required`, parameter.pointer)
      const root = parameter.schema && Part.of(api.document.root).at(parameter.schema.pointer)
      if (root === undefined) continue
      const [place] = placesIn(root)
      const seen = new Set<string>()
      for (const { keyword, edits } of place === undefined ? [] : everyClause(place)) {
        const pointer = `${root.pointer}/${keyword}`
        if (seen.has(pointer)) continue
        seen.add(pointer)
        const texts = [...edited(undefined, [], edits)].filter(value => typeof value !== 'object').map(String)
        const isProvocable = texts.some(text => isBrokenAlone(api, operation, parameter, text, pointer))
        const plan = ignoring(operation, parameter, pointer)
        yield isProvocable ? { ...plan, isProvocable } : { ...plan, isForbidden: false }
      }
    }
  },
})

function ignoring(operation: Operation, { name, in: place }: Parameter, pointer: string, also = pointer): Plan {
  return {
    says: `takes requests that break ${pointer.split('/').at(-1)} of ${name} (${place})`,
    pointer,
    ...always(passing => {
      const { operation: asked, response, reading, credentials } = passing
      if (asked?.id !== operation.id || response.status < 400 || !credentials()) return undefined
      const faults = reading()?.faults ?? []
      const isIt = faults.length > 0 && faults.every(fault => fault.pointer === pointer || fault.pointer === also)
      return isIt ? indulged(passing, 'validate=false') : undefined
    }),
  }
}

/** Whether a request with this text in the place of the parameter breaks the clause and nothing else. */
function isBrokenAlone(
  api: Api,
  operation: Operation,
  { name, in: place }: Parameter,
  text: string,
  pointer: string,
): boolean {
  if (place === 'path' && (text === '' || text === '.' || text === '..')) return false
  const request = exampleRequest(api, operation, 'contrato', new Map([[name, text]]))
  const match = api.lead(request)
  if (match.kind !== 'found' || match.operation.id !== operation.id) return false
  const { faults } = operation.read(request, match.params, { credentials: false })
  return faults.length > 0 && faults.every(fault => fault.pointer === pointer)
}
