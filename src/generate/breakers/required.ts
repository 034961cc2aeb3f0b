import type { Breaker } from './breaker.ts'

/** Leaves out each required property in turn. */
export const required: Breaker<'required'> = {
  id: 'required',
  breaks: (schema, value) => {
    const names = schema.get('required')?.value
    if (!Array.isArray(names) || typeof value !== 'object' || value === null || Array.isArray(value)) return []
    return names
      .filter((name): name is string => typeof name === 'string' && Object.hasOwn(value, name))
      .map(name => ({
        says: `without ${name}`,
        value: Object.fromEntries(Object.entries(value).filter(([key]) => key !== name)),
      }))
  },
}
