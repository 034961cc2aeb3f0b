import { isRefusedFor, securityOf } from '../credentials.ts'
import { indulged } from '../indulgence.ts'
import { always, defineKind } from '../sabotage.ts'

export const credentialsLate = defineKind({
  id: 'credentials-late',
  says: 'the body is judged before the credentials are',
  *plan(_api, operation) {
    if (operation.requestBody === undefined || operation.security.length === 0) return
    yield {
      says: 'tells a stranger what is wrong with the body',
      pointer: securityOf(operation),
      // Where no status is documented for strangers, any refusal will do.
      ...(!operation.responses.some(({ status }) => status === '401' || status === '403') && { isForbidden: false }),
      ...always(passing =>
        isRefusedFor(passing, operation) && (passing.reading()?.faults.length ?? 0) > 0
          ? indulged(passing, 'auth=false')
          : undefined,
      ),
    }
  },
})
