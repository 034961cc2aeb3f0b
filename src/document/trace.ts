import { parsePointer, resolvePointer } from '../finding/index.ts'
import { resolveReference } from './address.ts'
import { isMeant } from './discriminators.ts'
import type { SourceFile, Sources } from './source-file.ts'

/** A place in one of the files of a document. */
export type Written = { readonly source: SourceFile; readonly tokens: readonly string[] }

/** Follows the references that the bundler has replaced, so that a bundled pointer leads to the file it came from. */
export function trace(sources: Sources, source: SourceFile, tokens: readonly string[], hops = 0): Written {
  // Nobody has written down what a discriminator means otherwise than by name, so that is followed to its own place.
  const last = isMeant(tokens) ? tokens.length : tokens.length - 1
  for (let length = 0; length <= last && hops < 100; length += 1) {
    const above = resolvePointer(source.value, tokens.slice(0, length))
    const ref = typeof above === 'object' && above !== null && '$ref' in above ? above.$ref : undefined
    if (typeof ref !== 'string' || (length < tokens.length && Object.hasOwn(above as object, tokens[length] as string)))
      continue
    const [location = '', fragment = ''] = ref.split('#', 2)
    const target = location === '' ? source : sources.get(resolveReference(location, source.absolute) ?? '')
    if (target === undefined) break
    return trace(sources, target, [...parsePointer(`#${fragment}`), ...tokens.slice(length)], hops + 1)
  }
  return { source, tokens }
}
