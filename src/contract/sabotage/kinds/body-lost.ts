import { noBytes } from '../../../http/index.ts'
import { withBytes } from '../answer.ts'
import { always, defineKind, isOf } from '../sabotage.ts'

export const bodyLost = defineKind({
  id: 'body-lost',
  says: 'an answer has no body',
  *plan(_api, operation) {
    for (const response of operation.responses) {
      if (response.content.length === 0) continue
      yield {
        says: `answers ${response.status} without a body`,
        pointer: `${response.pointer}/content`,
        status: response.status,
        ...always(passing => {
          if (!isOf(passing, response) || passing.response.body.length === 0 || passing.request.method === 'HEAD')
            return undefined
          const isText = response.content.every(({ schema }) => schema === undefined || schema.accepts(''))
          return { response: withBytes(passing.response, noBytes), isForbidden: !isText }
        }),
      }
    }
  },
})
