import type { Delivery } from '../events/index.ts'
import type { Style } from '../report/index.ts'
import type { Served } from '../server/index.ts'

/** Lines that are written at once; more in one go than a person reads is only counted. */
const maxLines = 50

/** Milliseconds that lines are collected for: writing each by itself costs more than answering the request. */
const interval = 100

/** A log of requests, and of what the mock sends itself, that keeps up with a load test: lines are gathered, and a flood of them is summed up. */
export function requestLog(options: {
  readonly style: Style
  readonly write: (text: string) => void
  readonly all: boolean
}): {
  served(served: Served): void
  /** Told of a delivery after each attempt. */
  attempted(delivery: Delivery): void
  close(): void
} {
  const { style, write, all } = options
  let waiting: (Served | Delivery)[] = []
  let passed = 0
  let timer: NodeJS.Timeout | undefined
  const flush = (): void => {
    timer = undefined
    const lines = waiting.map(each => ('attempts' in each ? lineOfAttempt(each, style) : line(each, style)))
    if (passed > 0) lines.push(style.dim(`… and ${passed} more (-v logs them all)`))
    waiting = []
    passed = 0
    if (lines.length > 0) write(`${lines.join('\n')}\n`)
  }
  const add = (each: Served | Delivery): void => {
    if (all || waiting.length < maxLines) waiting.push(each)
    else passed += 1
    timer ??= setTimeout(flush, interval).unref()
  }
  return {
    served: add,
    attempted: add,
    close: () => {
      clearTimeout(timer)
      flush()
    },
  }
}

function line({ method, path, status, milliseconds }: Served, style: Style): string {
  const colour = status < 400 ? style.green : style.yellow
  return `${timeOf(milliseconds, style)} ${colour(String(status))} ${method} ${plain(path)}`
}

/** The newest attempt; the arrow tells it from what was asked of the mock. */
function lineOfAttempt({ attempts, event, url, state, nextAt }: Delivery, style: Style): string {
  const { milliseconds = 0, status, reason = '', request } = attempts.at(-1) ?? {}
  const colour = state === 'delivered' ? style.green : style.yellow
  const why = state === 'delivered' ? '' : `: ${reason}${nextAt === undefined ? '' : `; again at ${nextAt}`}`
  const what = `→ ${request?.method ?? ''} ${plain(url)} ${event}`
  return `${timeOf(milliseconds, style)} ${colour(status === undefined ? ' – ' : String(status))} ${what}${plain(why)}`
}

function timeOf(milliseconds: number, style: Style): string {
  return style.dim(`${milliseconds.toFixed(1).padStart(6)} ms`)
}

/** What others send is not to steer the terminal. */
function plain(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 200)
}
