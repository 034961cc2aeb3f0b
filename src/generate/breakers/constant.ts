import type { Breaker } from './breaker.ts'

/** Another value of the same type than the only one that is allowed. */
export const constant: Breaker<'const'> = {
  id: 'const',
  breaks: schema => {
    const only = schema.get('const')?.value
    if (typeof only === 'string') return [{ says: 'another text than the only one', value: `not-${only}` }]
    if (typeof only === 'number') return [{ says: 'another number than the only one', value: only + 1 }]
    return typeof only === 'boolean' ? [{ says: `${!only}, which is not the only one`, value: !only }] : []
  },
}
