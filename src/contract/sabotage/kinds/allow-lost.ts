import { headerOf } from '../../../http/index.ts'
import { withField } from '../answer.ts'
import { always, defineKind } from '../sabotage.ts'

export const allowLost = defineKind({
  id: 'allow-lost',
  says: 'a 405 does not say which methods there are',
  *plan(_api, operation) {
    yield {
      says: 'answers 405 without Allow',
      pointer: operation.pointer,
      ...always(({ response }) =>
        response.status === 405 && headerOf(response.headers, 'allow') !== undefined
          ? { response: withField(response, 'allow'), isForbidden: true }
          : undefined,
      ),
    }
  },
})
