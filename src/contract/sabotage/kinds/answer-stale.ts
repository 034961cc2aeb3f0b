import { scopeOf } from '../../../model/index.ts'
import { bodyOf, withBytes } from '../answer.ts'
import { defineKind, isOf, isSuccess } from '../sabotage.ts'

export const answerStale = defineKind({
  id: 'answer-stale',
  says: 'an answer is the one to the request before',
  *plan(_api, operation) {
    for (const response of operation.responses) {
      const [promise] = response.relations.equal
      if (promise === undefined || !isSuccess(response)) continue
      yield {
        says: `answers ${response.status} with the body of the answer before`,
        pointer: promise.pointer,
        status: response.status,
        begin() {
          let before: Uint8Array | undefined
          return passing => {
            const reading = isOf(passing, response) ? passing.reading() : undefined
            if (reading === undefined) return undefined
            const [stale, fresh] = [before, passing.response.body]
            before = fresh
            if (stale === undefined) return undefined
            const spoilt = withBytes(passing.response, stale)
            const scope = scopeOf(reading, { ...spoilt, body: bodyOf(spoilt)?.value })
            const isForbidden = response.relations.equal.some(({ left, right, fallback }) => {
              const expected = right.read(scope) ?? fallback?.value
              return expected !== undefined && left.readAll(scope).some(({ value }) => value !== expected)
            })
            return { response: spoilt, isForbidden }
          }
        },
      }
    }
  },
})
