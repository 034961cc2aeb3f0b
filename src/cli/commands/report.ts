import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { exitCodes, Trouble } from '../../finding/index.ts'
import { mergeReports, NotMergeable, type Report } from '../../report/index.ts'
import type { Command } from '../command.ts'
import { failOn, reportFlags, tellReport } from '../tell.ts'

export const report: Command = {
  summary: 'Makes one report of those of the parts of a run.',
  description: [
    'Takes the JSON reports of `contrato check --shard`, one of each part, and tells them as one, in any format. Reports of',
    'other documents, seeds or targets are refused; a part that is missing is told as skipped.',
  ].join('\n'),
  positionals: 'merge FILE...',
  maxPositionals: Number.POSITIVE_INFINITY,
  flags: reportFlags,
  examples: [
    'contrato report merge part-1.json part-2.json',
    'contrato report merge part-*.json --reporter list --reporter junit=contract.xml',
  ],
  run: async (typed, terminal) => {
    const threshold = failOn(typed)
    const [verb, ...files] = typed.positionals
    if (verb !== 'merge') {
      const message =
        verb === undefined ? 'contrato report has nothing to do' : `${verb} is nothing that contrato report does`
      throw new Trouble(exitCodes.unusable, message, 'Give contrato report merge FILE...')
    }
    if (files.length === 0)
      throw new Trouble(
        exitCodes.unusable,
        'No report is named',
        'Give the JSON reports: contrato report merge a.json b.json',
      )
    const named = await Promise.all(files.map(async file => [file, await reportIn(file)] as const))
    const merged = merge(named)
    return await tellReport(merged, { textOf: await textsOf(merged) }, threshold, typed, terminal)
  },
}

function merge(named: readonly (readonly [string, Report])[]): Report {
  try {
    return mergeReports(named)
  } catch (error) {
    if (!(error instanceof NotMergeable)) throw error
    const help = 'Merge the reports of one run, of each part one.'
    throw new Trouble(exitCodes.unusable, `The reports are not of one run: ${error.message}`, help)
  }
}

async function reportIn(file: string): Promise<Report> {
  const help = 'Write it with --reporter json=FILE.'
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Trouble(exitCodes.unusable, `Cannot read ${file}: ${reason}`, help)
  }
  try {
    const value: unknown = JSON.parse(text)
    if (isReport(value)) return value
  } catch {
    // What is no JSON is no report either.
  }
  throw new Trouble(exitCodes.unusable, `${file} is not a JSON report of contrato`, help)
}

function isReport(value: unknown): value is Report {
  const { tool, command, document, findings, summary } = Object(value) as Partial<Record<keyof Report, unknown>>
  const texts = [
    (Object(tool) as { version?: unknown }).version,
    command,
    (Object(document) as { file?: unknown }).file,
  ]
  const isRight =
    texts.every(text => typeof text === 'string') && typeof summary === 'object' && Array.isArray(findings)
  return (
    isRight &&
    findings.every(finding => typeof Object(finding).message === 'string' && typeof Object(finding).code === 'string')
  )
}

/** The files that findings point into, for code frames; of another version of the document nothing is shown. */
async function textsOf({ document, findings }: Report): Promise<(file: string) => string | undefined> {
  const entry = await textOf(document.file)
  if (entry === undefined || createHash('sha256').update(entry).digest('hex') !== document.sha256)
    return () => undefined
  const files = new Set(findings.flatMap(({ position }) => position?.file ?? []))
  const texts = new Map(await Promise.all([...files].map(async file => [file, await textOf(file)] as const)))
  return file => texts.get(file)
}

async function textOf(file: string): Promise<string | undefined> {
  return await readFile(file, 'utf8').catch(() => undefined)
}
