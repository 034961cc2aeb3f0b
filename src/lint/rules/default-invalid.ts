import { judge, quoted } from '../judge.ts'
import { defineRule } from '../rule.ts'

/** Every default matches the schema that states it. */
export const defaultInvalid = defineRule({
  code: 'default-invalid',
  severity: 'error',
  *review({ places, schemaAt }) {
    for (const { kind, value, pointer, name, operation, side } of places) {
      if (kind !== 'schema' || !('default' in value)) continue
      const verdict = judge(schemaAt(pointer, side), value.default)
      if (verdict === undefined) continue
      yield {
        message: `The default ${quoted(value.default)} of ${name} does not match its schema: ${verdict.reasons}`,
        help: 'State a default that the schema accepts, or leave it out.',
        pointer: `${pointer}/default${verdict.at}`,
        operation,
      }
    }
  },
})
