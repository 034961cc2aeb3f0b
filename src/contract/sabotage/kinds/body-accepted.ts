import { exampleRequest, jsonBody } from '../../../generate/index.ts'
import { type Api, type Content, decodeBody, type Operation, Part } from '../../../model/index.ts'
import { acceptingPlans } from '../accepted.ts'
import { jsonOf } from '../answer.ts'
import { defineKind } from '../sabotage.ts'

export const bodyAccepted = defineKind({
  id: 'body-accepted',
  says: 'one clause of the request body is not looked at',
  *plan(api, operation) {
    const content = operation.requestBody && jsonOf(operation.requestBody)
    const root = content?.schema && Part.of(api.document.root).at(content.schema.pointer)
    if (content?.schema === undefined || root === undefined) return
    const bodies = bodiesFor(api, operation, content)
    yield* acceptingPlans(operation, jsonBody(content.schema, root, bodies[0]), bodies)
  },
})

/** Valid bodies to begin with. */
function bodiesFor(api: Api, operation: Operation, { schema, examples }: Content): unknown[] {
  const good = examples.map(({ value }) => value).filter(value => schema?.accepts(value) !== false)
  const made = decodeBody('application/json', exampleRequest(api, operation, 'contrato').body)
  return [...good, ...(made.kind === 'value' ? [made.value] : [])]
}
