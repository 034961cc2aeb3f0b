import { resolveReference } from './references.ts'
import type { DocumentTrouble, SourceFile } from './source-file.ts'

/** The files that an unusable document was read from and those that its references name, whether they are there or not. */
export function filesNamedBy(trouble: DocumentTrouble): string[] {
  const sources = [...trouble.sources.values()]
  return [...new Set([...trouble.sources.keys(), ...sources.flatMap(source => [...referencedBy(source)])])]
}

function* referencedBy(source: SourceFile): Generator<string> {
  for (const reference of referencesIn(parsed(source))) {
    const [location = ''] = reference.split('#', 1)
    const file = location === '' ? undefined : resolveReference(location, source.absolute)
    if (file !== undefined) yield file
  }
}

function* referencesIn(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return
  for (const [key, member] of Object.entries(value)) {
    if (key === '$ref' && typeof member === 'string') yield member
    else yield* referencesIn(member)
  }
}

/** What cannot be parsed names nothing. */
function parsed(source: SourceFile): unknown {
  try {
    return source.value
  } catch {
    return undefined
  }
}
