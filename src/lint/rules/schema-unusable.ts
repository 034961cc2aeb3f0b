import { formatPointer } from '../../finding/index.ts'
import { type Api, SchemaUnusable } from '../../model/index.ts'
import type { Node, Place } from '../places.ts'
import { defineRule } from '../rule.ts'

type Broken = { readonly place: Place; readonly reason: string }

/** A validator can be made of every schema. */
export const schemaUnusable = defineRule({
  code: 'schema-unusable',
  severity: 'error',
  *review({ api, places }) {
    const schemas = places.filter(({ kind }) => kind === 'schema')
    const broken = schemas.filter(({ above }) => above === undefined).flatMap(place => brokenOf(api, place))
    if (broken.length === 0) return
    const innermost = broken.flatMap(found => innermostOf(api, schemas, found))
    // Whoever references a broken schema is broken too, but has not the keyword that the reason names.
    const atFault = innermost.filter(({ place, reason }) => keywordOf(place.value, reason) !== undefined)
    for (const { place, reason } of atFault.length > 0 ? atFault : innermost.slice(0, 1)) {
      yield {
        message: `The schema of ${place.name} cannot be used: ${reason}`,
        help: 'Correct the keyword; until then nothing can be validated with this schema or any that contains it.',
        pointer: `${place.pointer}${keywordOf(place.value, reason) ?? ''}`,
        operation: place.operation,
      }
    }
  },
})

function brokenOf(api: Api, place: Place): Broken[] {
  try {
    // Any value makes the validator.
    api.schemas.at(place.pointer, place.value).accepts(null)
    return []
  } catch (error) {
    if (!(error instanceof SchemaUnusable)) throw error
    return [{ place, reason: error.message.replace(/^.*? cannot be compiled: /s, '') }]
  }
}

/** The schemas inside a broken one that are broken themselves and contain no other such. */
function innermostOf(api: Api, schemas: readonly Place[], found: Broken): Broken[] {
  const inner = schemas
    .filter(({ above, value }) => above === found.place && !('$ref' in value))
    .flatMap(place => brokenOf(api, place))
  return inner.length === 0 ? [found] : inner.flatMap(next => innermostOf(api, schemas, next))
}

/** The pointer, inside the schema, to the keyword that the validator complains about. */
function keywordOf(schema: Node, reason: string): string | undefined {
  const pattern = /^Invalid regular expression: \/(.*)\/\w*: /s.exec(reason)?.[1]
  if (pattern !== undefined) {
    if (schema.pattern === pattern) return '/pattern'
    const named = typeof schema.patternProperties === 'object' ? (schema.patternProperties ?? {}) : {}
    return Object.hasOwn(named, pattern) ? `/patternProperties${formatPointer([pattern])}` : undefined
  }
  const keyword = /^(\w+) (?:value )?must /.exec(reason)?.[1]
  return keyword !== undefined && Object.hasOwn(schema, keyword) ? `/${keyword}` : undefined
}
