import type { Breaker } from './breaker.ts'

/** The same item twice in a list whose items differ. */
export const uniqueness: Breaker<'uniqueness'> = {
  id: 'uniqueness',
  breaks: (schema, value) =>
    schema.is('uniqueItems') && Array.isArray(value) && value.length > 0
      ? [{ says: 'a list with an item twice', value: [...value.slice(0, 1), ...value] }]
      : [],
}
