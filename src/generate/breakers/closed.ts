import type { Breaker } from './breaker.ts'

/** Adds a member where no other than the described ones may be. */
export const closed: Breaker<'closed'> = {
  id: 'closed',
  breaks: (schema, value) => {
    const isClosed = ['additionalProperties', 'unevaluatedProperties'].some(name => schema.get(name)?.value === false)
    if (!isClosed || typeof value !== 'object' || value === null || Array.isArray(value)) return []
    return [{ says: 'with a member that is not described', value: { ...value, contratoExtra: 'not allowed' } }]
  },
}
