import type { Breaker, Broken } from './breaker.ts'

/** One step beyond each bound of numbers, lengths and sizes. */
export const bounds: Breaker<'bounds'> = {
  id: 'bounds',
  breaks: (schema, value) => {
    const bound = (name: string): number | undefined => {
      const given = schema.get(name)?.value
      return typeof given === 'number' ? given : undefined
    }
    const broken: Broken[] = []
    const add = (name: string, make: (limit: number) => unknown): void => {
      const limit = bound(name)
      if (limit !== undefined && Math.abs(limit) < 100_000)
        broken.push({ says: `beyond ${name} ${limit}`, value: make(limit) })
    }
    add('minimum', limit => limit - 1)
    add('maximum', limit => limit + 1)
    add('exclusiveMinimum', limit => limit)
    add('exclusiveMaximum', limit => limit)
    if (typeof value === 'string') {
      add('minLength', limit => 'a'.repeat(Math.max(0, limit - 1)))
      add('maxLength', limit => 'a'.repeat(limit + 1))
    }
    if (Array.isArray(value)) {
      add('minItems', limit => value.slice(0, Math.max(0, limit - 1)))
      add('maxItems', limit => Array.from({ length: limit + 1 }, (_, at) => value[at % Math.max(1, value.length)]))
    }
    return broken
  },
}
