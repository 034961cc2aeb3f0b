import { bodyOf, withValue } from '../answer.ts'
import { jsonResponses } from '../bodies.ts'
import { always, defineKind, isOf } from '../sabotage.ts'

export const bodyWrapped = defineKind({
  id: 'body-wrapped',
  says: 'the body of an answer is wrapped into something else',
  *plan(_api, operation) {
    for (const { response, content } of jsonResponses(operation)) {
      yield {
        says: `answers ${response.status} with the body wrapped into data`,
        pointer: content.schema?.pointer ?? content.pointer,
        status: response.status,
        ...always(passing => {
          const body = isOf(passing, response) ? bodyOf(passing.response) : undefined
          if (body === undefined) return undefined
          const wrapped = [{ data: body.value }, [body.value]]
          const refused = wrapped.find(value => content.schema?.accepts(value) === false)
          return { response: withValue(passing.response, refused ?? wrapped[0]), isForbidden: refused !== undefined }
        }),
      }
    }
  },
})
