import { formatPointer, parsePointer } from '../finding/index.ts'
import { recordOf } from './keywords.ts'
import { follow, isEndless, isRecord, memberOf, type Source } from './source.ts'

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
export function nameIn(discriminator: unknown, pointer: string): string {
  const tokens = parsePointer(pointer)
  const mapped = Object.entries(recordOf(memberOf(discriminator, 'mapping'))).find(
    ([, target]) => typeof target === 'string' && formatPointer(parsePointer(refOf(target))) === formatPointer(tokens),
  )
  return mapped?.[0] ?? tokens.at(-1) ?? ''
}

/** A mapping names a schema by a reference or by its bare name. */
function refOf(target: string): string {
  return /^[\w.-]+$/.test(target) ? `#/components/schemas/${target}` : target
}

/** The schemas that a discriminator without alternatives names: they extend the one that it stands in. */
export function heirsOf(root: unknown, source: Source): Source[][] | undefined {
  const value = source.value as Record<string, unknown>
  const mapping = memberOf(value.discriminator, 'mapping')
  if (!isRecord(mapping) || value.oneOf !== undefined || value.anyOf !== undefined) return undefined
  const heirs = Object.values(mapping)
    .filter(target => typeof target === 'string')
    .map(target => follow(root, { $ref: refOf(target) }, '', source.trail))
    .filter(([heir]) => heir !== undefined && heir.pointer !== source.pointer && !isEndless(heir))
  return heirs.length === 0 ? undefined : heirs
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
    const heir = outer.pointer === pointer ? undefined : outer
    return heir === undefined ? [] : [hint(property, nameIn(discriminator, heir.pointer))]
  })
}
