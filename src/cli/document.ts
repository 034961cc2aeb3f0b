import { closeSync, openSync, readdirSync, readSync } from 'node:fs'
import path from 'node:path'
import { type Document, DocumentTrouble, loadDocument, shippedDocument } from '../document/index.ts'
import { exitCodes, Trouble } from '../finding/index.ts'

/** The document of a command that names none: the only one in ./openapi/, else the one that comes with contrato. */
export type Chosen = { readonly file: string; readonly why: 'named' | 'only' | 'shipped' }

/** @throws Trouble with exit code 2 when ./openapi/ holds several documents */
export function chooseDocument(named: string | undefined): Chosen {
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

/** Loads the document of a command, and keeps its sources for the message should that fail. */
export async function openDocument(named: string | undefined): Promise<{ document: Document; chosen: Chosen }> {
  const chosen = chooseDocument(named)
  return { document: await loadChosen(chosen), chosen }
}

/** Loads a document that has been chosen, for the first time or again. */
export function loadChosen({ file }: Chosen): Promise<Document> {
  return loadDocument(file)
}

/** The texts that the findings of a failed load point into. */
export function sourcesOf(trouble: Trouble): (file: string) => string | undefined {
  if (!(trouble instanceof DocumentTrouble)) return () => undefined
  return file => [...trouble.sources.values()].find(source => source.shown === file)?.text
}
