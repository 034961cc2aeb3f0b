import { defineRule } from '../rule.ts'

/** Some request leads to every operation. */
export const operationUnreachable = defineRule({
  code: 'operation-unreachable',
  severity: 'error',
  *review({ api }) {
    for (const { operation, why, help } of api.unreachable()) {
      yield {
        message: `${operation.id} cannot be reached: ${why}`,
        help,
        pointer: operation.pointer,
        operation: operation.id,
      }
    }
  },
})
