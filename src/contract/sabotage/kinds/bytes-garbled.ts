import { withBytes } from '../answer.ts'
import { jsonResponses } from '../bodies.ts'
import { always, defineKind, isOf } from '../sabotage.ts'

export const bytesGarbled = defineKind({
  id: 'bytes-garbled',
  says: 'the bytes of an answer are no UTF-8',
  *plan(_api, operation) {
    for (const { response, content } of jsonResponses(operation)) {
      yield {
        says: `answers ${response.status} with a byte that is no UTF-8`,
        pointer: content.pointer,
        status: response.status,
        ...always(passing => {
          const spoilt = isOf(passing, response) ? garbled(passing.response.body) : undefined
          return spoilt && { response: withBytes(passing.response, spoilt), isForbidden: true }
        }),
      }
    }
  },
})

/** The first letter of the first text becomes a byte of another character set. */
function garbled(body: Uint8Array): Uint8Array | undefined {
  const at = body.indexOf(0x22)
  if (at === -1) return undefined
  const bytes = Buffer.from(body)
  bytes[at + 1] = 0xe4
  return bytes
}
