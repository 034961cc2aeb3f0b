import { judge, quoted } from '../judge.ts'
import { defineRule } from '../rule.ts'

/** Every value of an enum is accepted by the rest of its schema. */
export const enumInvalid = defineRule({
  code: 'enum-invalid',
  severity: 'error',
  *review({ places, schemaAt }) {
    for (const { kind, value, pointer, name, operation, side } of places) {
      if (kind !== 'schema' || !Array.isArray(value.enum)) continue
      for (const [at, item] of value.enum.entries()) {
        // A value that is in the enum meets the enum itself, so what is left to fail is the rest.
        const verdict = judge(schemaAt(pointer, side), item)
        if (verdict === undefined) continue
        yield {
          message: `The enum value ${quoted(item)} of ${name} can never occur: ${verdict.reasons}`,
          help: 'Correct the value or the rest of the schema; for null the type has to allow "null" too.',
          pointer: `${pointer}/enum/${at}`,
          operation,
        }
      }
    }
  },
})
