import { createHash } from 'node:crypto'
import { appendFile } from 'node:fs/promises'
import type { Document } from '../document/index.ts'
import { exitCodes, type Finding, type Severity, Trouble } from '../finding/index.ts'
import {
  formats,
  makeStyle,
  type NextLines,
  type Report,
  type ReportFormat,
  type ReportHead,
  type Surroundings,
} from '../report/index.ts'
import type { Flag, Terminal, Typed } from './command.ts'
import { saveWhole, tryToSave } from './save.ts'
import { tool } from './tool.ts'

const severities = ['error', 'warning', 'info', 'never'] as const
export type Threshold = (typeof severities)[number]

/** What is known of a report besides. */
type About = Pick<Surroundings, 'textOf' | 'next'>

type Reporter = { readonly format: ReportFormat; readonly file: string | undefined }

const formatNames = formats.map(({ name }) => name).join(', ')

/** Flags of every command that has findings to tell. */
export const reportFlags: Readonly<Record<string, Flag>> = {
  reporter: {
    value: 'NAME[=FILE]',
    many: true,
    help: `how to tell, with =FILE into a file: ${formatNames} (default list, and github in GitHub Actions)`,
  },
  'fail-on': {
    value: 'SEVERITY',
    help: 'exit with 1 from this severity on: error, warning, info, never (default error)',
  },
}

/** @throws Trouble with exit code 2 for a severity that is none */
export function failOn(typed: Typed): Threshold {
  const text = typed.text('fail-on') ?? 'error'
  const found = severities.find(severity => severity === text)
  if (found !== undefined) return found
  throw new Trouble(exitCodes.unusable, `${text} is not a severity`, `Give one of ${severities.join(', ')}.`)
}

/**
 * The reporters asked for. Without any it is the list, and in GitHub Actions the annotations too.
 *
 * @throws Trouble with exit code 2 for a reporter that is none, and for two that cannot share standard output
 */
export function reporters(typed: Typed, { env }: Terminal): Reporter[] {
  const wanted = typed.texts('reporter')
  const usual = env.GITHUB_ACTIONS === 'true' ? ['list', 'github'] : ['list']
  const all = (wanted.length === 0 ? usual : wanted).map(readReporter)
  const [whole, other] = all.filter(({ format, file }) => file === undefined && !format.isLog)
  if (whole === undefined || other === undefined) return all
  throw new Trouble(
    exitCodes.unusable,
    `--reporter ${whole.format.name} and --reporter ${other.format.name} both go to standard output`,
    `Write one of them into a file: --reporter ${other.format.name}=FILE`,
  )
}

/**
 * A run that is repeated tells its report each time, which only a log and a stream can take in one after the other.
 *
 * @throws Trouble with exit code 2 for a format on standard output that is one value
 */
export function requireForWatch(typed: Typed, terminal: Terminal): void {
  const whole = reporters(typed, terminal).find(({ format, file }) => file === undefined && !format.isLog)
  if (whole === undefined || whole.format.name === 'ndjson') return
  const { name } = whole.format
  const help = `Write it into a file, which each run replaces: --reporter ${name}=FILE`
  throw new Trouble(exitCodes.unusable, `--watch runs again and again, and --reporter ${name} is one report`, help)
}

/**
 * Begins to tell what is only beginning, where standard output belongs to a format that can do so. A file is written whole
 * when all is known.
 *
 * @returns what is to be called with each breach when it is seen
 */
export function tellLive(
  { document, ...head }: Omit<ReportHead, 'tool' | 'document'> & { readonly document: Document },
  typed: Typed,
  terminal: Terminal,
): ((finding: Finding) => void) | undefined {
  const { live } =
    reporters(typed, terminal).find(({ format, file }) => file === undefined && format.live)?.format ?? {}
  if (live === undefined) return undefined
  terminal.out(live.begin({ tool, ...head, document: named(document.file, document.textOf(document.file)) }))
  return finding => terminal.out(live.found(finding))
}

/**
 * Looks whether the files of reports can be written, before the work whose end they would spoil.
 *
 * @throws Trouble with exit code 4 for one that cannot
 */
export async function requireWritable(typed: Typed, terminal: Terminal): Promise<void> {
  for (const { file } of reporters(typed, terminal)) if (file !== undefined) await tryToSave(file)
}

/** Tells what was found in every format asked for; the number is the exit code. */
export async function tell(
  found: Omit<Report, 'tool' | 'document'> & { readonly document: Document; readonly next?: NextLines },
  threshold: Threshold,
  typed: Typed,
  terminal: Terminal,
): Promise<number> {
  const { document, next, ...rest } = found
  const textOf = (file: string): string | undefined => document.textOf(file)
  const report = { tool, ...rest, document: named(document.file, textOf(document.file)) }
  return await tellReport(report, { textOf, ...(next !== undefined && { next }) }, threshold, typed, terminal)
}

/** The same for a report that is there already. */
export async function tellReport(
  report: Report,
  about: About,
  threshold: Threshold,
  typed: Typed,
  terminal: Terminal,
): Promise<number> {
  await tellIn(reporters(typed, terminal), report, about, terminal)
  return report.findings.some(({ severity }) => reaches(severity, threshold)) ? exitCodes.findings : exitCodes.fine
}

/**
 * Tells programs about a document that no work can be done with; people are told on standard error, by who called the
 * command.
 */
export async function tellUnusable(
  trouble: Trouble,
  command: string,
  textOf: Surroundings['textOf'],
  typed: Typed,
  terminal: Terminal,
): Promise<void> {
  const { findings } = trouble
  const file = typed.positionals[0] ?? findings[0]?.position?.file ?? ''
  const report = {
    tool,
    command,
    document: named(file, textOf(file)),
    findings,
    summary: {},
    ended: 'unusable',
  } as const
  await tellIn(forPrograms(typed, terminal), report, { textOf }, terminal)
}

/** Tells programs why nothing could be asked; people are told on standard error, by who called the command. */
export async function tellInVain(
  job: {
    readonly command: string
    readonly document: Document
    readonly target: string
    readonly message: string
    readonly help: string
  },
  typed: Typed,
  terminal: Terminal,
): Promise<void> {
  const { command, document, target, message, help } = job
  const textOf = (file: string): string | undefined => document.textOf(file)
  const findings = [{ code: 'target-unreachable', severity: 'error', message, help } as const]
  const report = {
    tool,
    command,
    document: named(document.file, textOf(document.file)),
    target,
    findings,
    summary: {},
    ended: 'unreachable',
  } as const
  await tellIn(forPrograms(typed, terminal), report, { textOf }, terminal)
}

function forPrograms(typed: Typed, terminal: Terminal): Reporter[] {
  return reporters(typed, terminal).filter(({ format, file }) => format.name !== 'list' || file !== undefined)
}

async function tellIn(wanted: readonly Reporter[], report: Report, about: About, terminal: Terminal): Promise<void> {
  const isTaken = wanted.some(({ format, file }) => file === undefined && !format.isLog)
  for (const { format, file } of wanted) {
    const style = makeStyle(terminal.colours && file === undefined)
    const { columns } = file === undefined ? terminal : {}
    const text = format.render(report, { style, ...about, ...(columns !== undefined && { columns }) })
    if (file !== undefined) await saveWhole(file, text)
    else if (isTaken && format.isLog) terminal.err(text)
    else terminal.out(text)
  }
  if (wanted.some(({ format }) => format.name === 'github')) await summarize(report, about, terminal)
}

/** The page of the workflow run in GitHub Actions. That it cannot be written does not spoil the work. */
async function summarize(report: Report, about: About, { env, err }: Terminal): Promise<void> {
  const file = env.GITHUB_STEP_SUMMARY
  const format = formats.find(({ name }) => name === 'markdown')
  if (file === undefined || file === '' || format === undefined) return
  try {
    await appendFile(file, format.render(report, { style: makeStyle(false), ...about }))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    err(`warning The step summary could not be written: ${reason}\n`)
  }
}

function named(file: string, text = ''): Report['document'] {
  return { file, sha256: createHash('sha256').update(text).digest('hex') }
}

function readReporter(text: string): Reporter {
  const [name = '', ...rest] = text.split('=')
  const format = formats.find(candidate => candidate.name === name)
  if (format === undefined)
    throw new Trouble(exitCodes.unusable, `${name} is not a reporter`, `Give one of ${formatNames}.`)
  const file = rest.length === 0 ? undefined : rest.join('=')
  if (file !== '') return { format, file }
  throw new Trouble(exitCodes.unusable, `--reporter ${text} names no file`, `Give it as --reporter ${name}=FILE.`)
}

function reaches(severity: Severity, threshold: Threshold): boolean {
  return severities.indexOf(severity) <= severities.indexOf(threshold) && threshold !== 'never'
}
