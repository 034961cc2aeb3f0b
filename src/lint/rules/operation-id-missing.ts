import { defineRule } from '../rule.ts'

/** Every operation has an operationId. */
export const operationIdMissing = defineRule({
  code: 'operation-id-missing',
  severity: 'warning',
  *review({ api }) {
    for (const { id, part, pointer } of api.operations) {
      if (part.text('operationId') !== undefined) continue
      yield {
        message: `${id} has no operationId`,
        help: 'Give it a unique one, such as listOrders; reports, types and clients call the operation by it.',
        pointer,
        operation: id,
      }
    }
  },
})
