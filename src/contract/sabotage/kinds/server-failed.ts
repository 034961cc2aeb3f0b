import { noBytes, withHeader } from '../../../http/index.ts'
import { always, defineKind } from '../sabotage.ts'

export const serverFailed = defineKind({
  id: 'server-failed',
  says: 'the server fails at a request that it has to be able to answer',
  *plan(_api, operation) {
    const documented = operation.responses.find(({ status }) => /^5|^default$/i.test(status))
    const status = Number(/^5\d\d$/.exec(documented?.status ?? '')?.[0] ?? 500)
    yield {
      says: `answers ${status} to valid requests`,
      pointer: documented?.pointer ?? `${operation.pointer}/responses`,
      ...always(async ({ operation: asked, response, request, ask }) => {
        if (asked?.id !== operation.id || response.status >= 300) return undefined
        const failure =
          documented === undefined ? undefined : await ask(withHeader(request, 'Prefer', `code=${status}`))
        const bare = { status, headers: [], body: noBytes }
        return { response: failure?.status === status ? failure : bare, isForbidden: true }
      }),
    }
    yield {
      says: 'answers 500 to a method that it does not have',
      pointer: operation.pointer,
      ...always(({ operation: asked }) =>
        asked === undefined ? { response: { status: 500, headers: [], body: noBytes }, isForbidden: true } : undefined,
      ),
    }
  },
})
