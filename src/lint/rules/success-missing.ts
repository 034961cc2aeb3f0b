import { defineRule } from '../rule.ts'

/** Every operation says what its success looks like. */
export const successMissing = defineRule({
  code: 'success-missing',
  severity: 'error',
  *review({ api }) {
    for (const { id, part, pointer, responses } of api.operations) {
      const statuses = responses.map(({ status }) => status)
      if (statuses.some(status => /^([23](\d\d|XX)|default)$/i.test(status))) continue
      yield {
        message: `${id} documents no success, only ${statuses.join(', ') || 'nothing at all'}`,
        help: 'Document the 2xx (or 3xx) response.',
        pointer: part.get('responses') === undefined ? pointer : `${pointer}/responses`,
        operation: id,
      }
    }
  },
})
