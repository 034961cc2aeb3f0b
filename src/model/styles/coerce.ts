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

const knownTypes = new WeakMap<object, ReadonlySet<string>>()

/** The types that a schema allows, as far as they can be told without a value. */
export function typesOf(schema: Part | undefined): ReadonlySet<string> {
  const value = schema?.value
  const known = typeof value === 'object' && value !== null ? knownTypes.get(value) : undefined
  if (known !== undefined) return known
  const branches = branchesOf(schema)
  const stated = branches.flatMap(statedTypes)
  const types = new Set(stated.length > 0 ? stated : branches.flatMap(impliedTypes))
  if (typeof value === 'object' && value !== null) knownTypes.set(value, types)
  return types
}

/** Where no type is stated, the values that are listed tell it. */
function statedTypes(branch: Part): string[] {
  const stated = branch.get('type')?.value
  if (stated !== undefined) return [stated].flat().filter(name => typeof name === 'string')
  return listedValues(branch).map(value => (value === null ? 'null' : typeof value))
}

function impliedTypes(branch: Part): string[] {
  const has = (...keywords: string[]): boolean => keywords.some(keyword => branch.get(keyword) !== undefined)
  if (has('items', 'prefixItems')) return ['array']
  return has('properties', 'additionalProperties', 'patternProperties') ? ['object'] : []
}

function listedValues(branch: Part): unknown[] {
  const listed = branch.get('enum')?.value
  if (Array.isArray(listed)) return listed
  const only = branch.get('const')?.value
  return only === undefined ? [] : [only]
}

/** Reads texts as values of a schema; a text stays what it is where no other type fits it. */
export function coercer(schema: Part | undefined): (text: string) => unknown {
  const types = typesOf(schema)
  const numeric = types.has('integer') || types.has('number')
  const boolean = types.has('boolean')
  const nullable = types.has('null') && !types.has('string')
  const composed = (types.has('object') || types.has('array')) && !types.has('string')
  if (!numeric && !boolean && !nullable && !composed) return text => text
  // `oneOf: [integer, enum: ['1']]`: a text that is listed as such is one.
  const texts = new Set(branchesOf(schema).flatMap(listedValues))
  return text => {
    if (texts.has(text)) return text
    if (numeric && /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return Number(text)
    if (boolean && (text === 'true' || text === 'false')) return text === 'true'
    if (nullable && (text === '' || text === 'null')) return null
    return composed ? readJson(text) : text
  }
}

/**
 * Reads a text that was sent alone where a schema allows a list and something else beside it; `undefined` when it is the
 * one item of a list.
 */
export function loneReader(
  schema: Part | undefined,
): (text: string, form: 'certain' | 'ambiguous') => { readonly value: unknown } | undefined {
  const types = typesOf(schema)
  const scalars = [...types].filter(type => type !== 'array' && type !== 'object')
  if (scalars.length === 0) return () => undefined
  const read = coercer(schema)
  const branches = branchesOf(schema)
  const listed = new Set(branches.flatMap(listedValues))
  const isFree = branches.some(branch => branch.text('type') === 'string' && listedValues(branch).length === 0)
  return (text, form) => {
    const value = read(text)
    const isOne = (value === null && text === '') || listed.has(value) || (text === '' && types.has('string'))
    if (isOne) return { value }
    // Where lists are sent in brackets a text without them is no list.
    return form === 'certain' && (typeof value === 'string' ? isFree : true) ? { value } : undefined
  }
}

/** The standard has no form for what is nested; clients write JSON there. */
function readJson(text: string): unknown {
  if (!/^[{[]/.test(text)) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Whether a schema allows values that are written as one text, beside lists and objects. */
export function isScalarToo(schema: Part | undefined): boolean {
  const types = typesOf(schema)
  return ['string', 'integer', 'number', 'boolean'].some(type => types.has(type))
}

/** The schemas of the first items of an array. */
export function leadingItemsOf(schema: Part | undefined): readonly Part[] {
  return branchesOf(schema).flatMap(branch => [...(branch.get('prefixItems')?.entries() ?? [])].map(([, item]) => item))
}

/** Reads texts as items of an array schema. */
export function itemCoercer(schema: Part | undefined): (text: string, at: number) => unknown {
  const leading = leadingItemsOf(schema).map(coercer)
  const rest = coercer(itemOf(schema))
  return leading.length === 0 ? rest : (text, at) => (leading[at] ?? rest)(text)
}

/** The schema of the items of an array. */
export function itemOf(schema: Part | undefined): Part | undefined {
  return branchesOf(schema)
    .map(branch => branch.get('items'))
    .find(Boolean)
}

/** The names that a schema or one of its branches demands. */
export function requiredOf(schema: Part | undefined): ReadonlySet<unknown> {
  return new Set(branchesOf(schema).flatMap(branch => branch.get('required')?.value ?? []))
}

/** By the schema: its properties, and as which part it was looked at: one value may stand at several places. */
const namedBy = new WeakMap<object, { readonly part: Part; readonly properties: ReadonlyMap<string, Part> }>()

/** The schemas of the properties that a schema names. */
export function propertiesOf(schema: Part | undefined): ReadonlyMap<string, Part> {
  if (schema === undefined || typeof schema.value !== 'object' || schema.value === null) return new Map()
  const known = namedBy.get(schema.value)
  if (known?.part.pointer === schema.pointer && known.part.root === schema.root) return known.properties
  const properties = propertiesWithin(schema)
  namedBy.set(schema.value, { part: schema, properties })
  return properties
}

function propertiesWithin(schema: Part): ReadonlyMap<string, Part> {
  const found = new Map<string, Part>()
  for (const branch of branchesOf(schema)) {
    for (const [name, property] of branch.get('properties')?.entries() ?? []) {
      if (!found.has(name)) found.set(name, property)
    }
  }
  return found
}

/** The schema of the properties that a schema does not name. */
export function otherPropertiesOf(schema: Part | undefined): Part | undefined {
  return branchesOf(schema)
    .map(branch => branch.get('additionalProperties'))
    .find(part => typeof part?.value === 'object')
}

type PropertyReader = (texts: readonly string[]) => unknown

/** How the texts sent for a property are read. */
export type PropertyReaders = { readonly named: ReadonlyMap<string, PropertyReader>; readonly other: PropertyReader }

export function propertyReaders(schema: Part | undefined): PropertyReaders {
  const named = [...propertiesOf(schema)].map(([name, property]) => [name, propertyReader(property)] as const)
  return { named: new Map(named), other: propertyReader(otherPropertiesOf(schema)) }
}

function propertyReader(property: Part | undefined): PropertyReader {
  if (!typesOf(property).has('array')) {
    const read = coercer(property)
    return texts => read(texts.at(-1) ?? '')
  }
  const read = itemCoercer(property)
  return texts => texts.map(read)
}

export function readProperty({ named, other }: PropertyReaders, name: string, texts: readonly string[]): unknown {
  return (named.get(name) ?? other)(texts)
}
