/** `npm run bench:documents`: every documented JSON body of real documents, judged by another validator. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createMock } from '../../../src/index.ts'
import { readIndependently } from './judge.mjs'
import { type Outcome, sweep } from './sweep.ts'

const help = `Asks the mock for every documented JSON body of real documents.

  npm run bench:documents -- [options]

  --only LIST    file names (all of CONTRATO_DOCUMENTS, by default ../shared/documents)
  --skip LIST    file names
  --dynamic      generated bodies only
  --json FILE    also write the rows there
`

type Row = {
  readonly document: string
  readonly operations: number
  readonly answers: number
  readonly valid: number
  readonly serverErrors: number
  readonly startMs: number
  readonly megabytes: number
  /** What was not valid, and why. */
  readonly wrong: readonly string[]
}

/** Longest that one document may take, in milliseconds. */
const patience = 300_000

async function measure(file: string, dynamic: boolean): Promise<Row> {
  const notices: string[] = []
  await using mock = await createMock(file, { dynamic, onNotice: notice => notices.push(notice) })
  const [first] = mock.api.operations
  await mock.handler({
    method: first?.method ?? 'GET',
    target: first?.path ?? '/',
    headers: [],
    body: new Uint8Array(0),
  })
  const startMs = performance.now()
  const megabytes = process.memoryUsage().rss / 1e6
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
    startMs,
    megabytes,
    wrong: [
      ...wrong.map(({ promised: { method, path: at, status }, says }) => `${method} ${at} ${status}: ${says}`),
      ...named,
    ],
  }
}

function measureAll({ only, skip, dynamic }: { only?: string; skip?: string; dynamic?: boolean }): Row[] {
  const folder = process.env.CONTRATO_DOCUMENTS ?? path.join('..', 'shared', 'documents')
  const listed = (text: string | undefined): string[] => text?.split(',').filter(Boolean) ?? []
  if (!existsSync(folder)) {
    process.stderr.write(`${folder} is not there; set CONTRATO_DOCUMENTS to a folder with OpenAPI documents.\n`)
    return []
  }
  const files = readdirSync(folder).filter(name => /\.(ya?ml|json)$/.test(name))
  const isNamed = (list: string | undefined, file: string): boolean =>
    listed(list).some(name => name === file || name === path.parse(file).name)
  const chosen = files.filter(name => (only === undefined || isNamed(only, name)) && !isNamed(skip, name))
  if (chosen.length === 0) process.stderr.write(`There is nothing to measure; ${folder} holds ${files.join(', ')}.\n`)
  return chosen.flatMap(name => {
    const args = [
      fileURLToPath(import.meta.url),
      '--document',
      path.join(folder, name),
      ...(dynamic ? ['--dynamic'] : []),
    ]
    try {
      // Each in a process of its own: start and memory are those of one document.
      return [JSON.parse(execFileSync(process.execPath, args, { timeout: patience, encoding: 'utf8', maxBuffer: 1e9 }))]
    } catch (error) {
      process.stderr.write(`${name}: not measured: ${error instanceof Error ? error.message.split('\n')[0] : error}\n`)
      return []
    }
  })
}

function table(rows: readonly Row[]): string {
  const lines = [
    ['document', 'operations', 'answers', 'valid', '5xx', 'start ms', 'MB'],
    ...rows.map(row => [
      row.document,
      ...[
        row.operations,
        row.answers,
        row.valid,
        row.serverErrors,
        Math.round(row.startMs),
        Math.round(row.megabytes),
      ].map(String),
    ]),
  ]
  const body = lines.map(([name = '', ...cells]) => name.padEnd(22) + cells.map(cell => cell.padStart(12)).join(''))
  return [...body, ...rows.flatMap(({ document, wrong }) => wrong.map(line => `  ${document}: ${line}`))].join('\n')
}

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    skip: { type: 'string' },
    json: { type: 'string' },
    document: { type: 'string' },
    dynamic: { type: 'boolean', default: false },
    help: { type: 'boolean' },
  },
})
if (values.help) process.stdout.write(help)
else if (values.document !== undefined)
  process.stdout.write(JSON.stringify(await measure(values.document, values.dynamic)))
else {
  const rows = measureAll(values as { only?: string; skip?: string; dynamic?: boolean })
  process.stdout.write(`${table(rows)}\n`)
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`)
}
