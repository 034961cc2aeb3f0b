import { readFile } from 'node:fs/promises'
import { exitCodes, Trouble } from '../finding/index.ts'
import type { LastRun } from './last-run.ts'

/** What a finding of a report says of the cases that showed it. */
type Shown = { readonly caseId?: unknown; readonly otherCases?: unknown }

/**
 * The cases that had findings in a report of `--reporter json`, be it of another machine or of several parts.
 *
 * @throws Trouble with exit code 2 for a file that is no such report
 */
export async function failedIn(file: string): Promise<LastRun> {
  const help = 'Give the file of --reporter json=FILE, from a run of check or prove.'
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new Trouble(exitCodes.unusable, `--failed-in ${file} cannot be read: ${error.message}`, help)
  })
  const report = parsed(text)
  const { startedAt, seed, findings } = Object(report) as Readonly<Record<string, unknown>>
  if (typeof startedAt !== 'string' || !Array.isArray(findings) || typeof seed !== 'number')
    throw new Trouble(exitCodes.unusable, `${file} is not the report of a run`, help)
  const cases = findings.flatMap(finding => {
    const { caseId, otherCases } = Object(finding) as Shown
    return [caseId, ...(Array.isArray(otherCases) ? otherCases : [])].filter(id => typeof id === 'string')
  })
  return { at: startedAt, seed, cases: [...new Set(cases)] }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
