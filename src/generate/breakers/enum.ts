import type { Breaker } from './breaker.ts'

/** A value of the same type that is not on the list. */
export const enumeration: Breaker<'enum'> = {
  id: 'enum',
  breaks: schema => {
    const values = schema.get('enum')?.value
    if (!Array.isArray(values)) return []
    return values.some(value => typeof value === 'string')
      ? [{ says: 'a string that is not listed', value: `not-${values[0]}` }]
      : [
          {
            says: 'a number that is not listed',
            value: Math.max(0, ...values.filter(value => typeof value === 'number')) + 1,
          },
        ]
  },
}
