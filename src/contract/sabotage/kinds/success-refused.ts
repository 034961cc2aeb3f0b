import { withHeader } from '../../../http/index.ts'
import { always, defineKind } from '../sabotage.ts'

export const successRefused = defineKind({
  id: 'success-refused',
  says: 'valid requests are refused with a documented error',
  *plan(_api, operation) {
    const refusal = operation.responses.find(({ status }) => /^4\d\d$/.test(status))
    if (refusal === undefined) return
    yield {
      says: `answers ${refusal.status} to every valid request`,
      pointer: `${operation.pointer}/responses`,
      ...always(async ({ operation: asked, response, request, ask }) => {
        if (asked?.id !== operation.id || response.status >= 300) return undefined
        return { response: await ask(withHeader(request, 'Prefer', `code=${refusal.status}`)), isForbidden: true }
      }),
    }
  },
})
