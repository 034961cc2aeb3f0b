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
    const step = bound('multipleOf')
    if (step !== undefined && step > 0 && typeof value === 'number')
      broken.push({ says: `beside multipleOf ${step}`, value: value + step / 2 })
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      const names = Object.keys(value)
      const more = (count: number): object =>
        Object.fromEntries(
          Array.from({ length: Math.min(count, 1_000) }, (_, at) => [`contratoExtra${at + 1}`, 'more']),
        )
      add('maxProperties', limit => ({ ...value, ...more(limit + 1 - names.length) }))
      add('minProperties', limit => Object.fromEntries(Object.entries(value).slice(0, Math.max(0, limit - 1))))
    }
    if (typeof value === 'string') {
      const letters = [...value]
      const last = letters.at(-1) ?? 'a'
      // What the text is beside its length stays as it is, as far as that goes.
      add('minLength', limit => letters.slice(0, Math.max(0, limit - 1)).join(''))
      add('maxLength', limit => value + last.repeat(Math.max(0, limit + 1 - letters.length)))
    }
    if (Array.isArray(value)) {
      add('minItems', limit => value.slice(0, Math.max(0, limit - 1)))
      add('maxItems', limit => Array.from({ length: limit + 1 }, (_, at) => value[at % Math.max(1, value.length)]))
    }
    return broken
  },
}
