import { formatFragment } from '../../finding/index.ts'
import { isBareReference, whyUnusable } from '../judge.ts'
import type { Node, Place } from '../places.ts'
import { defineRule, type Subject } from '../rule.ts'

type Broken = { readonly place: Place; readonly reason: string; readonly keyword: string }

/** A validator can be made of every schema. */
export const schemaUnusable = defineRule({
  code: 'schema-unusable',
  severity: 'error',
  *review({ places, schemaAt }) {
    // What a bare reference leads to is a place as well.
    const schemas = places.filter(({ kind, value }) => kind === 'schema' && !isBareReference(value))
    const broken = schemas
      .filter(({ above }) => above === undefined)
      .flatMap(place => innermostOf(place, schemas, schemaAt))
    for (const { place, reason, keyword } of culprits(broken, schemas)) {
      yield {
        message: `The schema of ${place.name} cannot be used: ${plain(reason)}`,
        help: 'Correct the keyword; until then nothing can be validated with this schema or any that contains it.',
        pointer: `${place.pointer}${keyword}`,
        operation: place.operation,
      }
    }
  },
})

/** The broken schemas in and including this one that contain no other such. */
function innermostOf(place: Place, schemas: readonly Place[], schemaAt: Subject['schemaAt']): Broken[] {
  const reason = whyUnusable(schemaAt(place.pointer))
  if (reason === undefined) return []
  const inner = schemas.filter(({ above }) => above === place).flatMap(next => innermostOf(next, schemas, schemaAt))
  return inner.length === 0 ? [{ place, reason, keyword: '' }] : inner
}

/**
 * Whoever references a broken schema is broken too, for the same reason; at fault is who has the keyword that the
 * reason speaks of. Where nobody is recognised by it, the first is told, so that a broken document is never clean.
 */
function culprits(broken: readonly Broken[], schemas: readonly Place[]): Broken[] {
  const reasons = new Set(broken.map(({ reason }) => reason))
  const found = [...reasons].flatMap(reason =>
    schemas.flatMap(place => {
      const keyword = keywordOf(place.value, reason)
      return keyword === undefined ? [] : [{ place, reason, keyword }]
    }),
  )
  return found.length > 0 ? found : broken.slice(0, 1)
}

/** The pointer, inside a schema, to the keyword that has the value which a reason complains about. */
function keywordOf(schema: Node, reason: string): string | undefined {
  const [, pattern] = /^Invalid regular expression: \/(.*)\/\w*: /s.exec(reason) ?? []
  if (pattern !== undefined) {
    if (schema.pattern === pattern) return '/pattern'
    const { patternProperties } = schema
    const isKey = typeof patternProperties === 'object' && Object.hasOwn(patternProperties ?? {}, pattern)
    return isKey ? `/patternProperties${formatFragment([pattern])}` : undefined
  }
  const [, type] = /^type must be .*: (.*)$/s.exec(reason) ?? []
  if (type !== undefined) return String(schema.type).split(',').includes(type) ? '/type' : undefined
  const [, keyword = '', types] = /^(\w+) (?:value )?must (?:be (\[.*\])|have non-empty array)$/.exec(reason) ?? []
  if (!Object.hasOwn(schema, keyword)) return undefined
  const value = schema[keyword]
  const isRefused =
    types === undefined ? Array.isArray(value) && value.length === 0 : !types.includes(`"${typeOf(value)}"`)
  return isRefused ? `/${keyword}` : undefined
}

/** What the validator says in its own words (`minLength value must be ["number"]`) in those of the reader. */
function plain(reason: string): string {
  return reason
    .replace(/ value must be \["(.*)"\]$/, (_, types: string) => ` must be ${types.replaceAll('","', ' or ')}`)
    .replace(/^type must be JSONType.*: (.*)$/s, '"$1" is no type of JSON Schema')
    .replace(/ must have non-empty array$/, ' must have values')
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
