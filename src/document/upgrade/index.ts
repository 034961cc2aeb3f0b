import type { Origins } from '../origins.ts'
import { upgradeOpenApi30 } from './openapi-3.0.ts'
import { upgradeOpenApi31 } from './openapi-3.1.ts'
import { upgradeOpenApi32 } from './openapi-3.2.ts'
import { upgradeSwagger20 } from './swagger-2.0.ts'

/** One version of the specification that is read. */
export type Dialect = {
  /** The field at the root that states the version. */
  readonly field: 'openapi' | 'swagger'
  /** What that field may hold; a number is read as people write it. */
  readonly versions: RegExp
  /** The schema of the specification that its documents are held against. */
  readonly specification: '2.0' | '3.0' | '3.1' | '3.2'
  /** Makes OpenAPI 3.1 with JSON Schema 2020-12 of a document, in place, and tells where what it moved had stood. */
  readonly upgrade: (root: Record<string, unknown>, origins: Origins) => void
}

const dialects: readonly Dialect[] = [
  { field: 'openapi', versions: /^3\.1(\.|$)/, specification: '3.1', upgrade: upgradeOpenApi31 },
  { field: 'openapi', versions: /^3\.0(\.|$)|^3$/, specification: '3.0', upgrade: upgradeOpenApi30 },
  { field: 'openapi', versions: /^3\.2(\.|$)/, specification: '3.2', upgrade: upgradeOpenApi32 },
  { field: 'swagger', versions: /^2(\.0)?$/, specification: '2.0', upgrade: upgradeSwagger20 },
]

/** The dialect of a document by what it states; `undefined` when that is none that is read. */
export function dialectOf(root: unknown): Dialect | undefined {
  if (typeof root !== 'object' || root === null) return undefined
  return dialects.find(({ field, versions }) => {
    const stated = Reflect.get(root, field)
    return (typeof stated === 'string' || typeof stated === 'number') && versions.test(String(stated))
  })
}
