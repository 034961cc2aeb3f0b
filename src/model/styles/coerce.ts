import type { Part } from '../part.ts'

/** The types that a schema allows, as far as they can be told without a value. */
export function typesOf(schema: Part | undefined): ReadonlySet<string> {
  const found = new Set<string>()
  const collect = (part: Part | undefined, depth: number): void => {
    if (part === undefined || depth > 10) return
    const type = part.get('type')?.value
    for (const name of Array.isArray(type) ? type : [type]) if (typeof name === 'string') found.add(name)
    for (const list of ['allOf', 'anyOf', 'oneOf']) {
      for (const [, branch] of part.get(list)?.entries() ?? []) collect(branch, depth + 1)
    }
  }
  collect(schema, 0)
  return found
}

/** Reads texts as values of a schema; a text stays what it is where no other type fits it. */
export function coercer(schema: Part | undefined): (text: string) => unknown {
  const types = typesOf(schema)
  const numeric = types.has('integer') || types.has('number')
  const boolean = types.has('boolean')
  const nullable = types.has('null') && !types.has('string')
  if (!numeric && !boolean && !nullable) return text => text
  return text => {
    if (numeric && /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return Number(text)
    if (boolean && (text === 'true' || text === 'false')) return text === 'true'
    return nullable && text === '' ? null : text
  }
}
