import { jsonResponses, spoilt } from '../bodies.ts'
import { always, defineKind, isOf, isRefusal } from '../sabotage.ts'

/** Errors as frameworks write them when nobody tells them how. */
const shapes = [
  { error: { code: 'E_FAILED', text: 'It failed.' } },
  { errors: [{ detail: 'It failed.' }] },
  { success: false },
  'It failed.',
  ['It failed.'],
]

export const errorReshaped = defineKind({
  id: 'error-reshaped',
  says: 'an error has another shape than documented',
  *plan(_api, operation) {
    for (const { response, content } of jsonResponses(operation).filter(({ response }) => isRefusal(response))) {
      yield {
        says: `answers ${response.status} in the shape of another framework`,
        pointer: content.schema?.pointer ?? content.pointer,
        status: response.status,
        ...always(passing =>
          isOf(passing, response) && passing.response.status >= 400
            ? spoilt(passing, content, { at: [] }, () => shapes)
            : undefined,
        ),
      }
    }
  },
})
