import { existsSync, realpathSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { type Document, DocumentTrouble, filesNamedBy } from '../../document/index.ts'

/** Milliseconds from the first sign of a change to the reading: editors write in several steps. */
const pause = 100

/** What happens to a document while it is watched. */
export type Told = {
  /** It was changed and can be used. The next change is looked at when this is done. */
  readonly loaded: (document: Document) => Promise<void>
  /** It was changed and cannot be used, or reading it failed. */
  readonly broken: (error: unknown) => void
  /** Some of its files cannot be watched. */
  readonly unwatched: (error: unknown) => void
}

/**
 * Watches a document and every file that it was read from. Of a document that became unusable, the files that it names
 * and that are missing are waited for too.
 *
 * @param read the files that it was read from, as absolute paths
 * @param since when reading the document began, in milliseconds of the epoch
 */
export async function watchDocument(
  file: string,
  read: readonly string[],
  since: number,
  load: () => Promise<Document>,
  told: Told,
): Promise<{ close(): Promise<void> }> {
  // Most mocks are not watched.
  const { watch } = await import('chokidar')
  const entry = path.resolve(file)
  const files = new WatchedFiles(entry)
  let timer: NodeJS.Timeout | undefined
  let busy = false
  let again = false
  let closed = false
  const soon = (): void => {
    if (busy) again = true
    else if (!closed) timer ??= setTimeout(look, pause)
  }
  const look = (): void => {
    timer = undefined
    busy = true
    reloadIfChanged()
      .catch(told.broken)
      .finally(() => {
        busy = false
        if (again) soon()
        again = false
      })
  }
  const follow = async (names: readonly string[], readSince: number): Promise<void> => {
    const { added, unsure } = await files.follow(names, readSince)
    watcher.add(added)
    if (unsure) again = true
  }
  const reloadIfChanged = async (): Promise<void> => {
    if (!(await files.changed())) return
    const started = Date.now()
    try {
      const loaded = await load()
      await follow(loaded.files, started)
      if (!closed) await told.loaded(loaded)
    } catch (error) {
      await follow(error instanceof DocumentTrouble ? filesNamedBy(error) : [], started)
      if (!closed) told.broken(error)
    }
  }
  const { added } = await files.follow(read, since)
  const ignored = (name: string): boolean => !files.matters(name)
  const watcher = watch([files.root, ...added], { ignored, ignorePermissionErrors: true })
  watcher.on('all', soon)
  watcher.on('error', told.unwatched)
  // A change from before the watching began has sent no sign.
  watcher.on('ready', soon)
  return {
    close: async () => {
      closed = true
      clearTimeout(timer)
      await watcher.close()
    },
  }
}

/** The files of a document, and in what state each of them was when it was read. */
class WatchedFiles {
  /** The folder above that of the document, so that a folder which is made anew is seen. */
  readonly root: string
  readonly #entry: string
  readonly #states = new Map<string, string>()
  readonly #folders = new Set<string>()

  constructor(entry: string) {
    this.#entry = entry
    this.root = path.dirname(path.dirname(entry))
    this.#folders.add(this.root)
  }

  /** Whether a path is one of the files, or a folder on the way to one. */
  matters(name: string): boolean {
    return this.#states.has(name) || this.#folders.has(name)
  }

  /**
   * Takes up these files. Of those that were followed before, the state is known from before they were read; of a new one
   * that was written since, it cannot be told which content was read.
   */
  async follow(names: readonly string[], since: number): Promise<{ added: string[]; unsure: boolean }> {
    // An entry that is a link may be edited where it leads to; what lies on a server is not watched.
    const all = [
      this.#entry,
      ...(existsSync(this.#entry) ? [realpathSync(this.#entry)] : []),
      ...names.filter(name => path.isAbsolute(name)),
    ]
    const added = [...new Set(all)].filter(name => !this.#states.has(name))
    let unsure = false
    for (const name of added) {
      const { text, writtenAt } = await stateOf(name)
      this.#states.set(name, text)
      if (writtenAt >= since) unsure = true
      this.#enter(name)
    }
    // A state that fits nothing has the file looked at again.
    if (unsure) this.#states.set(this.#entry, 'unsure')
    return { added, unsure }
  }

  /** Whether any file is in another state than it was; what it is now becomes the known state. */
  async changed(): Promise<boolean> {
    let changed = false
    await Promise.all(
      [...this.#states].map(async ([name, known]) => {
        const { text } = await stateOf(name)
        if (text === known) return
        this.#states.set(name, text)
        changed = true
      }),
    )
    return changed
  }

  #enter(name: string): void {
    for (let folder = path.dirname(name); !this.#folders.has(folder); folder = path.dirname(folder)) {
      this.#folders.add(folder)
    }
  }
}

async function stateOf(name: string): Promise<{ text: string; writtenAt: number }> {
  try {
    const { ino, size, mtimeMs, ctimeMs } = await stat(name)
    return { text: `${ino} ${size} ${mtimeMs} ${ctimeMs}`, writtenAt: mtimeMs }
  } catch {
    return { text: 'absent', writtenAt: 0 }
  }
}
