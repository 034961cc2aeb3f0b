import { upgradeOpenApi30 } from './openapi-3.0.ts'

/** The dialects that are read, each with the step that makes JSON Schema 2020-12 of it. */
const dialects = [
  { versions: /^3\.1\.\d+$/, upgrade: () => {} },
  { versions: /^3\.0\.\d+$/, upgrade: upgradeOpenApi30 },
] as const

/** The upgrade for a value of the `openapi` field, or `undefined` when that version is not read. */
export function upgradeFor(version: unknown): ((root: unknown) => void) | undefined {
  if (typeof version !== 'string') return undefined
  return dialects.find(dialect => dialect.versions.test(version))?.upgrade
}
