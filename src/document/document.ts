import {
  type Finding,
  formatFragment,
  type Position,
  parsePointer,
  resolvePointer,
  type Trouble,
} from '../finding/index.ts'
import { settleDynamic } from './dynamic.ts'
import { gatherMeant } from './gather.ts'
import { settleMappings } from './mappings.ts'
import { oddReferences } from './odd-references.ts'
import { Origins } from './origins.ts'
import { type Bundle, type ReadOptions, readBundle } from './read.ts'
import { DocumentTrouble, type SourceFile, type Sources } from './source-file.ts'
import { settleStructure } from './structure.ts'
import { trace } from './trace.ts'
import { type Breach, breaches } from './validate.ts'

/** An OpenAPI description in one piece and one dialect, JSON Schema 2020-12, that still knows where each part stands. */
export type Document = {
  /** The entry file as shown to people. */
  readonly file: string
  /** Absolute paths, or addresses, of all files it was read from, the entry first. */
  readonly files: readonly string[]
  /** The version stated by its author, for example `3.0.3`. */
  readonly version: string
  /** The bundled and upgraded value; references in it are internal. */
  readonly root: Readonly<Record<string, unknown>>
  /** Where it departs from the specification, or refers to nothing, and is understood all the same; as warnings. */
  readonly imperfections: readonly Finding[]
  /** Findings about this document as a trouble, for who cannot go on with it. */
  trouble(findings: readonly Finding[]): Trouble
  /** Where what a pointer into `root` leads to was written. */
  locate(pointer: string): Position
  /** The `$ref` that its author wrote where a pointer into `root` leads, though the bundler has replaced it. */
  origin(pointer: string): string | undefined
  /** The pointer to an object of `root`, by identity. */
  pointerOf(node: object): string | undefined
  /** The text of a file by the name that positions carry. */
  textOf(file: string): string | undefined
  /** Makes the references by name (`$id`, `$anchor`) of a parsed file references by place, in place. */
  settle(file: string, value: unknown): void
  /** Whether a text stands in any of its files, wherever that is: whoever looks for a keyword need not walk through all. */
  mentions(text: string): boolean
}

/**
 * Reads, bundles, validates and upgrades a document. One that departs from the specification without becoming
 * unintelligible is loaded; what is wrong with it stands in its `imperfections`.
 *
 * @param name path or http(s) address of the entry file, YAML or JSON
 * @throws DocumentTrouble when it cannot be read, refers to files that are not there or may not be read, or cannot be
 * understood; with exit code 3 when its server does not answer
 */
export async function loadDocument(name: string, options: ReadOptions = {}): Promise<Document> {
  const bundle = await readBundle(name, options)
  const { root, dialect, sources, dead } = bundle
  const version = String(root[dialect.field])
  const origins = new Origins()
  const mentions = (keyword: string): boolean => [...sources.values()].some(({ text }) => text.includes(keyword))
  const hasDiscriminators = mentions('discriminator')
  if (hasDiscriminators && sources.size > 1) gatherMeant(bundle, origins)
  const found = await breaches(root, dialect.specification)
  bundle.giveBack()
  if (hasDiscriminators) found.push(...(await settleMappings(bundle)))
  if (mentions('$dynamicRef')) found.push(...settleDynamic(root, bundle.files, origins))
  const imperfect = found.map(breach => ({ ...breach, tokens: origins.tokensOf(root, parsePointer(breach.pointer)) }))
  dialect.upgrade(root, origins)
  const faults = settleStructure(root, dead.owners)
  const document = new LoadedDocument(bundle, version, origins, imperfect)
  if (faults.length === 0) return document
  const findings = faults.slice(0, maxFaults).map(({ pointer, message, help }): Finding => {
    return { code: 'document-invalid', severity: 'error', message, help, pointer, position: document.locate(pointer) }
  })
  const message = `${document.file} cannot be understood as OpenAPI ${version}: ${findings[0]?.message}`
  throw new DocumentTrouble(message, findings[0]?.help ?? '', findings, sources)
}

/** A breach with the tokens that led to it in the bundle. */
type Imperfect = Breach & { readonly tokens: readonly string[] }

/** People can act on a handful. */
const maxFaults = 5

class LoadedDocument implements Document {
  readonly file: string
  readonly files: readonly string[]
  readonly version: string
  readonly root: Readonly<Record<string, unknown>>
  readonly #sources: Sources
  readonly #entry: SourceFile
  readonly #origins: Origins
  readonly #dead: Bundle['dead']['unresolved']
  readonly #breaches: readonly Imperfect[]
  #imperfections: readonly Finding[] | undefined
  #pointers: WeakMap<object, string> | undefined

  constructor(bundle: Bundle, version: string, origins: Origins, found: readonly Imperfect[]) {
    const entry = bundle.sources.get(bundle.entry)
    if (entry === undefined) throw new Error(`the bundle does not hold its entry ${bundle.entry}`)
    this.#sources = bundle.sources
    this.#entry = entry
    this.file = entry.shown
    this.files = [...bundle.sources.keys()]
    this.version = version
    this.root = bundle.root
    this.#origins = origins
    this.#dead = [...bundle.dead.unresolved, ...oddReferences(bundle.sources, bundle.entry)]
    this.#breaches = found
  }

  trouble(findings: readonly Finding[]): Trouble {
    const [first] = findings
    return new DocumentTrouble(first?.message ?? '', first?.help ?? '', findings, this.#sources)
  }

  get imperfections(): readonly Finding[] {
    this.#imperfections ??= [
      ...this.#dead.map(
        ({ source, tokens, why }): Finding => ({ ...why, severity: 'warning', position: source.positionOf(tokens) }),
      ),
      ...this.#breaches.map(({ code = 'document-imperfect', pointer, message, help, tokens }): Finding => {
        const position = this.#written(tokens)
        return {
          code,
          severity: 'warning',
          message,
          help,
          pointer: `#${formatFragment(parsePointer(pointer))}`,
          position,
        }
      }),
    ]
    return this.#imperfections
  }

  locate(pointer: string): Position {
    return this.#written(this.#origins.tokensOf(this.root, parsePointer(pointer)))
  }

  /** Where what these tokens led to before the upgrade was written. */
  #written(before: readonly string[]): Position {
    const { source, tokens } = trace(this.#sources, this.#entry, before)
    return source.positionOf(tokens)
  }

  origin(pointer: string): string | undefined {
    const before = this.#origins.tokensOf(this.root, parsePointer(pointer))
    const { source, tokens } = trace(this.#sources, this.#entry, before)
    return resolvePointer(source.value, [...tokens, '$ref']) === undefined
      ? undefined
      : source.written([...tokens, '$ref'])
  }

  pointerOf(node: object): string | undefined {
    this.#pointers ??= indexPointers(this.root)
    return this.#pointers.get(node)
  }

  textOf(file: string): string | undefined {
    for (const source of this.#sources.values()) if (source.shown === file) return source.text
    return undefined
  }

  settle(file: string, value: unknown): void {
    this.#sources.get(file)?.settle(value)
  }

  mentions(text: string): boolean {
    return [...this.#sources.values()].some(source => source.text.includes(text))
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
