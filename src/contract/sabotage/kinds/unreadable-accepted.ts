import { indulged } from '../indulgence.ts'
import { always, defineKind } from '../sabotage.ts'

export const unreadableAccepted = defineKind({
  id: 'unreadable-accepted',
  says: 'a body that is no JSON, or none at all, is taken',
  *plan(_api, operation) {
    const { requestBody } = operation
    if (requestBody === undefined || !requestBody.content.some(({ mediaType }) => /json/i.test(mediaType))) return
    for (const isEmpty of [false, true]) {
      if (isEmpty && !requestBody.required) continue
      yield {
        says: isEmpty ? 'takes requests without the body that is required' : 'takes bodies that are no JSON',
        pointer: isEmpty ? `${requestBody.pointer}/required` : `${requestBody.pointer}/content`,
        isProvocable: true,
        ...always(passing => {
          const { operation: asked, request, response, reading, credentials } = passing
          if (asked?.id !== operation.id || response.status < 400 || !credentials()) return undefined
          if ((request.body.length === 0) !== isEmpty) return undefined
          const faults = reading()?.faults ?? []
          const isBody = faults.length > 0 && faults.every(({ kind }) => kind === 'syntax')
          return isBody ? indulged(passing, 'validate=false') : undefined
        }),
      }
    }
  },
})
