import { withBytes } from '../answer.ts'
import { jsonResponses } from '../bodies.ts'
import { always, defineKind, isOf } from '../sabotage.ts'

export const markAdded = defineKind({
  id: 'mark-added',
  says: 'a byte order mark stands before the JSON of an answer',
  *plan(_api, operation) {
    for (const { response, content } of jsonResponses(operation)) {
      yield {
        says: `answers ${response.status} with a byte order mark`,
        pointer: content.pointer,
        status: response.status,
        ...always(passing => {
          const spoilt = isOf(passing, response) ? marked(passing.response.body) : undefined
          return spoilt && { response: withBytes(passing.response, spoilt), isForbidden: true }
        }),
      }
    }
  },
})

/** Source: RFC 8259, section 8.1. */
function marked(body: Uint8Array): Uint8Array | undefined {
  return body.length === 0 ? undefined : Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body])
}
