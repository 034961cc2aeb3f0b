import path from 'node:path'
import { type ContractOptions, type ContractRun, runContract } from '../contract/index.ts'
import type { Document } from '../document/index.ts'
import { exitCodes } from '../finding/index.ts'
import type { Handler } from '../http/index.ts'
import type { Api } from '../model/index.ts'
import { nextLines } from './again.ts'
import { baselineOf } from './baseline.ts'
import type { Terminal, Typed } from './command.ts'
import { inShard, requireKnown, shardOf } from './contract.ts'
import { chooseDocument, loaderOf, tellImperfections } from './document.ts'
import { failedIn } from './failed-in.ts'
import { type LastRun, Memory, remembered } from './last-run.ts'
import { progressOn } from './progress.ts'
import { rerunOnChange, superseded } from './rerun.ts'
import { requireForWatch, type Threshold, tell, tellLive } from './tell.ts'

/** Runs a command on its document: once, or with --watch as often as it changes. */
export async function runOnDocument(
  typed: Typed,
  terminal: Terminal,
  once: (document: Document, signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const chosen = chooseDocument(typed.positionals[0])
  const load = loaderOf(typed, terminal)
  if (typed.flag('watch')) {
    requireForWatch(typed, terminal)
    return await rerunOnChange(chosen, load, terminal, once)
  }
  const document = await load(chosen)
  tellImperfections(document.imperfections, terminal)
  const stop = new AbortController()
  void terminal.interrupted().then(() => stop.abort())
  return await once(document, stop.signal)
}

/** Runs the cases and tells what was found; the number is the exit code. An interrupted run tells what it has. */
export async function runAndTell(job: {
  readonly command: string
  readonly document: Document
  readonly api: Api
  readonly target: Handler
  readonly shown: string
  readonly options: ContractOptions
  readonly threshold: Threshold
  readonly signal: AbortSignal
  readonly typed: Typed
  readonly terminal: Terminal
}): Promise<number> {
  const { api, command, document, signal, terminal, typed } = job
  requireKnown(api, job.options)
  const shard = shardOf(typed)
  const baseline = await baselineOf(typed, terminal)
  const memory = new Memory(command, fileOf(document), terminal.env)
  const last = await memory.read()
  const given = typed.text('failed-in')
  const failedBefore = given === undefined ? last : await failedIn(given)
  const options = withLast(inShard(api, job.options, shard), failedBefore, job)
  const started = new Date()
  const seed = options.seed ?? 1
  const head = {
    command,
    document,
    target: job.shown,
    startedAt: started.toISOString(),
    seed,
    ...(shard !== undefined && { shard }),
  }
  const onFinding = tellLive(head, typed, terminal)
  const run = await runWithProgress(api, job.target, { ...options, signal, ...(onFinding && { onFinding }) }, terminal)
  if (signal.reason === superseded) return exitCodes.fine
  const { operations, requests, coverage } = run
  const { phases, include, exclude, case: only, cases = only === undefined ? undefined : [only] } = options
  const isComplete = !run.interrupted && options.bail === undefined && options.maxRequests === undefined
  const isWhole = isComplete && [phases, include, exclude, cases].every(given => given === undefined)
  const { findings, accepted, skipped = [] } = await baseline(run, isWhole)
  const failed = remembered(
    findings.flatMap(({ caseId, otherCases = [] }) => (caseId === undefined ? [] : [caseId, ...otherCases])),
    last?.seed === seed ? last.cases : [],
    {
      operations: coverage.map(({ operation }) => operation),
      isComplete,
      ...(phases && { phases }),
      ...(cases && { cases }),
    },
  )
  await keep(memory, { at: head.startedAt, seed, cases: failed }, typed, terminal)
  const where = given === undefined ? 'the last run' : given
  const others = { what: 'all other cases', why: `only those that had findings in ${where} were asked` }
  const left = { what: 'further requests', why: 'the run was interrupted' }
  const durationMs = Date.now() - started.getTime()
  const code = await tell(
    {
      ...head,
      durationMs,
      findings,
      ...(accepted !== undefined && { accepted }),
      ...(run.interrupted && { ended: 'interrupted' }),
      skipped: [...skipped, ...(options.cases === undefined ? [] : [others]), ...(run.interrupted ? [left] : [])],
      summary: { operations, requests },
      next: nextLines(command, typed, seed, terminal, { requests, milliseconds: durationMs }),
      coverage,
    },
    job.threshold,
    typed,
    terminal,
  )
  return run.interrupted ? exitCodes.interrupted : code
}

/** Runs the cases, and shows meanwhile where it is. */
async function runWithProgress(
  api: Api,
  target: Handler,
  options: ContractOptions,
  terminal: Terminal,
): Promise<ContractRun> {
  const progress = progressOn(terminal)
  const { include, exclude } = options
  const wanted = api.operations.filter(({ id }) => include?.includes(id) !== false && exclude?.includes(id) !== true)
  const met = new Set<string>()
  let found = 0
  try {
    return await runContract(api, target, {
      ...options,
      onFinding: finding => {
        found += 1
        options.onFinding?.(finding)
      },
      onCase: ({ operation, requests }) => {
        met.add(operation)
        const findings = found === 0 ? '' : ` · ${found} ${found === 1 ? 'finding' : 'findings'}`
        progress.show(`${requests} requests${findings} · ${operation} (${met.size} of ${wanted.length})`)
      },
    })
  } finally {
    progress.end()
  }
}

/** The options for the cases that had findings in the last run, where only they are wanted. */
function withLast(
  options: ContractOptions,
  last: LastRun | undefined,
  {
    command,
    document,
    typed,
    terminal,
  }: Pick<Parameters<typeof runAndTell>[0], 'command' | 'document' | 'typed' | 'terminal'>,
): ContractOptions {
  const file = typed.text('failed-in')
  if (!typed.flag('last-failed') && file === undefined) return options
  const cases = last?.cases ?? []
  if (file !== undefined && cases.length === 0) {
    terminal.err(`${file} has no findings of cases: all cases are asked\n`)
    return options
  }
  if (last === undefined || cases.length === 0) {
    const why =
      last === undefined
        ? `No run of contrato ${command} on ${document.file} is remembered`
        : 'The last run had no findings'
    terminal.err(`${why}: all cases are asked\n`)
    return options
  }
  const which =
    cases.length === 1 ? 'The one case that had findings is' : `The ${cases.length} cases that had findings are`
  terminal.err(`${which} asked again, as in the run of ${last.at.slice(0, 16).replace('T', ' ')} UTC\n`)
  return { seed: last.seed, ...options, cases }
}

/** That nothing can be written matters to those only who want it read again. */
async function keep(memory: Memory, run: LastRun, typed: Typed, { err }: Terminal): Promise<void> {
  try {
    await memory.write(run)
  } catch (error) {
    if (!typed.flag('last-failed')) return
    const reason = error instanceof Error ? error.message : String(error)
    err(`warning This run is not remembered. ${reason}; CONTRATO_CACHE names another folder\n`)
  }
}

/** What tells a document from others of the same name. */
function fileOf({ file, files }: Document): string {
  return files[0] ?? path.resolve(file)
}
