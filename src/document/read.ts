import { isUtf8 } from 'node:buffer'
import { existsSync } from 'node:fs'
import { readFile, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { exitCodes, type Finding, parsePointer, resolvePointer, Trouble } from '../finding/index.ts'
import { Hidden, isLiteral, type Place } from './literal.ts'
import { makeParser } from './parser.ts'
import { lineAndColumn, Positions, parseSource, SourceError } from './source.ts'

/** A file of this many bytes is read; a larger one is refused. */
const maxBytes = 20 * 1024 * 1024

/** The text of one file of a document, with what is worked out from it when somebody asks. */
export class SourceFile {
  /** As shown to people: relative to the working directory where that is shorter. */
  readonly shown: string
  readonly text: string
  readonly absolute: string
  #positions: Positions | undefined
  #value: { value: unknown } | undefined

  constructor(absolute: string, text: string) {
    this.absolute = absolute
    this.shown = showPath(absolute)
    this.text = text
  }

  /** The parsed text. It is parsed again here because the bundler rewrites the value that it was given. */
  get value(): unknown {
    this.#value ??= { value: parseSource(this.text) }
    return this.#value.value
  }

  positionAt(offset: number): { file: string; line: number; column: number } {
    return { file: this.shown, ...lineAndColumn(this.text, offset) }
  }

  positionOf(tokens: readonly string[]): { file: string; line: number; column: number } {
    this.#positions ??= new Positions(this.text)
    return this.positionAt(this.#positions.offsetOf(tokens))
  }
}

/** The files of a document by absolute path, the entry first. */
export type Sources = Map<string, SourceFile>

/** A document that cannot be used; its findings have positions in `sources`. */
export class DocumentTrouble extends Trouble {
  readonly sources: Sources

  constructor(message: string, help: string, findings: readonly Finding[], sources: Sources) {
    super(exitCodes.unusable, message, help, findings)
    this.sources = sources
  }
}

/** A document in one piece: external references are gone, internal ones are kept. */
export type Bundle = {
  readonly root: unknown
  readonly entry: string
  readonly sources: Sources
  /** What literal values hold of `$ref` and `$id`; to be given back once nothing resolves references any more. */
  readonly hidden: Hidden
}

/**
 * Reads a document and the files it references. Nothing outside the folder of the entry file is read, after links are
 * resolved, and nothing from the network. Throws {@link DocumentTrouble}.
 */
export async function readBundle(file: string): Promise<Bundle> {
  const entry = await readEntry(file)
  const literals: Literals = new Map()
  for (;;) {
    const outcome = await bundle(entry, literals)
    if (!('retry' in outcome)) return outcome
    for (const { source, tokens } of outcome.retry) {
      const places = literals.get(source.absolute) ?? []
      literals.set(source.absolute, [...places, { tokens: tokens.slice(0, -1), key: '$ref' }])
    }
  }
}

/** By file, the references that lead nowhere and stand in literal values, where nothing says that they are references. */
type Literals = Map<string, readonly Place[]>

function isHidden({ source, tokens }: Unresolved, literals: Literals): boolean {
  const place = tokens.slice(0, -1).join('\0')
  return literals.get(source.absolute)?.some(hidden => hidden.tokens.join('\0') === place) ?? false
}

type Entry = { readonly absolute: string; readonly real: string }

async function bundle(entry: Entry, literals: Literals): Promise<Bundle | { readonly retry: readonly Unresolved[] }> {
  const sources: Sources = new Map()
  const hidden = new Hidden()
  const folder = path.dirname(entry.real)
  let failure: DocumentTrouble | undefined
  const parser = await makeParser()

  const parse = (absolute: string, text: string): unknown => {
    const source = new SourceFile(absolute, text)
    sources.set(absolute, source)
    try {
      const value = parseSource(text)
      if (value === undefined && absolute !== entry.absolute) {
        throw new SourceError('document-syntax', 'the file is empty', 0)
      }
      for (const place of literals.get(absolute) ?? []) hidden.hide(value, place)
      // A `$id` would change what the references below it are relative to, in examples too.
      for (const place of text.includes('$id') ? membersNamed('$id', value) : []) hidden.hide(value, place)
      return value
    } catch (error) {
      failure ??= syntaxTrouble(source, error, sources)
      throw error
    }
  }
  const options = {
    resolve: {
      http: false,
      file: {
        order: 1,
        canRead: true,
        read: async ({ url }: { url: string }) => {
          const allowed = await insideFolder(url, folder)
          if (allowed === undefined) throw new Error(`refused: ${url}`)
          try {
            return await readText(allowed, sources)
          } catch (error) {
            if (error instanceof DocumentTrouble) failure ??= error
            throw error
          }
        },
      },
    },
    parse: {
      json: false,
      binary: false,
      text: false,
      yaml: {
        order: 1,
        canParse: true,
        allowEmpty: true,
        parse: ({ url, data }: { url: string; data: string | Buffer }) => parse(localPath(url), String(data)),
      },
    },
  } as const

  const text = await readText(entry.absolute, sources)
  const value = parseEntry(entry.absolute, text, parse, () => failure)
  refuseOther(value, entry.absolute, sources)
  try {
    const root = await parser.bundle(entry.absolute, value as never, options)
    return { root, entry: entry.absolute, sources, hidden }
  } catch (error) {
    if (failure !== undefined) throw failure
    const unresolved = (await unresolvedIn(sources, folder)).filter(reference => !isHidden(reference, literals))
    const faults = unresolved.filter(({ source, tokens }) => !isLiteral(tokens, source.absolute === entry.absolute))
    if (faults.length === 0 && unresolved.length > 0) return { retry: unresolved }
    throw referenceTrouble(error, faults, sources)
  }
}

function parseEntry(
  absolute: string,
  text: string,
  parse: (absolute: string, text: string) => unknown,
  failure: () => DocumentTrouble | undefined,
): unknown {
  try {
    return parse(absolute, text)
  } catch (error) {
    throw failure() ?? error
  }
}

/** What is not an OpenAPI description at all is told apart from one that is broken. */
function refuseOther(value: unknown, absolute: string, sources: Sources): void {
  const source = sources.get(absolute)
  if (source === undefined) return
  const openapi = resolvePointer(value, ['openapi'])
  const swagger = resolvePointer(value, ['swagger'])
  const found = [
    openapi !== undefined && `openapi: ${JSON.stringify(openapi)}`,
    swagger !== undefined && `swagger: ${JSON.stringify(swagger)}`,
  ].find(Boolean)
  if (typeof openapi === 'string' && /^3\.[01]\.\d+$/.test(openapi)) return
  const message = found
    ? `${source.shown} states ${found}, which contrato does not read`
    : `${source.shown} is not an OpenAPI document: it has no "openapi" field`
  const help = 'State `openapi: 3.1.0` (or 3.0.x, as a string) at the top of the document.'
  const position = source.positionOf(openapi === undefined ? ['swagger'] : ['openapi'])
  throw new DocumentTrouble(
    message,
    help,
    [{ code: 'document-unsupported', severity: 'error', message, help, position }],
    sources,
  )
}

async function readEntry(file: string): Promise<Entry> {
  const absolute = path.resolve(file)
  try {
    const found = await stat(absolute)
    if (found.isDirectory()) throw unreadable(file, 'it is a folder', 'Name the OpenAPI file inside it.')
    return { absolute, real: await realpath(absolute) }
  } catch (error) {
    if (error instanceof Trouble) throw error
    throw unreadable(file, reasonOf(error), 'Check the path; a relative path starts at the current folder.')
  }
}

async function readText(absolute: string, sources: Sources): Promise<string> {
  let bytes: Buffer
  try {
    const { size } = await stat(absolute)
    if (size > maxBytes) {
      const reason = `it has ${size} bytes, more than ${maxBytes}`
      throw unreadable(
        showPath(absolute),
        reason,
        'Split it into files that reference one another.',
        'document-too-large',
      )
    }
    bytes = await readFile(absolute)
  } catch (error) {
    if (error instanceof Trouble) throw error
    throw unreadable(showPath(absolute), reasonOf(error), 'Check the path and the permissions of the file.')
  }
  const text = new TextDecoder('utf-8').decode(bytes)
  if (isUtf8(bytes)) return text
  const source = new SourceFile(absolute, text)
  const replaced = Math.max(0, text.indexOf('\ufffd'))
  throw syntaxTrouble(
    source,
    new SourceError('document-syntax', 'the bytes are not UTF-8', replaced),
    new Map([...sources, [absolute, source]]),
    'Save the file in the encoding UTF-8.',
  )
}

function unreadable(
  file: string,
  reason: string,
  help: string,
  code: Finding['code'] = 'document-not-found',
): DocumentTrouble {
  const message = `Cannot read the document ${file}: ${reason}`
  return new DocumentTrouble(message, help, [{ code, severity: 'error', message, help }], new Map())
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EACCES') return 'permission denied'
  return error instanceof Error ? error.message : String(error)
}

function syntaxTrouble(
  source: SourceFile,
  error: unknown,
  sources: Sources,
  help = 'Mend the text at this place.',
): DocumentTrouble {
  if (!(error instanceof SourceError)) throw error
  const message =
    error.code === 'document-too-large'
      ? `${source.shown} is too large: ${error.message}`
      : `${source.shown} is not valid YAML or JSON: ${error.message}`
  const position = source.positionAt(error.offset)
  return new DocumentTrouble(message, help, [{ code: error.code, severity: 'error', message, help, position }], sources)
}

/** A reference that leads nowhere or out of the folder, and why. */
type Unresolved = {
  readonly source: SourceFile
  readonly tokens: readonly string[]
  readonly why: Pick<Finding, 'code' | 'message' | 'help'>
}

async function unresolvedIn(sources: Sources, folder: string): Promise<Unresolved[]> {
  const unresolved: Unresolved[] = []
  for (const source of sources.values()) {
    for (const { ref, tokens } of referencesIn(source.value)) {
      const why = await whyUnresolved(ref, source, sources, folder)
      if (why !== undefined) unresolved.push({ source, tokens, why })
    }
  }
  return unresolved
}

function referenceTrouble(error: unknown, unresolved: readonly Unresolved[], sources: Sources): DocumentTrouble {
  const findings = unresolved.map(
    ({ source, tokens, why }): Finding => ({ ...why, severity: 'error', position: source.positionOf(tokens) }),
  )
  const message = error instanceof Error ? error.message : String(error)
  const help = 'Check the references of the document.'
  const unknown: Finding = { code: 'document-invalid', severity: 'error', message, help }
  const [first = unknown] = findings
  return new DocumentTrouble(first.message, first.help, findings.length > 0 ? findings : [unknown], sources)
}

async function whyUnresolved(
  ref: string,
  from: SourceFile,
  sources: Sources,
  folder: string,
): Promise<Pick<Finding, 'code' | 'message' | 'help'> | undefined> {
  const [location = '', fragment = ''] = ref.split('#', 2)
  const target = location === '' ? from.absolute : resolveReference(location, from.absolute)
  if (target === undefined || (await insideFolder(target, folder)) === undefined) {
    const isLost = target !== undefined && isUnder(path.normalize(target), folder) && !existsSync(target)
    if (isLost) return missing(ref, `there is no file ${showPath(target)}`)
    return {
      code: 'reference-refused',
      message: `$ref ${ref} leaves the folder of the document, ${showPath(folder) || '.'}`,
      help: 'Copy what it names beside the document; references are never read from elsewhere or the network.',
    }
  }
  const source = sources.get(target)
  if (source === undefined) return missing(ref, `${showPath(target)} could not be read`)
  const tokens = parsePointer(`#${fragment}`)
  if (resolvePointer(source.value, tokens) !== undefined) return undefined
  // A pointer may pass through another reference; only one that no reference stands on the way of is surely wrong.
  for (let length = 0; length < tokens.length; length += 1) {
    const above = resolvePointer(source.value, tokens.slice(0, length))
    if (typeof above === 'object' && above !== null && '$ref' in above) return undefined
  }
  return missing(ref, `${source.shown} has nothing at #${fragment}`)
}

function missing(ref: string, reason: string): Pick<Finding, 'code' | 'message' | 'help'> {
  return {
    code: 'reference-missing',
    message: `$ref ${ref} leads nowhere: ${reason}`,
    help: 'Correct the $ref, or add what it names.',
  }
}

/** The places where an object of a value has a string under this key. */
function* membersNamed(key: Place['key'], value: unknown, tokens: readonly string[] = []): Generator<Place> {
  if (typeof value !== 'object' || value === null) return
  if (Object.hasOwn(value, key) && typeof (value as Record<string, unknown>)[key] === 'string') yield { tokens, key }
  for (const [name, member] of Object.entries(value)) yield* membersNamed(key, member, [...tokens, name])
}

/** Every `$ref` string of a value with the pointer to it. */
function* referencesIn(value: unknown, tokens: string[] = []): Generator<{ ref: string; tokens: string[] }> {
  if (typeof value !== 'object' || value === null) return
  for (const [key, member] of Object.entries(value)) {
    if (key === '$ref' && typeof member === 'string') yield { ref: member, tokens: [...tokens, key] }
    else yield* referencesIn(member, [...tokens, key])
  }
}

/** The absolute path a reference names, or `undefined` when it is no file. */
export function resolveReference(location: string, from: string): string | undefined {
  try {
    const url = new URL(location, pathToFileURL(from))
    return url.protocol === 'file:' && url.host === '' ? fileURLToPath(url) : undefined
  } catch {
    return undefined
  }
}

/** The path to read for a resolved reference, or `undefined` when it lies outside the folder or is not there. */
async function insideFolder(url: string, folder: string): Promise<string | undefined> {
  if (/^[a-z][a-z0-9+.-]+:/i.test(url) && !url.startsWith('file:')) return undefined
  try {
    const absolute = localPath(url)
    return isUnder(await realpath(absolute), folder) ? absolute : undefined
  } catch {
    return undefined
  }
}

function isUnder(absolute: string, folder: string): boolean {
  const relative = path.relative(folder, absolute)
  const leaves = relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative)
  return relative !== '' && !leaves
}

function localPath(url: string): string {
  const plain = url.replace(/#.*$/, '')
  return plain.startsWith('file:') ? fileURLToPath(plain) : path.resolve(decodePath(plain))
}

/** The reference resolver hands paths on in percent-encoded form. */
function decodePath(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function showPath(absolute: string): string {
  const relative = path.relative(process.cwd(), absolute)
  return relative.startsWith(`..${path.sep}..`) ? absolute : relative
}
