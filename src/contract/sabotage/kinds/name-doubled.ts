import { withBytes } from '../answer.ts'
import { jsonResponses } from '../bodies.ts'
import { always, defineKind, isOf } from '../sabotage.ts'

export const nameDoubled = defineKind({
  id: 'name-doubled',
  says: 'an object of an answer has a name twice',
  *plan(_api, operation) {
    for (const { response, content } of jsonResponses(operation)) {
      yield {
        says: `answers ${response.status} with a name twice`,
        pointer: content.pointer,
        status: response.status,
        ...always(passing => {
          const spoilt = isOf(passing, response) ? doubled(passing.response.body) : undefined
          return spoilt && { response: withBytes(passing.response, spoilt), isForbidden: true }
        }),
      }
    }
  },
})

/** The first member once more in front, where parsers disagree which of them counts. */
function doubled(body: Uint8Array): Uint8Array | undefined {
  const text = Buffer.from(body).toString('utf8')
  const [, name] = /\{\s*("(?:[^"\\]|\\.)*"\s*:)/.exec(text) ?? []
  return name === undefined ? undefined : Buffer.from(text.replace('{', () => `{${name}null,`))
}
