import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

/** The folder of this project. */
export const project = fileURLToPath(new URL('../..', import.meta.url))

const built = path.join(project, 'dist/cli.js')
if (!existsSync(built))
  throw new Error('dist/cli.js is missing: these tests run the built commands, so run `npm run build` first')

export type Outcome = { readonly code: number | null; readonly out: string; readonly err: string }

export type SpawnOptions = {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** What comes in on standard input; nothing by default. */
  readonly input?: string
}

/** A program that runs, with what it has printed so far. */
export type Running = {
  readonly child: ChildProcess
  readonly out: () => string
  readonly err: () => string
  readonly ended: Promise<Outcome>
  /** Resolves once what was printed fits; rejects when the program ends before. */
  printed(pattern: RegExp): Promise<RegExpExecArray>
}

/** What runs; a test that fails before it has ended it leaves it to the end of this process. */
const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Ends what a test has left running, when it is over. */
function endAfterTest(child: ChildProcess): void {
  running.add(child)
  child.on('close', () => running.delete(child))
  try {
    onTestFinished(() => {
      if (running.has(child)) child.kill('SIGKILL')
    })
  } catch {
    // Started for a whole file, by a hook.
  }
}

/** Starts a program; colours are off unless the environment given says otherwise. */
export function start(
  command: string,
  args: readonly string[],
  { cwd = project, env = {}, input = '' }: SpawnOptions = {},
): Running {
  const { PORT: _, FORCE_COLOR: __, NO_COLOR: ___, ...inherited } = process.env
  const child = spawn(command, args, { cwd, env: { ...inherited, ...env }, stdio: ['pipe', 'pipe', 'pipe'] })
  endAfterTest(child)
  child.stdin.on('error', () => {}) // A program that does not read ends before all is written.
  child.stdin.end(input)
  let out = ''
  let err = ''
  const watchers = new Set<() => void>()
  child.stdout.on('data', chunk => {
    out += chunk
    for (const watch of watchers) watch()
  })
  child.stderr.on('data', chunk => {
    err += chunk
    for (const watch of watchers) watch()
  })
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', code => resolve({ code, out, err }))
  })
  const printed = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const watch = (): void => {
        const found = pattern.exec(out) ?? pattern.exec(err)
        if (found === null) return
        watchers.delete(watch)
        resolve(found)
      }
      watchers.add(watch)
      watch()
      void ended.then(({ code }) => reject(new Error(`ended with ${code} before it printed ${pattern}: ${out}${err}`)))
    })
  return { child, out: () => out, err: () => err, ended, printed }
}

/** Runs a contrato command to its end. */
export function contrato(args: readonly string[], options: SpawnOptions = {}): Promise<Outcome> {
  return start(process.execPath, [built, ...args], options).ended
}

/** Starts `contrato mock` on a free port and waits for its URL. */
export async function startMock(
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<Running & { readonly url: string }> {
  const running = start(process.execPath, [built, 'mock', ...args, '--port', '0'], options)
  const [url] = await running.printed(/http:\/\/127\.0\.0\.1:\d+/)
  return { ...running, url }
}

/** Ends a program in the way a person does with Ctrl-C. */
export async function interrupt({ child, ended }: Running): Promise<Outcome> {
  child.kill('SIGINT')
  return await ended
}

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<{ readonly folder: string } & AsyncDisposable> {
  const folder = await mkdtemp(path.join(tmpdir(), 'contrato-'))
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}

/** A port that nobody listens on at the moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
