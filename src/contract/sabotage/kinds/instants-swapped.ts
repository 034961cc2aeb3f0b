import { scopeOf } from '../../../model/index.ts'
import { bodyOf, withValue } from '../answer.ts'
import { edited } from '../places.ts'
import { always, defineKind, isOf } from '../sabotage.ts'

const late = '2199-12-31T23:59:59.999Z'

export const instantsSwapped = defineKind({
  id: 'instants-swapped',
  says: 'what x-contract declares as ordered is not',
  *plan(_api, operation) {
    for (const response of operation.responses) {
      for (const { first, second, pointer } of response.relations.ordered) {
        yield {
          says: `answers ${response.status} with ${first.text} after ${second.text}`,
          pointer,
          status: response.status,
          ...always(passing => {
            const reading = isOf(passing, response) ? passing.reading() : undefined
            const body = bodyOf(passing.response)
            if (reading === undefined || body === undefined) return undefined
            const scope = scopeOf(reading, { ...passing.response, body: body.value })
            const [earlier] = first.readAll(scope)
            const later = second.read(scope)
            if (earlier === undefined || later === undefined) return undefined
            const beyond = typeof later === 'number' ? later + 1 : late
            const [value] = edited(body.value, earlier.tokens, () => [beyond])
            return { response: withValue(passing.response, value), isForbidden: true }
          }),
        }
      }
    }
  },
})
