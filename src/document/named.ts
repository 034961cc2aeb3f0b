import { resolveReference } from './address.ts'
import { referencesIn } from './references.ts'
import type { DocumentTrouble, SourceFile } from './source-file.ts'

/** The files that an unusable document was read from and those that its references name, whether they are there or not. */
export function filesNamedBy(trouble: DocumentTrouble): string[] {
  const sources = [...trouble.sources.values()]
  return [...new Set([...trouble.sources.keys(), ...sources.flatMap(source => [...referencedBy(source)])])]
}

function* referencedBy(source: SourceFile): Generator<string> {
  for (const { ref } of referencesIn(parsed(source))) {
    const [location = ''] = ref.split('#', 1)
    const file = location === '' ? undefined : resolveReference(location, source.absolute)
    if (file !== undefined) yield file
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
