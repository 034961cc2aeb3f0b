import { defineRule } from '../rule.ts'

/** Every operation says how it answers a request that is wrong. */
export const clientErrorMissing = defineRule({
  code: 'client-error-missing',
  severity: 'warning',
  *review({ api }) {
    for (const { id, part, pointer, responses } of api.operations) {
      const statuses = responses.map(({ status }) => status)
      if (statuses.some(status => /^(4(\d\d|XX)|default)$/i.test(status))) continue
      yield {
        message: `${id} documents no 4xx response, so what it answers to a wrong request is nobody's promise`,
        help: 'Document at least one 4xx response, the range 4XX, or default.',
        pointer: part.get('responses') === undefined ? pointer : `${pointer}/responses`,
        operation: id,
      }
    }
  },
})
