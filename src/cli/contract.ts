import { type ContractOptions, operationsOf, type PhaseId, phases, type Shard } from '../contract/index.ts'
import { exitCodes, Trouble } from '../finding/index.ts'
import type { Api } from '../model/index.ts'
import { baselineFlags } from './baseline.ts'
import type { Flag, Typed } from './command.ts'
import { documentFlags } from './document.ts'
import { reportFlags } from './tell.ts'

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
  'last-failed': {
    help: 'make the requests of the cases alone that had findings in the last run of this document; if none had, of all',
  },
  'failed-in': {
    value: 'REPORT',
    help: 'the same for the cases that had findings in a report of --reporter json, such as one of CI',
  },
  watch: { short: 'w', help: 'run again when the document changes or Enter is pressed; Ctrl-C ends' },
  seed: { value: 'N', help: 'what chance depends on: the same seed, the same requests (default 1)' },
  bail: { help: 'end with the first error' },
  shard: { value: 'I/N', help: 'make the I-th of N parts of the run; `contrato report merge` puts them together' },
  'max-requests': { value: 'N', help: 'make no more requests than this; each operation gets its share' },
  rate: { value: 'N', help: 'make no more requests than this in a second' },
  workers: { value: 'N', help: 'make so many requests at the same time where they are independent (default 1)' },
  ...baselineFlags,
  ...scopeFlags,
}

/** Flags of which each says by itself what is run. */
const apart: readonly (readonly [string, readonly string[]])[] = [
  ['case', ['last-failed', 'failed-in', 'shard', 'phases', 'include', 'exclude']],
  ['last-failed', ['failed-in', 'shard']],
  ['failed-in', ['shard']],
]

/** @throws Trouble with exit code 2 for a phase that is none, a --param without a value, and flags that exclude each other */
export function contractOptions(typed: Typed): ContractOptions {
  requireTogether(typed)
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

function requireTogether(typed: Typed): void {
  const isGiven = (flag: string): boolean => typed.flag(flag) || typed.texts(flag).length > 0
  for (const [flag, others] of apart) {
    const other = isGiven(flag) ? others.find(isGiven) : undefined
    if (other === undefined) continue
    throw new Trouble(exitCodes.unusable, `--${flag} and --${other} exclude each other`, `Leave out one of them.`)
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
  const isLeft = (id: string): boolean =>
    options.include?.includes(id) !== false && options.exclude?.includes(id) !== true
  if (api.operations.length > 0 && !api.operations.some(({ id }) => isLeft(id))) {
    const help = 'Leave out --exclude, or name others with --include.'
    throw new Trouble(exitCodes.unusable, `No operation of ${file} is left to run`, help)
  }
  const names = new Set(api.operations.flatMap(({ parameters }) => parameters.map(({ name }) => name)))
  const stray = [...(options.params?.keys() ?? [])].find(name => !names.has(name))
  if (stray !== undefined) {
    const known = [...names].join(', ') || 'none'
    throw new Trouble(exitCodes.unusable, `${stray} is not a parameter of ${file}`, `It has ${known}.`)
  }
}

/** @throws Trouble with exit code 2 for a --shard that is none */
export function shardOf(typed: Typed): Shard | undefined {
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
export function inShard(api: Api, options: ContractOptions, shard: Shard | undefined): ContractOptions {
  if (shard === undefined) return options
  const { include, exclude } = options
  const wanted = (id: string): boolean => include?.includes(id) !== false && exclude?.includes(id) !== true
  return { ...options, include: operationsOf(api, shard, wanted) }
}
