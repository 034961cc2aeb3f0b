import { Unreachable } from '../../../http/index.ts'
import { defineKind, isSuccess } from '../sabotage.ts'

/** The answers that come whole before the first is cut; a target that never answers is not there at all. */
const whole = 2

export const connectionCut = defineKind({
  id: 'connection-cut',
  says: 'the connection ends before all the bytes are there that Content-Length announced',
  *plan(_api, operation) {
    if (!operation.responses.some(response => isSuccess(response) && response.content.length > 0)) return
    yield {
      says: 'announces more bytes than it sends',
      pointer: operation.pointer,
      begin() {
        let answers = 0
        return ({ operation: asked, response }) => {
          if (asked?.id !== operation.id || response.status >= 300 || response.body.length === 0) return undefined
          answers += 1
          if (answers <= whole) return undefined
          const { length } = response.body
          const why = new Unreachable(`the connection ended after ${length - 1} of ${length} bytes`)
          return { response: why, isForbidden: true }
        }
      },
    }
  },
})
