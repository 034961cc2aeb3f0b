import { isUtf8 } from 'node:buffer'
import { readFile, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { type Finding, resolvePointer, Trouble } from '../finding/index.ts'
import { Hidden, isLiteral, membersNamed, type Place } from './literal.ts'
import { makeParser } from './parser.ts'
import { isInside, localPath, type Unresolved, unresolvedIn } from './references.ts'
import { parseSource, SourceError } from './source.ts'
import { DocumentTrouble, SourceFile, type Sources, showPath } from './source-file.ts'

/** A file of this many bytes is read; a larger one is refused. */
const maxBytes = 20 * 1024 * 1024

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
          const absolute = localPath(url)
          if (absolute === undefined || !(await isInside(absolute, folder))) throw new Error(`refused: ${url}`)
          try {
            return await readText(absolute, sources)
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
        parse: ({ url, data }: { url: string; data: string | Buffer }) => parse(localPath(url) ?? url, String(data)),
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
