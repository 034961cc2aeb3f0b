import { withBytes } from '../answer.ts'
import { jsonResponses } from '../bodies.ts'
import { always, defineKind, isOf } from '../sabotage.ts'

export const bytesTruncated = defineKind({
  id: 'bytes-truncated',
  says: 'the JSON of an answer ends too early',
  *plan(_api, operation) {
    for (const { response, content } of jsonResponses(operation)) {
      yield {
        says: `answers ${response.status} with half a body`,
        pointer: content.pointer,
        status: response.status,
        ...always(passing => {
          const { body } = passing.response
          if (!isOf(passing, response) || !/^\s*[[{]/.test(Buffer.from(body).toString('utf8'))) return undefined
          const half = body.subarray(0, Math.ceil(body.length / 2))
          return { response: withBytes(passing.response, half), isForbidden: true }
        }),
      }
    }
  },
})
