import { isUtf8 } from 'node:buffer'
import { readFile, stat } from 'node:fs/promises'
import { type Finding, Trouble } from '../finding/index.ts'
import { isAddress } from './address.ts'
import { fetchBytes, maxBytes } from './fetch.ts'
import { parseSource, SourceError } from './source.ts'
import { DocumentTrouble, SourceFile, type Sources, showPath } from './source-file.ts'
import { explainSyntax } from './syntax.ts'

/** The text of a file, by its path or address. Throws {@link DocumentTrouble}. */
export async function readText(location: string, sources: Sources): Promise<string> {
  const bytes = await (isAddress(location) ? fetchBytes(location) : readBytes(location))
  const text = new TextDecoder('utf-8').decode(bytes)
  if (isUtf8(bytes)) return text
  const source = new SourceFile(location, text)
  const replaced = Math.max(0, text.indexOf('\ufffd'))
  throw syntaxTrouble(
    source,
    new SourceError('document-syntax', 'the bytes are not UTF-8', replaced),
    new Map([...sources, [location, source]]),
    'Save the file in the encoding UTF-8.',
  )
}

async function readBytes(absolute: string): Promise<Buffer> {
  try {
    const { size } = await stat(absolute)
    if (size <= maxBytes) return await readFile(absolute)
    const help = 'Split it into files that reference one another.'
    const reason = `it has ${size} bytes, more than ${maxBytes}`
    throw unreadable(showPath(absolute), reason, help, 'document-too-large')
  } catch (error) {
    if (error instanceof Trouble) throw error
    throw unreadable(showPath(absolute), reasonOf(error), 'Check the path and the permissions of the file.')
  }
}

/** The trouble that a file cannot be read, with the reason. */
export function unreadable(
  file: string,
  reason: string,
  help: string,
  code: Finding['code'] = 'document-not-found',
): DocumentTrouble {
  const message = `Cannot read the document ${file}: ${reason}`
  return new DocumentTrouble(message, help, [{ code, severity: 'error', message, help }], new Map())
}

/** Why a file cannot be read, for people. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EACCES') return 'permission denied'
  if (code === 'EISDIR') return 'it is a folder'
  return error instanceof Error ? error.message : String(error)
}

/** The trouble that a text is none of its language, at the place where it is not. */
export function syntaxTrouble(source: SourceFile, error: unknown, sources: Sources, remedy?: string): DocumentTrouble {
  if (!(error instanceof SourceError)) throw error
  const { code } = error
  const plain = { message: error.message, help: remedy ?? 'Mend the text at this place.', offset: error.offset }
  const isExplained = code === 'document-syntax' && remedy === undefined
  const { help, offset, ...why } = isExplained ? explainSyntax(source.text, error) : plain
  const is = code === 'document-too-large' ? 'too large' : 'not valid YAML or JSON'
  const message = `${source.shown} is ${is}: ${why.message}`
  const position = source.positionAt(offset)
  return new DocumentTrouble(message, help, [{ code, severity: 'error', message, help, position }], sources)
}

/** The value of a file. Throws {@link DocumentTrouble}. */
export function parseOf(source: SourceFile, sources: Sources): unknown {
  try {
    return parseSource(source.text)
  } catch (error) {
    throw syntaxTrouble(source, error, sources)
  }
}
