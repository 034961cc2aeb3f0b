import type { Part } from '../part.ts'

/** The schema itself and the branches that it is put together from. */
function branchesOf(schema: Part | undefined): Part[] {
  const found = new Map<string, Part>()
  const collect = (part: Part | undefined): void => {
    if (part === undefined || found.has(part.pointer)) return
    found.set(part.pointer, part)
    for (const list of ['allOf', 'anyOf', 'oneOf']) {
      for (const [, branch] of part.get(list)?.entries() ?? []) collect(branch)
    }
  }
  collect(schema)
  return [...found.values()]
}

/** The types that a schema allows, as far as they can be told without a value. */
export function typesOf(schema: Part | undefined): ReadonlySet<string> {
  return new Set(branchesOf(schema).flatMap(statedTypes))
}

/** Where no type is stated, the values that are listed tell it. */
function statedTypes(branch: Part): string[] {
  const stated = branch.get('type')?.value
  if (stated !== undefined) return [stated].flat().filter(name => typeof name === 'string')
  const listed = branch.get('enum')?.value
  const values = Array.isArray(listed) ? listed : [branch.get('const')?.value]
  return values.flatMap(value => (value === null ? 'null' : value === undefined ? [] : typeof value))
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

/** Reads texts as items of an array schema. */
export function itemCoercer(schema: Part | undefined): (text: string) => unknown {
  return coercer(
    branchesOf(schema)
      .map(branch => branch.get('items'))
      .find(Boolean),
  )
}

/** For each property that a schema names, how the texts sent for it are read. */
export function propertyCoercers(schema: Part | undefined): ReadonlyMap<string, (texts: readonly string[]) => unknown> {
  const coercers = new Map<string, (texts: readonly string[]) => unknown>()
  for (const branch of branchesOf(schema)) {
    for (const [name, property] of branch.get('properties')?.entries() ?? []) {
      if (coercers.has(name)) continue
      const isArray = typesOf(property).has('array')
      const read = isArray ? itemCoercer(property) : coercer(property)
      coercers.set(name, texts => (isArray ? texts.map(read) : read(texts.at(-1) ?? '')))
    }
  }
  return coercers
}

/** The value of a property, which stays text where the schema does not name it. */
export function readProperty(
  properties: ReturnType<typeof propertyCoercers>,
  name: string,
  texts: readonly string[],
): unknown {
  const read = properties.get(name)
  return read === undefined ? texts.at(-1) : read(texts)
}
