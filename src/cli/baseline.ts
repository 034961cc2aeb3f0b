import { readFile } from 'node:fs/promises'
import { type Accepted, type ContractRun, entriesFor, holdAgainst } from '../contract/index.ts'
import { catalogue, exitCodes, Trouble } from '../finding/index.ts'
import type { Report } from '../report/index.ts'
import type { Flag, Terminal, Typed } from './command.ts'
import { saveWhole } from './save.ts'

/** Flags of the commands whose findings may be accepted for a while. */
export const baselineFlags: Readonly<Record<string, Flag>> = {
  baseline: { value: 'FILE', help: 'findings that are accepted, in YAML or JSON, each with a reason and a last day' },
  'update-baseline': { help: 'write what is found into the file of --baseline, with reasons to be filled in' },
}

/** Days for which a new entry is accepted. */
const usualDays = 90

/** What is done with the findings of a run; made before the run, so that a file that is wrong ends it at once. */
export type Baseline = (
  run: ContractRun,
  isWhole: boolean,
) => Promise<Pick<Report, 'findings' | 'accepted' | 'skipped'>>

/** @throws Trouble with exit code 2 for a file that cannot be read or an entry that is incomplete */
export async function baselineOf(typed: Typed, terminal: Terminal): Promise<Baseline> {
  const file = typed.text('baseline')
  const updates = typed.flag('update-baseline')
  if (file === undefined) {
    if (updates) throw new Trouble(exitCodes.unusable, '--update-baseline has no file', 'Name it: --baseline FILE')
    return async ({ findings, skipped }) => ({ findings, skipped })
  }
  const entries = await entriesIn(file, updates)
  return async ({ findings, skipped }, isWhole) => {
    if (!updates) {
      const held = holdAgainst(findings, entries, dayIn(0), isWhole)
      return { findings: held.findings, accepted: held.accepted, skipped: [...skipped, ...held.unused] }
    }
    const { dump } = await import('js-yaml')
    const written = entriesFor(findings, entries, dayIn(usualDays), isWhole)
    await saveWhole(file, file.endsWith('.json') ? `${JSON.stringify(written, null, 2)}\n` : dump(written))
    const lacking = written.filter(({ reason }) => reason === '').length
    const wanting = lacking === 0 ? '' : `; ${lacking} without a reason, and not accepted until you give one`
    const past = written.filter(({ expires }) => expires !== undefined && expires < dayIn(0)).length
    const over = past === 0 ? '' : `; ${past} expired, and not accepted until you change the day`
    terminal.err(`${file} written with ${counted(written.length, 'entry', 'entries')}${wanting}${over}\n`)
    return { findings, skipped }
  }
}

async function entriesIn(file: string, isNew: boolean): Promise<Accepted[]> {
  const help = 'It is a list of { code, operation, pointer, reason, expires }; --update-baseline writes one.'
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (isNew && (error as NodeJS.ErrnoException).code === 'ENOENT') return []
    const reason = error instanceof Error ? error.message : String(error)
    throw new Trouble(exitCodes.unusable, `Cannot read the baseline ${file}: ${reason}`, help)
  }
  const { load } = await import('js-yaml')
  let value: unknown
  try {
    value = text.trim() === '' ? [] : load(text)
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n')
    throw new Trouble(exitCodes.unusable, `The baseline ${file} is no YAML: ${reason}`, help)
  }
  if (!Array.isArray(value)) throw new Trouble(exitCodes.unusable, `The baseline ${file} is not a list`, help)
  return value.map((entry: unknown, at) => {
    const faulty = faultOf(entry, isNew)
    if (faulty === undefined) return textsOf(entry as Record<string, unknown>)
    throw new Trouble(exitCodes.unusable, `Entry ${at + 1} of the baseline ${file} ${faulty}`, help)
  })
}

function faultOf(entry: unknown, isNew: boolean): string | undefined {
  if (typeof entry !== 'object' || entry === null) return 'is not an object'
  const { code, reason, expires, ...others } = entry as Record<string, unknown>
  if (typeof code !== 'string' || !Object.hasOwn(catalogue, code)) return `has the code ${code}, which is no finding's`
  if (!isNew && (typeof reason !== 'string' || reason.trim() === '')) return 'has no reason'
  if (expires !== undefined && dayOf(expires) === undefined)
    return `expires on ${expires}, which is no day such as 2025-12-31`
  const unknown = Object.keys(others).find(name => name !== 'operation' && name !== 'pointer')
  if (unknown !== undefined) return `has ${unknown}, which is unknown`
  return Object.values(others).every(value => typeof value === 'string')
    ? undefined
    : 'has an operation or a pointer that is no text'
}

function textsOf(entry: Record<string, unknown>): Accepted {
  const { code, operation, pointer, reason, expires } = entry
  return {
    code: code as Accepted['code'],
    reason: typeof reason === 'string' ? reason : '',
    ...(typeof operation === 'string' && { operation }),
    ...(typeof pointer === 'string' && { pointer }),
    ...(expires !== undefined && { expires: dayOf(expires) ?? '' }),
  }
}

/** YAML may read a day as a date. */
function dayOf(value: unknown): string | undefined {
  const text = value instanceof Date ? value.toISOString().slice(0, 10) : String(value)
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}

function dayIn(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
}
