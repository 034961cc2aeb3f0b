import { always, defineKind, isOf } from '../sabotage.ts'

export const framingBroken = defineKind({
  id: 'framing-broken',
  says: 'the bytes around an answer are not those of HTTP',
  *plan(_api, operation) {
    for (const response of operation.responses) {
      yield {
        says: `answers ${response.status} with a length that is not that of its body`,
        pointer: operation.pointer,
        status: response.status,
        // What the sender saw on the wire, where there is none.
        ...always(passing => {
          const { length } = passing.response.body
          const framing = [`Content-Length says ${length + 1} and the body has ${length} bytes`]
          return isOf(passing, response) ? { response: { ...passing.response, framing }, isForbidden: true } : undefined
        }),
      }
    }
  },
})
