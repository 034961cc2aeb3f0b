/** What a run over real documents has found, as text. */
import type { ProgramId, Served } from './served.ts'

export type Row = {
  readonly document: string
  readonly operations: number
  readonly answers: number
  readonly valid: number
  readonly serverErrors: number
  /** What was not valid, and why. */
  readonly wrong: readonly string[]
  /** Operations with a JSON answer of success. */
  readonly successes: number
  /** Of each program that was started: what it did, or why it could not be measured. */
  readonly served: Readonly<Partial<Record<ProgramId, Served | string>>>
}

export type Goal = {
  readonly document: string
  readonly title: string
  readonly bound: 'at least' | 'at most'
  readonly limit: number
  readonly reached: number
}

/** Share of the documented JSON bodies, over all documents, that have to be valid. */
const enough = 0.995

/** Seconds to the first answer, whatever the document; of the processor, because a machine may be busy with other things. */
const soon = 3

/** Everything the rows tell, with the goals at the end. */
export function report(rows: readonly Row[]): string {
  const blocks = [bodies(rows), ...(rows.some(({ served }) => 'ours' in served) ? [programs(rows)] : []), goals(rows)]
  const wrong = rows.flatMap(row => row.wrong.map(line => `  ${row.document}: ${line}`))
  return [...blocks, ...(wrong.length > 0 ? [wrong.join('\n')] : [])].join('\n\n')
}

function bodies(rows: readonly Row[]): string {
  const lines = rows.map(row => [
    row.document,
    ...[row.operations, row.answers, row.valid, row.serverErrors].map(String),
  ])
  return aligned([['every documented JSON body', 'operations', 'answers', 'valid', '5xx'], ...lines])
}

function programs(rows: readonly Row[]): string {
  const lines = rows.flatMap(row =>
    Object.entries(row.served).map(([id, served]) => {
      const name = `${row.document}, ${id === 'ours' ? 'contrato' : 'Prism'}`
      if (typeof served === 'string') return [name, `   not measured: ${served}`]
      const { startSeconds, cpuSeconds, answeredBytes, idleBytes, asked, valid } = served
      const isAll = asked === row.successes
      return [
        name,
        ...[startSeconds * 1000, cpuSeconds * 1000, answeredBytes / 1e6, idleBytes / 1e6].map(value =>
          String(Math.round(value)),
        ),
        `   ${valid} of ${asked}${isAll ? '' : `, in the time for ${row.successes}`}`,
      ]
    }),
  )
  return aligned([['started by a user', 'answer ms', 'CPU ms', 'MB then', 'MB idle', '   valid 2xx'], ...lines])
}

function goals(rows: readonly Row[]): string {
  const lines = goalsOf(rows).map(({ document, title, bound, limit, reached }) => [
    `${document}: ${title}`,
    `${bound} ${limit.toFixed(3)}`,
    reached.toFixed(3),
    (bound === 'at least' ? reached >= limit : reached <= limit) ? 'met' : 'missed',
  ])
  return aligned([['contrato', 'goal', 'reached', ''], ...lines], 52, 18)
}

/** The goals that these rows can speak about. */
export function goalsOf(rows: readonly Row[]): Goal[] {
  const sum = (figure: 'answers' | 'valid'): number => rows.reduce((all, row) => all + row[figure], 0)
  const share: Goal = {
    document: 'all',
    title: 'valid, of all bodies',
    bound: 'at least',
    limit: enough,
    reached: sum('valid') / sum('answers'),
  }
  const served = rows.flatMap(({ document, served: { ours, prism } }): Goal[] => {
    if (ours === undefined || typeof ours === 'string') return []
    const start = { document, title: 'CPU seconds to the first answer', bound: 'at most', limit: soon } as const
    const own: Goal[] = [{ ...start, reached: ours.cpuSeconds }]
    if (prism === undefined || typeof prism === 'string') return own
    const relative = { document, bound: 'at most' } as const
    return [
      ...own,
      {
        ...relative,
        title: 'first answer, to Prism',
        limit: 1 / 3,
        reached: ours.startSeconds / prism.startSeconds,
      },
      { ...relative, title: 'idle memory, to Prism', limit: 1 / 2, reached: ours.idleBytes / prism.idleBytes },
    ]
  })
  return sum('answers') > 0 ? [share, ...served] : served
}

/** The first column flush left, the others flush right. */
function aligned(rows: readonly (readonly string[])[], first = 32, other = 12): string {
  return rows
    .map(([name = '', ...cells]) => (name.padEnd(first) + cells.map(cell => cell.padStart(other)).join('')).trimEnd())
    .join('\n')
}
