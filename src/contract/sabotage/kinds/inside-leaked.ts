import { Part } from '../../../model/index.ts'
import { bodyOf, withValue } from '../answer.ts'
import { jsonResponses } from '../bodies.ts'
import { edited, placesIn } from '../places.ts'
import { always, defineKind, isOf, isRefusal } from '../sabotage.ts'

const trace =
  'TypeError: undefined is not a function\n    at save (/app/src/store.js:12:7)\n    at next (/app/node_modules/express/lib/router.js:47:5)'

export const insideLeaked = defineKind({
  id: 'inside-leaked',
  says: 'an error shows a stack trace',
  *plan(api, operation) {
    for (const { response, content } of jsonResponses(operation).filter(({ response }) => isRefusal(response))) {
      const root = content.schema && Part.of(api.document.root).at(content.schema.pointer)
      const places = root === undefined ? [] : placesIn(root)
      yield {
        says: `answers ${response.status} with a stack trace in its text`,
        pointer: response.pointer,
        status: response.status,
        ...always(passing => {
          const body = isOf(passing, response) && passing.response.status >= 400 ? bodyOf(passing.response) : undefined
          if (body === undefined) return undefined
          for (const { at } of places) {
            for (const value of edited(body.value, at, text => (typeof text === 'string' ? [trace] : []))) {
              // The document allows it, so that nothing but the leak is wrong.
              if (content.schema?.accepts(value) !== false)
                return { response: withValue(passing.response, value), isForbidden: true }
            }
          }
          return undefined
        }),
      }
    }
  },
})
