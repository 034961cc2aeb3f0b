import { type Document, DocumentTrouble, filesNamedBy } from '../document/index.ts'
import { exitCodes, Trouble } from '../finding/index.ts'
import { makeStyle } from '../report/index.ts'
import type { Terminal } from './command.ts'
import { type Chosen, isFile, tellImperfections } from './document.ts'
import { watchDocument } from './mock/watch.ts'
import { showTrouble } from './trouble.ts'

/** Why a run was stopped that another takes the place of. */
export const superseded = 'superseded'

type Read = { readonly document: Document } | { readonly error: unknown }

/**
 * Runs a command on a document, and again whenever one of its files changes or Enter is pressed. A change ends the run that
 * is under way. A document that cannot be used is told, and waited for.
 *
 * @param once does the work; its signal has {@link superseded} as its reason where another run takes its place
 * @returns the exit code of the last run, once the command is interrupted
 * @throws Trouble with exit code 2 for a document that is no file
 */
export async function rerunOnChange(
  chosen: Chosen,
  load: (chosen: Chosen) => Promise<Document>,
  terminal: Terminal,
  once: (document: Document, signal: AbortSignal) => Promise<number>,
): Promise<number> {
  if (!isFile(chosen)) {
    const what = chosen.why === 'stdin' ? 'Standard input' : chosen.file
    throw new Trouble(exitCodes.unusable, `${what} cannot be watched`, 'Give --watch with a document that is a file.')
  }
  const style = makeStyle(terminal.colours)
  const since = Date.now()
  let read: Read = await load(chosen).then(
    document => ({ document }),
    error => ({ error }),
  )
  // A name that was mistyped is not waited for.
  if ('error' in read && isAbsent(read.error)) throw read.error
  let [isOver, isDue, code] = [false, true, exitCodes.fine as number]
  let stop = new AbortController()
  let wake = (): void => undefined
  const again = (): void => {
    isDue = true
    stop.abort(superseded)
    wake()
  }
  const watcher = await watchDocument(chosen.file, filesOf(read), since, () => load(chosen), {
    loaded: async document => {
      read = { document }
      terminal.err(`\n${style.cyan('changed')} ${chosen.file}\n`)
      again()
    },
    broken: error => {
      read = { error }
      terminal.err(`\n${style.cyan('changed')} ${chosen.file}\n`)
      again()
    },
    unwatched: error => {
      const reason = error instanceof Error ? error.message : String(error)
      terminal.err(`${style.yellow('warning')} Not all files of ${chosen.file} can be watched: ${reason}\n`)
    },
  })
  const entered = terminal.onEnter?.(again)
  void terminal.interrupted().then(() => {
    isOver = true
    stop.abort()
    wake()
  })
  while (!isOver) {
    if (!isDue) {
      terminal.err(style.dim(`\nWaiting for ${chosen.file} to change. Enter runs again, Ctrl-C ends.\n`))
      await new Promise<void>(resolve => {
        wake = resolve
        if (isOver || isDue) resolve()
      })
      continue
    }
    isDue = false
    stop = new AbortController()
    const now = read
    code = await codeOf(async () => {
      if ('error' in now) throw now.error
      tellImperfections(now.document.imperfections, terminal)
      return await once(now.document, stop.signal)
    }, terminal)
  }
  entered?.()
  await watcher.close()
  return code
}

/** What a run ends with, a trouble told: the next change may mend it. */
async function codeOf(work: () => Promise<number>, terminal: Terminal): Promise<number> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Trouble)) throw error
    terminal.err(showTrouble(error, makeStyle(terminal.colours)))
    return error.exitCode
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Trouble && error.findings.some(({ code }) => code === 'document-not-found')
}

function filesOf(read: Read): readonly string[] {
  if ('document' in read) return read.document.files
  return read.error instanceof DocumentTrouble ? filesNamedBy(read.error) : []
}
