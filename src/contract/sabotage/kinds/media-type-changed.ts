import { bestMediaType } from '../../../http/index.ts'
import { withField } from '../answer.ts'
import { always, defineKind, isOf } from '../sabotage.ts'

const others = ['text/html', 'application/vnd.contrato']

export const mediaTypeChanged = defineKind({
  id: 'media-type-changed',
  says: 'an answer comes in another media type',
  *plan(_api, operation) {
    for (const response of operation.responses) {
      if (response.content.length === 0) continue
      const documented = response.content.map(({ mediaType }) => mediaType)
      const other = others.find(type => bestMediaType(documented, type) === undefined)
      yield {
        says: `answers ${response.status} as ${other ?? others[0]}`,
        pointer: `${response.pointer}/content`,
        status: response.status,
        ...always(passing => {
          if (!isOf(passing, response) || passing.response.body.length === 0) return undefined
          const spoilt = withField(passing.response, 'content-type', other ?? others[0])
          return { response: spoilt, isForbidden: other !== undefined }
        }),
      }
    }
  },
})
