import { headerOf } from '../../../http/index.ts'
import { withField } from '../answer.ts'
import { always, defineKind, isOf } from '../sabotage.ts'

export const headerLost = defineKind({
  id: 'header-lost',
  says: 'an answer lacks a documented header',
  *plan(_api, operation) {
    for (const response of operation.responses) {
      for (const { name, required, pointer } of response.headers) {
        yield {
          says: `answers ${response.status} without ${name}`,
          pointer: required ? `${pointer}/required` : pointer,
          status: response.status,
          ...(!required && { isForbidden: false }),
          ...always(passing => {
            if (!isOf(passing, response) || headerOf(passing.response.headers, name.toLowerCase()) === undefined)
              return undefined
            return { response: withField(passing.response, name), isForbidden: required }
          }),
        }
      }
    }
  },
})
