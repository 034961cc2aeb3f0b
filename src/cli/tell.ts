import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import type { Document } from '../document/index.ts'
import { exitCodes, type Severity, Trouble } from '../finding/index.ts'
import { formats, makeStyle, type Report, type ReportFormat } from '../report/index.ts'
import type { Flag, Terminal, Typed } from './command.ts'
import { tool } from './tool.ts'

const severities = ['error', 'warning', 'info', 'never'] as const
export type Threshold = (typeof severities)[number]

const formatNames = formats.map(({ name }) => name).join(', ')

/** Flags of every command that has findings to tell. */
export const reportFlags: Readonly<Record<string, Flag>> = {
  reporter: {
    value: 'NAME[=FILE]',
    many: true,
    help: `how to tell: ${formatNames} (default list); with =FILE into a file`,
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

/** Tells what was found in every format asked for; the number is the exit code. */
export async function tell(
  found: Pick<Report, 'command' | 'findings' | 'summary' | 'target' | 'startedAt' | 'durationMs' | 'skipped'> & {
    readonly document: Document
  },
  threshold: Threshold,
  typed: Typed,
  terminal: Terminal,
): Promise<number> {
  const { document, ...rest } = found
  const { findings } = rest
  const sha256 = createHash('sha256')
    .update(document.textOf(document.file) ?? '')
    .digest('hex')
  const report: Report = { tool, ...rest, document: { file: document.file, sha256 } }
  const wanted = typed.texts('reporter')
  for (const { format, file } of (wanted.length === 0 ? ['list'] : wanted).map(readReporter)) {
    const style = makeStyle(terminal.colours && file === undefined)
    const text = format.render(report, { style, textOf: name => document.textOf(name) })
    if (file === undefined) terminal.out(text)
    else await save(file, text)
  }
  return findings.some(({ severity }) => reaches(severity, threshold)) ? exitCodes.findings : exitCodes.fine
}

function readReporter(text: string): { format: ReportFormat; file: string | undefined } {
  const [name = '', ...rest] = text.split('=')
  const format = formats.find(candidate => candidate.name === name)
  if (format === undefined)
    throw new Trouble(exitCodes.unusable, `${name} is not a reporter`, `Give one of ${formatNames}.`)
  return { format, file: rest.length === 0 ? undefined : rest.join('=') }
}

function reaches(severity: Severity, threshold: Threshold): boolean {
  return severities.indexOf(severity) <= severities.indexOf(threshold) && threshold !== 'never'
}

async function save(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Trouble(exitCodes.environment, `Cannot write ${file}: ${reason}`, 'Name a file in a folder that exists.')
  }
}
