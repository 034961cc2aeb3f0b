import { resolveReference } from './address.ts'
import { referencesIn } from './references.ts'
import type { DocumentTrouble, SourceFile } from './source-file.ts'

/** The files that an unusable document was read from and those that its references name, whether they are there or not. */
export function filesNamedBy(trouble: DocumentTrouble): string[] {
  const sources = [...trouble.sources.values()]
  return [...new Set([...trouble.sources.keys(), ...sources.flatMap(source => [...referencedBy(source)])])]
}

/** The files that references of a file name, by path or address. */
export function* referencedBy(source: SourceFile): Generator<string> {
  for (const { ref } of referencesIn(parsedValue(source))) {
    const [location = ''] = ref.split('#', 1)
    const file = location === '' ? undefined : resolveReference(location, source.absolute)
    if (file !== undefined) yield file
  }
}

/** The value of a file; what cannot be parsed has none. */
export function parsedValue(source: SourceFile): unknown {
  try {
    return source.value
  } catch {
    return undefined
  }
}
