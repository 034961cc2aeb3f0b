import { judge, quoted } from '../judge.ts'
import { defineRule } from '../rule.ts'

/** Every value of an enum is accepted by the rest of its schema. */
export const enumInvalid = defineRule({
  code: 'enum-invalid',
  severity: 'error',
  *review({ document, api, places }) {
    for (const { kind, value, pointer, name, operation, side } of places) {
      if (kind !== 'schema' || !Array.isArray(value.enum)) continue
      const schema = api.schemas.at(pointer, value)
      const refused = value.enum.flatMap((item, at) => {
        // A value that is in the enum meets the enum itself, so what is left to fail is the rest.
        const verdict = judge(document, schema, item, side)
        return verdict === undefined ? [] : [{ item, at, reasons: verdict.reasons }]
      })
      const [first] = refused
      if (first === undefined) continue
      const others = refused.length > 1 ? ` (and so for ${refused.length - 1} more of its values)` : ''
      yield {
        message: `The enum value ${quoted(first.item)} of ${name} can never occur: ${first.reasons}${others}`,
        help: 'Correct the value or the rest of the schema; for null the type has to allow "null" too.',
        pointer: `${pointer}/enum/${first.at}`,
        operation,
      }
    }
  },
})
