import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import type { Terminal } from './command.ts'
import { saveWhole } from './save.ts'

/** Where the last run is kept, as `--help` says it. */
export const rememberedIn = [
  'What --last-failed needs to know of a run is kept in node_modules/.cache/contrato of the project, where there is no',
  "node_modules in the user's cache, or in the folder that the environment variable CONTRATO_CACHE names.",
].join('\n')

/** What the next run needs to know of the last one. */
export type LastRun = {
  /** An instant, as ISO 8601 writes it. */
  readonly at: string
  readonly seed: number
  /** The ids of the cases that had findings. */
  readonly cases: readonly string[]
}

/** The place where the last run of a command on a document is kept. */
export class Memory {
  readonly file: string

  constructor(command: string, document: string, env: Terminal['env']) {
    const key = createHash('sha256').update(`${command}\n${document}`).digest('hex').slice(0, 16)
    this.file = path.join(folderFor(env), `last-${command}-${key}.json`)
  }

  /** What is no memory of ours, such as that of another version, is none. */
  async read(): Promise<LastRun | undefined> {
    try {
      const value: unknown = JSON.parse(await readFile(this.file, 'utf8'))
      return isLastRun(value) ? value : undefined
    } catch {
      return undefined
    }
  }

  /** @throws Trouble with exit code 4 when it cannot be written */
  async write(run: LastRun): Promise<void> {
    // A folder that cannot be made is told by what is to be written into it.
    await mkdir(path.dirname(this.file), { recursive: true }).catch(() => undefined)
    await saveWhole(this.file, `${JSON.stringify(run)}\n`)
  }
}

/** In the `node_modules` that the tools of the project keep their caches in, else in the user's cache. */
function folderFor(env: Terminal['env']): string {
  if (env.CONTRATO_CACHE !== undefined && env.CONTRATO_CACHE !== '') return env.CONTRATO_CACHE
  for (let folder = process.cwd(); ; folder = path.dirname(folder)) {
    const modules = path.join(folder, 'node_modules')
    if (existsSync(modules)) return path.join(modules, '.cache', 'contrato')
    if (folder === path.dirname(folder))
      return path.join(env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'contrato')
  }
}

function isLastRun(value: unknown): value is LastRun {
  const { at, seed, cases } = Object(value) as Partial<Record<keyof LastRun, unknown>>
  const isRight = typeof at === 'string' && Number.isInteger(seed) && Array.isArray(cases)
  return isRight && cases.every(id => typeof id === 'string')
}

/** What a run asked for, as far as it is known: of what it did not ask, the last run still counts. */
export type Extent = {
  /** The cases that were asked alone. */
  readonly cases?: readonly string[]
  readonly operations: readonly string[]
  readonly phases?: readonly string[]
  /** Whether it came to its end. */
  readonly isComplete: boolean
}

/** The cases to remember: those that had findings now, and those that had some before and were not asked now. */
export function remembered(
  now: readonly string[],
  before: readonly string[],
  { cases, operations, phases, isComplete }: Extent,
): string[] {
  const wasAsked = (id: string): boolean => {
    if (!isComplete) return false
    if (cases !== undefined) return cases.includes(id)
    // The id of an operation without a name has slashes of its own.
    const isOfOperation = operations.some(operation => id.startsWith(`${operation}/`))
    return isOfOperation && phases?.some(phase => id.includes(`/${phase}/`) || id.endsWith(`/${phase}`)) !== false
  }
  return [...new Set([...now, ...before.filter(id => !wasAsked(id))])]
}
