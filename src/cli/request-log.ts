import type { Style } from '../report/index.ts'
import type { Served } from '../server/index.ts'

/** Lines that are written at once; more in one go than a person reads is only counted. */
const maxLines = 50

/** Milliseconds that lines are collected for: writing each by itself costs more than answering the request. */
const interval = 100

/** A log of requests that keeps up with a load test: lines are gathered, and a flood of them is summed up. */
export function requestLog(options: {
  readonly style: Style
  readonly write: (text: string) => void
  readonly all: boolean
}): {
  served(served: Served): void
  close(): void
} {
  const { style, write, all } = options
  let waiting: Served[] = []
  let passed = 0
  let timer: NodeJS.Timeout | undefined
  const flush = (): void => {
    timer = undefined
    const lines = waiting.map(served => line(served, style))
    if (passed > 0) lines.push(style.dim(`… and ${passed} more (-v logs them all)`))
    waiting = []
    passed = 0
    if (lines.length > 0) write(`${lines.join('\n')}\n`)
  }
  return {
    served: served => {
      if (all || waiting.length < maxLines) waiting.push(served)
      else passed += 1
      timer ??= setTimeout(flush, interval).unref()
    },
    close: () => {
      clearTimeout(timer)
      flush()
    },
  }
}

function line({ method, path, status, milliseconds }: Served, style: Style): string {
  const colour = status < 400 ? style.green : style.yellow
  // What a client sends is not to steer the terminal.
  const shown = path.replace(/[^\x20-\x7e]/g, '?').slice(0, 200)
  return `${style.dim(`${milliseconds.toFixed(1).padStart(6)} ms`)} ${colour(String(status))} ${method} ${shown}`
}
