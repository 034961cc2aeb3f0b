import { type Finding, formatFragment, type Position, parsePointer, resolvePointer } from '../finding/index.ts'
import { type Bundle, readBundle } from './read.ts'
import { resolveReference } from './references.ts'
import { DocumentTrouble, type SourceFile, type Sources } from './source-file.ts'
import { upgradeFor } from './upgrade/index.ts'
import { breaches } from './validate.ts'

/** An OpenAPI description in one piece and one dialect, JSON Schema 2020-12, that still knows where each part stands. */
export type Document = {
  /** The entry file as shown to people. */
  readonly file: string
  /** Absolute paths of all files it was read from, the entry first. */
  readonly files: readonly string[]
  /** The version stated by its author, for example `3.0.3`. */
  readonly version: string
  /** The bundled and upgraded value; references in it are internal. */
  readonly root: Readonly<Record<string, unknown>>
  /** Where what a pointer into `root` leads to was written. */
  locate(pointer: string): Position
  /** The pointer to an object of `root`, by identity. */
  pointerOf(node: object): string | undefined
  /** The text of a file by the name that positions carry. */
  textOf(file: string): string | undefined
}

/**
 * Reads, bundles, validates and upgrades a document.
 *
 * @param file path of the entry file, YAML or JSON
 * @throws DocumentTrouble when it cannot be read, leads nowhere or breaks the OpenAPI specification
 */
export async function loadDocument(file: string): Promise<Document> {
  const bundle = await readBundle(file)
  const root = bundle.root as Record<string, unknown>
  const version = String(root.openapi)
  const document = new LoadedDocument(bundle, root, version)
  const found = await breaches(root)
  if (found.length > 0) {
    const findings = found.map(
      ({ pointer, message, help }): Finding => ({
        code: 'document-invalid',
        severity: 'error',
        message,
        help,
        pointer: `#${formatFragment(parsePointer(pointer))}`,
        position: document.locate(pointer),
      }),
    )
    const message = `${document.file} is not valid OpenAPI ${version}: ${findings[0]?.message}`
    throw new DocumentTrouble(message, findings[0]?.help ?? '', findings, bundle.sources)
  }
  bundle.hidden.giveBack()
  upgradeFor(version)?.(root)
  return document
}

class LoadedDocument implements Document {
  readonly file: string
  readonly files: readonly string[]
  readonly version: string
  readonly root: Readonly<Record<string, unknown>>
  readonly #sources: Sources
  readonly #entry: SourceFile
  #pointers: WeakMap<object, string> | undefined

  constructor(bundle: Bundle, root: Readonly<Record<string, unknown>>, version: string) {
    const entry = bundle.sources.get(bundle.entry)
    if (entry === undefined) throw new Error(`the bundle does not hold its entry ${bundle.entry}`)
    this.#sources = bundle.sources
    this.#entry = entry
    this.file = entry.shown
    this.files = [...bundle.sources.keys()]
    this.version = version
    this.root = root
  }

  locate(pointer: string): Position {
    const { source, tokens } = this.#trace(this.#entry, parsePointer(pointer), 0)
    return source.positionOf(tokens)
  }

  /** Follows the references that the bundler has replaced, so that a bundled pointer leads to the file it came from. */
  #trace(
    source: SourceFile,
    tokens: readonly string[],
    hops: number,
  ): { source: SourceFile; tokens: readonly string[] } {
    for (let length = 0; length < tokens.length && hops < 100; length += 1) {
      const above = resolvePointer(source.value, tokens.slice(0, length))
      const ref = typeof above === 'object' && above !== null && '$ref' in above ? above.$ref : undefined
      if (typeof ref !== 'string' || Object.hasOwn(above as object, tokens[length] as string)) continue
      const [location = '', fragment = ''] = ref.split('#', 2)
      const target = location === '' ? source : this.#sources.get(resolveReference(location, source.absolute) ?? '')
      if (target === undefined) break
      return this.#trace(target, [...parsePointer(`#${fragment}`), ...tokens.slice(length)], hops + 1)
    }
    return { source, tokens }
  }

  pointerOf(node: object): string | undefined {
    this.#pointers ??= indexPointers(this.root)
    return this.#pointers.get(node)
  }

  textOf(file: string): string | undefined {
    for (const source of this.#sources.values()) if (source.shown === file) return source.text
    return undefined
  }
}

function indexPointers(root: unknown): WeakMap<object, string> {
  const pointers = new WeakMap<object, string>()
  const visit = (node: unknown, tokens: readonly string[]): void => {
    if (typeof node !== 'object' || node === null || pointers.has(node)) return
    pointers.set(node, `#${formatFragment(tokens)}`)
    for (const [key, member] of Object.entries(node)) visit(member, [...tokens, key])
  }
  visit(root, [])
  return pointers
}
