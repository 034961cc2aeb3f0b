import type { Breaker } from './breaker.ts'

/** Text that fits no documented pattern or format. */
export const form: Breaker<'form'> = {
  id: 'form',
  breaks: (schema, value) => {
    if (typeof value !== 'string') return []
    const asked = ['pattern', 'format'].find(keyword => schema.get(keyword) !== undefined)
    return asked === undefined ? [] : [{ says: `text that is not of its ${asked}`, value: '\u0001 not of this form' }]
  },
}
