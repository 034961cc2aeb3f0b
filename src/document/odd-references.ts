import { resolvePointer } from '../finding/index.ts'
import { isLiteral } from './literal.ts'
import type { Unresolved } from './references.ts'
import type { SourceFile, Sources } from './source-file.ts'

/** Where the text of a file has what this looks for; few have, and only those are walked through. */
const suspicious = /\$ref["']?:[ \t]*(?:[#\d~ntf]|\r?$|[^\n]*\\)/m

/** The references that are none: `$ref: #/components/…` without quotes is a comment in YAML, and a path has no backslashes. */
export function oddReferences(sources: Sources, entry: string): Unresolved[] {
  return [...sources.values()].filter(({ text }) => suspicious.test(text)).flatMap(source => [...oddIn(source, entry)])
}

function* oddIn(source: SourceFile, entry: string): Generator<Unresolved> {
  const seen = new Set<object>()
  const waiting: { value: unknown; tokens: readonly string[] }[] = [{ value: source.value, tokens: [] }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, tokens } = next
    if (typeof value !== 'object' || value === null || seen.has(value)) continue
    seen.add(value)
    const why = Object.hasOwn(value, '$ref') ? whyOdd(resolvePointer(value, ['$ref'])) : undefined
    const at = [...tokens, '$ref']
    if (why !== undefined && !isLiteral(at, source.absolute === entry)) yield { source, tokens: at, why, isDead: true }
    for (const [key, member] of Object.entries(value).reverse())
      waiting.push({ value: member, tokens: [...tokens, key] })
  }
}

function whyOdd(ref: unknown): Unresolved['why'] | undefined {
  if (typeof ref === 'string' && ref.includes('\\')) {
    return {
      code: 'reference-missing',
      message: `$ref ${ref} has backslashes, which lead nowhere in a reference`,
      help: `Write ${ref.replaceAll('\\', '/')}.`,
    }
  }
  if (ref !== null && typeof ref !== 'number' && typeof ref !== 'boolean') return undefined
  const hint = ref === null ? ' Without quotes, what begins with # is a comment.' : ''
  return {
    code: 'reference-missing',
    message: `$ref is ${ref === null ? 'empty' : ref}, which refers to nothing`,
    help: `Write it as a text: $ref: '#/components/schemas/Name'.${hint}`,
  }
}
