import type { Breaker } from './breaker.ts'

/** Leaves out each required property in turn, and writes its name in other letters: names are compared as they are. */
export const required: Breaker<'required'> = {
  id: 'required',
  breaks: (schema, value) => {
    const names = schema.get('required')?.value
    if (!Array.isArray(names) || typeof value !== 'object' || value === null || Array.isArray(value)) return []
    const entries: readonly (readonly [string, unknown])[] = Object.entries(value)
    return names
      .filter((name): name is string => typeof name === 'string' && Object.hasOwn(value, name))
      .flatMap(name => {
        const bare = { says: `without ${name}`, value: Object.fromEntries(entries.filter(([key]) => key !== name)) }
        const other = inOtherCase(name)
        if (other === name || Object.hasOwn(value, other)) return [bare]
        const renamed = entries.map(([key, member]) => [key === name ? other : key, member] as const)
        return [bare, { says: `with ${other} instead of ${name}`, value: Object.fromEntries(renamed) }]
      })
  },
}

/** The same name but for the case of its first letter. */
function inOtherCase(name: string): string {
  const [first = ''] = name
  const upper = first.toUpperCase()
  return `${first === upper ? first.toLowerCase() : upper}${name.slice(first.length)}`
}
