import { withField } from '../answer.ts'
import { always, defineKind, isOf } from '../sabotage.ts'

const texts = ['not of this form', '', '-1', '1.5', 'x', '[', 'true']

export const headerBroken = defineKind({
  id: 'header-broken',
  says: 'a documented header has a value that its schema refuses',
  *plan(_api, operation) {
    for (const response of operation.responses) {
      for (const { name, schema, read, pointer } of response.headers) {
        if (schema === undefined) continue
        const broken = texts.find(text => !schema.accepts(read(text)))
        yield {
          says: `answers ${response.status} with another ${name}`,
          pointer: broken === undefined ? pointer : (schema.mismatches(read(broken))[0]?.pointer ?? pointer),
          status: response.status,
          ...(broken === undefined && { isForbidden: false }),
          ...always(passing => {
            if (!isOf(passing, response)) return undefined
            const spoilt = withField(passing.response, name, broken ?? texts[0])
            return { response: spoilt, isForbidden: broken !== undefined }
          }),
        }
      }
    }
  },
})
