import { closeSync, openSync, readdirSync, readSync } from 'node:fs'
import path from 'node:path'
import { type Document, DocumentTrouble, isAddress, loadDocument, shippedDocument } from '../document/index.ts'
import { exitCodes, type Finding, type Position, Trouble } from '../finding/index.ts'
import { makeStyle } from '../report/index.ts'
import type { Flag, Terminal, Typed } from './command.ts'

/** Flags of every command that reads a document. */
export const documentFlags: Readonly<Record<string, Flag>> = {
  'allow-remote-refs': { value: 'HOST', many: true, help: 'let $ref read from this host, as name or name:port' },
}

/** Imperfections that are told one by one; the rest are counted. */
const maxTold = 3

/** The document of a command: the one it names, else the only one in ./openapi/, else the one that comes with contrato. */
export type Chosen = { readonly file: string; readonly why: 'named' | 'only' | 'shipped' | 'stdin' }

/** @throws Trouble with exit code 2 when ./openapi/ holds several documents */
export function chooseDocument(named: string | undefined): Chosen {
  // The text of standard input has no file; its references start at the current folder.
  if (named === '-') return { file: 'stdin', why: 'stdin' }
  if (named !== undefined) return { file: named, why: 'named' }
  const candidates = documentsIn('openapi')
  const [only, other] = candidates
  if (only === undefined) return { file: shippedDocument(), why: 'shipped' }
  if (other === undefined) return { file: only, why: 'only' }
  throw new Trouble(
    exitCodes.unusable,
    `./openapi/ holds several documents: ${candidates.join(', ')}`,
    'Name the one that is meant.',
  )
}

/** Files of a folder that start as an OpenAPI document does; a ruleset or a payload schema beside it does not. */
function documentsIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(entry => entry.isFile() && /\.(ya?ml|json)$/i.test(entry.name))
      .map(entry => path.join(folder, entry.name))
      .filter(file => /^\s*"?(openapi|swagger)"?\s*:/m.test(beginningOf(file)))
  } catch {
    return []
  }
}

/** The first bytes of a file, where the version of a document stands. */
function beginningOf(file: string): string {
  const buffer = Buffer.alloc(4096)
  const handle = openSync(file, 'r')
  try {
    return buffer.toString('utf8', 0, readSync(handle, buffer))
  } finally {
    closeSync(handle)
  }
}

/**
 * Loads the document of a command, and tells where it is imperfect.
 *
 * @throws Trouble with exit code 2 when it cannot be used, 3 when its server does not answer
 */
export async function openDocument(
  typed: Typed,
  terminal: Terminal,
  { tells = true }: { readonly tells?: boolean } = {},
): Promise<{ document: Document; chosen: Chosen }> {
  const chosen = chooseDocument(typed.positionals[0])
  const document = await loaderOf(typed, terminal)(chosen)
  if (tells) tellImperfections(document.imperfections, terminal)
  return { document, chosen }
}

/**
 * What loads the documents of a command, for the first time or again. Standard input can be read once only.
 *
 * @throws Trouble with exit code 2 for a --allow-remote-refs that is no host
 */
export function loaderOf(typed: Typed, terminal: Terminal): (chosen: Chosen) => Promise<Document> {
  const allowRemoteRefs = typed.texts('allow-remote-refs').map(hostOf)
  let input: Promise<string> | undefined
  return async ({ file, why }) => {
    if (why !== 'stdin') return await loadDocument(file, { allowRemoteRefs })
    input ??= terminal.input()
    return await loadDocument(file, { allowRemoteRefs, text: await input })
  }
}

function hostOf(text: string): string {
  if (/^[^\s/?#@]+$/.test(text) && URL.canParse(`http://${text}`)) return text.toLowerCase()
  const help = `Give its name alone${isAddress(text) && URL.canParse(text) ? `: ${new URL(text).host}` : ''}.`
  throw new Trouble(exitCodes.unusable, `--allow-remote-refs ${text} is not a host`, help)
}

/** Whether it is a file, which can be watched and that others can lie beside. */
export function isFile({ file, why }: Chosen): boolean {
  return why !== 'stdin' && !isAddress(file)
}

/** Says on standard error, shortly, where a document departs from the specification. */
export function tellImperfections(
  imperfections: readonly Finding[],
  { err, colours }: Pick<Terminal, 'err' | 'colours'>,
): void {
  if (imperfections.length === 0) return
  const style = makeStyle(colours)
  for (const { message, position } of imperfections.slice(0, maxTold)) {
    err(`${style.yellow('warning')} ${message}${position === undefined ? '' : ` ${style.dim(shown(position))}`}\n`)
  }
  const more = imperfections.length - maxTold
  if (more > 0) err(style.dim(`  and ${more} more; \`contrato lint\` shows all\n`))
}

function shown({ file, line, column }: Position): string {
  return `${file}:${line}:${column}`
}

/** The texts that the findings of a failed load point into. */
export function sourcesOf(trouble: Trouble): (file: string) => string | undefined {
  if (!(trouble instanceof DocumentTrouble)) return () => undefined
  return file => [...trouble.sources.values()].find(source => source.shown === file)?.text
}
