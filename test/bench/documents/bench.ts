/** `npm run bench:documents`: what the mock makes of real documents, judged by another validator, with Prism beside it. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createMock } from '../../../src/index.ts'
import { readIndependently } from './judge.mjs'
import { type ProgramId, serveInTurn, successes } from './served.ts'
import { type Outcome, sweep } from './sweep.ts'
import { type Row, report } from './table.ts'

const help = `Asks the mock for every documented JSON body of real documents, and starts it and Prism with each of them.

  npm run bench:documents -- [options]

  --only LIST    file names (all)
  --skip LIST    file names
  --dynamic      generated bodies only
  --starts N     how often the mock and Prism are started with each document; medians are shown (3)
  --no-prism     starts the mock only
  --json FILE    also write the rows there
  --help

The documents are the YAML and JSON files of the folder that CONTRATO_DOCUMENTS names, by default ../shared/documents.
Prism takes some minutes. A usage error exits 2.
`

type Options = { readonly dynamic: boolean; readonly starts: number; readonly programs: readonly ProgramId[] }

/** Longest that one document may take, in milliseconds. */
const patience = 900_000

/** Everything of one document. */
async function measure(file: string, { dynamic, starts, programs }: Options): Promise<Row> {
  const notices: string[] = []
  await using mock = await createMock(file, { dynamic, onNotice: notice => notices.push(notice) })
  const reading = await readIndependently(file)
  const outcomes: Outcome[] = []
  for await (const outcome of sweep(mock.api, reading, mock.handler)) outcomes.push(outcome)
  const wrong = outcomes.filter(({ kind }) => kind !== 'valid')
  const named = notices.filter(notice => notice.includes('no value fits the schema'))
  return {
    document: path.basename(file),
    operations: reading.operations,
    answers: outcomes.length,
    valid: outcomes.length - wrong.length,
    serverErrors: wrong.filter(({ kind }) => kind === 'server-error').length,
    wrong: [
      ...wrong.map(({ promised: { method, path: at, status }, says }) => `${method} ${at} ${status}: ${says}`),
      ...named,
    ],
    successes: successes(reading).length,
    served: await serveInTurn(file, programs, starts, mock.api, reading),
  }
}

/** Each document in a process of its own: memory and compiled schemas of one are no burden to the next. */
function measureAll(files: readonly string[], passed: readonly string[]): Row[] {
  return files.flatMap(file => {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${path.basename(file)}`)
    const args = [fileURLToPath(import.meta.url), '--document', file, ...passed]
    try {
      return [JSON.parse(execFileSync(process.execPath, args, { timeout: patience, encoding: 'utf8', maxBuffer: 1e9 }))]
    } catch (error) {
      const reason = error instanceof Error ? error.message.split('\n')[0] : error
      process.stderr.write(`${path.basename(file)}: not measured: ${reason}\n`)
      return []
    } finally {
      if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
    }
  })
}

/** The documents that are there and asked for. */
function documents(only: string | undefined, skip: string | undefined): string[] {
  const folder = process.env.CONTRATO_DOCUMENTS ?? path.join('..', 'shared', 'documents')
  if (!existsSync(folder)) {
    process.stderr.write(`${folder} is not there; set CONTRATO_DOCUMENTS to a folder with OpenAPI documents.\n`)
    return []
  }
  const files = readdirSync(folder).filter(name => /\.(ya?ml|json)$/.test(name))
  const isNamed = (list: string | undefined, file: string): boolean =>
    list?.split(',').some(name => name === file || name === path.parse(file).name) === true
  const chosen = files.filter(name => (only === undefined || isNamed(only, name)) && !isNamed(skip, name))
  if (chosen.length === 0) process.stderr.write(`There is nothing to measure; ${folder} holds ${files.join(', ')}.\n`)
  return chosen.map(name => path.join(folder, name))
}

function readArguments(args: string[]) {
  const { values } = parseArgs({
    args,
    allowNegative: true,
    options: {
      only: { type: 'string' },
      skip: { type: 'string' },
      json: { type: 'string' },
      document: { type: 'string' },
      starts: { type: 'string', default: '3' },
      prism: { type: 'boolean', default: true },
      dynamic: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (!/^\d{1,2}$/.test(values.starts))
    throw new Error(`--starts takes a whole number below 100, not '${values.starts}'`)
  return { ...values, starts: Number(values.starts) }
}

async function main(): Promise<number> {
  let given: ReturnType<typeof readArguments>
  try {
    given = readArguments(process.argv.slice(2))
  } catch (error) {
    process.stderr.write(`bench: ${error instanceof Error ? error.message : error}\n\n${help}`)
    return 2
  }
  const { only, skip, json, document, starts, prism, dynamic } = given
  if (given.help) process.stdout.write(help)
  else if (document !== undefined) {
    const programs: ProgramId[] = starts === 0 ? [] : prism ? ['ours', 'prism'] : ['ours']
    process.stdout.write(JSON.stringify(await measure(document, { dynamic, starts, programs })))
  } else {
    const passed = ['--starts', `${starts}`, ...(prism ? [] : ['--no-prism']), ...(dynamic ? ['--dynamic'] : [])]
    const rows = measureAll(documents(only, skip), passed)
    if (rows.length === 0) return 1
    process.stdout.write(`${report(rows)}\n`)
    if (json !== undefined) writeFileSync(json, `${JSON.stringify(rows, null, 2)}\n`)
  }
  return 0
}

process.exitCode = await main()
