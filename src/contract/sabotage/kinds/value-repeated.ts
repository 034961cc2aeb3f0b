import { scopeOf } from '../../../model/index.ts'
import { bodyOf, jsonOf, withValue } from '../answer.ts'
import { edited } from '../places.ts'
import { defineKind, isOf } from '../sabotage.ts'

export const valueRepeated = defineKind({
  id: 'value-repeated',
  says: 'what x-contract declares as unique comes twice',
  *plan(_api, operation) {
    for (const response of operation.responses) {
      for (const { place, pointer } of response.relations.unique) {
        yield {
          says: `answers ${response.status} with the ${place.text} of the first answer`,
          pointer,
          status: response.status,
          begin() {
            let first: unknown
            return passing => {
              const reading = isOf(passing, response) ? passing.reading() : undefined
              const body = bodyOf(passing.response)
              if (reading === undefined || body === undefined) return undefined
              const [found] = place.readAll(scopeOf(reading, { ...passing.response, body: body.value }))
              if (found === undefined || place.inResponseBody === undefined) return undefined
              if (first === undefined) {
                first = found.value
                return undefined
              }
              const [value] = edited(body.value, found.tokens, () => [first])
              if (jsonOf(response)?.schema?.accepts(value) === false) return undefined
              return { response: withValue(passing.response, value), isForbidden: true }
            }
          },
        }
      }
    }
  },
})
