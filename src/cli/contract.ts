import {
  type ContractOptions,
  type ContractRun,
  operationsOf,
  type PhaseId,
  phases,
  runContract,
  type Shard,
} from '../contract/index.ts'
import type { Document } from '../document/index.ts'
import { exitCodes, Trouble } from '../finding/index.ts'
import type { Handler } from '../http/index.ts'
import type { Api } from '../model/index.ts'
import { baselineFlags, baselineOf } from './baseline.ts'
import type { Flag, Terminal, Typed } from './command.ts'
import { documentFlags } from './document.ts'
import { progressOn } from './progress.ts'
import { reportFlags, type Threshold, tell } from './tell.ts'

const phaseNames = phases.map(({ id }) => id).join(', ')

/** Flags that say what of a document is looked at. */
export const scopeFlags: Readonly<Record<string, Flag>> = {
  include: { value: 'OPERATION', many: true, help: 'run only this operation, by its operationId' },
  exclude: { value: 'OPERATION', many: true, help: 'leave out this operation, by its operationId' },
  param: { value: 'NAME=VALUE', many: true, help: 'value for parameters of this name, for ids that exist' },
  ...documentFlags,
  ...reportFlags,
}

/** Flags of the commands that run cases. */
export const contractFlags: Readonly<Record<string, Flag>> = {
  phases: { value: 'LIST', help: `families of cases to run: ${phaseNames} (default all)` },
  case: { value: 'ID', help: 'make the requests of this case alone, by the id that its finding names' },
  seed: { value: 'N', help: 'what chance depends on: the same seed, the same requests (default 1)' },
  bail: { help: 'end with the first error' },
  shard: { value: 'I/N', help: 'make the I-th of N parts of the run; `contrato report merge` puts them together' },
  'max-requests': { value: 'N', help: 'make no more requests than this' },
  rate: { value: 'N', help: 'make no more requests than this in a second' },
  workers: { value: 'N', help: 'make so many requests at the same time where they are independent (default 1)' },
  ...baselineFlags,
  ...scopeFlags,
}

/** @throws Trouble with exit code 2 for a phase that is none, or a --param without a value */
export function contractOptions(typed: Typed): ContractOptions {
  const named = typed
    .text('phases')
    ?.split(',')
    .map(name => name.trim())
  const unknown = named?.find(name => !phases.some(({ id }) => id === name))
  if (unknown !== undefined)
    throw new Trouble(exitCodes.unusable, `${unknown} is not a phase`, `Give some of ${phaseNames}.`)
  const params = typed.texts('param').map(text => {
    const at = text.indexOf('=')
    if (at > 0) return [text.slice(0, at), text.slice(at + 1)] as const
    const lacks = at === 0 ? 'name' : 'value'
    throw new Trouble(exitCodes.unusable, `--param ${text} has no ${lacks}`, 'Give it as --param NAME=VALUE.')
  })
  const include = typed.texts('include')
  const exclude = typed.texts('exclude')
  const maxRequests = numberOf(typed, 'max-requests')
  const seed = numberOf(typed, 'seed')
  const rate = numberOf(typed, 'rate')
  const workers = numberOf(typed, 'workers')
  const only = typed.text('case')
  return {
    params: new Map(params),
    ...(named !== undefined && { phases: named as PhaseId[] }),
    ...(include.length > 0 && { include }),
    ...(exclude.length > 0 && { exclude }),
    ...(typed.flag('bail') && { bail: true }),
    ...(maxRequests !== undefined && { maxRequests }),
    ...(seed !== undefined && { seed }),
    ...(rate !== undefined && { rate }),
    ...(workers !== undefined && { workers }),
    ...(only !== undefined && { case: only }),
  }
}

function numberOf(typed: Typed, flag: string): number | undefined {
  const text = typed.text(flag)
  if (text === undefined) return undefined
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new Trouble(exitCodes.unusable, `--${flag} ${text} is not a number`, 'Give a whole number above 0.')
}

/**
 * Operations and parameters that are named have to be there: a run without them would look as if all were well.
 *
 * @throws Trouble with exit code 2 for one that is not
 */
export function requireKnown(api: Api, options: Pick<ContractOptions, 'include' | 'exclude' | 'params'>): void {
  const { file } = api.document
  const missing = [...(options.include ?? []), ...(options.exclude ?? [])].find(id => api.operation(id) === undefined)
  if (missing !== undefined) {
    const known = api.operations.map(({ id }) => id).join(', ')
    throw new Trouble(exitCodes.unusable, `${missing} is not an operation of ${file}`, `It has ${known}.`)
  }
  const names = new Set(api.operations.flatMap(({ parameters }) => parameters.map(({ name }) => name)))
  const stray = [...(options.params?.keys() ?? [])].find(name => !names.has(name))
  if (stray !== undefined) {
    const known = [...names].join(', ') || 'none'
    throw new Trouble(exitCodes.unusable, `${stray} is not a parameter of ${file}`, `It has ${known}.`)
  }
}

/** @throws Trouble with exit code 2 for a --shard that is none */
function shardOf(typed: Typed): Shard | undefined {
  const text = typed.text('shard')
  if (text === undefined) return undefined
  const [, index = 0, of = 0] = (/^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []).map(Number)
  if (index >= 1 && index <= of) return { index, of }
  throw new Trouble(
    exitCodes.unusable,
    `--shard ${text} is not a part of a run`,
    'Give it as 1/3, for the first of three.',
  )
}

/** The options for a part of the run. */
function inShard(api: Api, options: ContractOptions, shard: Shard | undefined): ContractOptions {
  if (shard === undefined) return options
  const { include, exclude } = options
  const wanted = (id: string): boolean => include?.includes(id) !== false && exclude?.includes(id) !== true
  return { ...options, include: operationsOf(api, shard, wanted) }
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
  readonly typed: Typed
  readonly terminal: Terminal
}): Promise<number> {
  const { api, terminal } = job
  requireKnown(api, job.options)
  const shard = shardOf(job.typed)
  const options = inShard(api, job.options, shard)
  const baseline = await baselineOf(job.typed, terminal)
  const stop = new AbortController()
  void terminal.interrupted().then(() => stop.abort())
  const started = new Date()
  const progress = progressOn(terminal)
  const onCase = ({ operation, requests }: { readonly operation: string; readonly requests: number }): void =>
    progress.show(`${requests} requests · ${operation}`)
  let run: ContractRun
  try {
    run = await runContract(api, job.target, { ...options, onCase, signal: stop.signal })
  } finally {
    progress.end()
  }
  const { operations, requests, coverage } = run
  const isPart = [
    options.phases,
    options.include,
    options.exclude,
    options.case,
    options.bail,
    options.maxRequests,
  ].some(given => given !== undefined)
  const { findings, skipped } = await baseline(run, !isPart && !run.interrupted)
  const left = run.interrupted ? [{ what: 'further requests', why: 'the run was interrupted' }] : []
  const code = await tell(
    {
      command: job.command,
      document: job.document,
      target: job.shown,
      startedAt: started.toISOString(),
      durationMs: Date.now() - started.getTime(),
      findings,
      skipped: [...skipped, ...left],
      seed: options.seed ?? 1,
      ...(shard !== undefined && { shard }),
      summary: { operations, requests },
      coverage,
    },
    job.threshold,
    job.typed,
    terminal,
  )
  return run.interrupted ? exitCodes.interrupted : code
}
