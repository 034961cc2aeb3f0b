import { defineRule } from '../rule.ts'

const isClientError = (status: string): boolean => /^4\d\d$/.test(status)

const refusals = /^(401|403|4XX|default)$/i

/** Every operation that asks for credentials says how it answers who has none. */
export const refusalMissing = defineRule({
  code: 'refusal-missing',
  severity: 'warning',
  *review({ api }) {
    for (const { id, part, pointer, responses, security } of api.operations) {
      const isOpen = security.length === 0 || security.some(schemes => schemes.length === 0)
      const statuses = responses.map(({ status }) => status)
      // Where no client error is documented at all, that is said by another rule.
      if (isOpen || !statuses.some(isClientError) || statuses.some(status => refusals.test(status))) continue
      yield {
        message: `${id} takes credentials and documents neither 401 nor 403, so what it answers without them is nobody's promise`,
        help: 'Document the response 401, or 403, or the range 4XX, or default.',
        pointer: part.get('responses') === undefined ? pointer : `${pointer}/responses`,
        operation: id,
      }
    }
  },
})
