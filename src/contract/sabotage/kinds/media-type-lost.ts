import { withField } from '../answer.ts'
import { always, defineKind, isOf } from '../sabotage.ts'

export const mediaTypeLost = defineKind({
  id: 'media-type-lost',
  says: 'an answer does not say what media type it is of',
  *plan(_api, operation) {
    for (const response of operation.responses) {
      if (response.content.length === 0) continue
      yield {
        says: `answers ${response.status} without a Content-Type`,
        pointer: `${response.pointer}/content`,
        status: response.status,
        ...always(passing => {
          if (!isOf(passing, response) || passing.response.body.length === 0) return undefined
          return { response: withField(passing.response, 'content-type'), isForbidden: true }
        }),
      }
    }
  },
})
