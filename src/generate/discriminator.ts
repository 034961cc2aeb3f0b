import { formatFragment, formatPointer, parsePointer } from '../finding/index.ts'
import { recordOf } from './keywords.ts'
import { follow, isRecord, memberOf, type Source } from './source.ts'

/** A schema that applies, with what was decided about it. */
export type Applying = Source & {
  readonly avoided?: readonly string[]
  readonly spoilt?: Readonly<Record<string, unknown>>
}

const hintPointer = '#discriminated'

/** The value of a discriminator is no demand, so it gives way where the schema lists other values. */
export function hint(property: string, name: string): Applying {
  return { value: { properties: { [property]: { 'x-hint': name } } }, pointer: hintPointer, trail: undefined }
}

/** What a discriminator calls a schema: by its mapping, else by the schema's name. OpenAPI 3.1.1, section 4.8.25. */
export function nameIn(discriminator: unknown, { pointer, value }: Source): string {
  const tokens = parsePointer(pointer)
  const mapped = Object.entries(recordOf(memberOf(discriminator, 'mapping'))).find(
    ([, target]) => typeof target === 'string' && formatPointer(parsePointer(refOf(target))) === formatPointer(tokens),
  )
  if (mapped !== undefined) return mapped[0]
  // What Microsoft's documents call it by, and what it was called in a file of its own.
  const [written] = [memberOf(value, 'x-ms-discriminator-value'), memberOf(value, 'x-contrato-names')].flat()
  return typeof written === 'string' ? written : (tokens.at(-1) ?? '')
}

/** A mapping names a schema by a reference or by its bare name. */
function refOf(target: string): string {
  return /^[\w.-]+$/.test(target) ? `#/components/schemas/${target}` : target
}

/**
 * The schemas that extend one with a discriminator and without alternatives: those that its mapping names, and those of the
 * components that are put together with it. Source: OpenAPI 3.1.1, section 4.8.25.
 */
export function heirsOf(root: unknown, source: Source): Source[][] | undefined {
  const value = source.value as Record<string, unknown>
  if (!isRecord(value.discriminator) || value.oneOf !== undefined || value.anyOf !== undefined) return undefined
  const mapped = Object.values(recordOf(value.discriminator.mapping)).filter(target => typeof target === 'string')
  const targets = new Set([...mapped.map(refOf), ...(extendersIn(root).get(source.pointer) ?? [])])
  const heirs = [...targets]
    .map(target => follow(root, { $ref: target }, '', source.trail))
    .filter(([heir]) => heir !== undefined && heir.pointer !== source.pointer)
  return heirs.length === 0 ? undefined : heirs
}

const extenders = new WeakMap<object, ReadonlyMap<string, readonly string[]>>()

/** The components that stand in `allOf` with another, by the pointer of that. */
function extendersIn(root: unknown): ReadonlyMap<string, readonly string[]> {
  if (typeof root !== 'object' || root === null) return new Map()
  const known = extenders.get(root)
  if (known !== undefined) return known
  const found = new Map<string, string[]>()
  for (const [name, schema] of Object.entries(recordOf(memberOf(memberOf(root, 'components'), 'schemas')))) {
    const parts = memberOf(schema, 'allOf')
    for (const part of Array.isArray(parts) ? parts : []) {
      const ref = memberOf(part, '$ref')
      if (typeof ref !== 'string' || !ref.startsWith('#')) continue
      const pointer = `#${formatFragment(parsePointer(ref))}`
      found.set(pointer, [...(found.get(pointer) ?? []), `#/components/schemas${formatFragment([name])}`])
    }
  }
  extenders.set(root, found)
  return found
}

/** The name that a discriminator higher up gives the schema that is being made. */
export function inherited(applying: readonly Applying[]): Applying[] {
  const [outer] = applying
  if (outer === undefined) return []
  return applying.flatMap(({ value, pointer }) => {
    const discriminator = memberOf(value, 'discriminator')
    const property = memberOf(discriminator, 'propertyName')
    if (typeof property !== 'string' || memberOf(value, 'oneOf') || memberOf(value, 'anyOf')) return []
    if (
      applying.some(known => known.pointer === hintPointer && memberOf(memberOf(known.value, 'properties'), property))
    )
      return []
    // One that is made for itself bears its own name.
    const isNamed = outer.pointer !== pointer || /^#\/components\/schemas\/[^/]+$/.test(pointer)
    return isNamed ? [hint(property, nameIn(discriminator, outer))] : []
  })
}
