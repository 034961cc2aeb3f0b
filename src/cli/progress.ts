import type { Terminal } from './command.ts'

/** Milliseconds between two states that are shown; more often nobody can read. */
const pause = 100

/** One line on standard error that is written over and over while something takes its time. */
export type Progress = {
  readonly show: (text: string) => void
  /** Takes the line away, so that what comes next stands in its place. */
  readonly end: () => void
}

const silent: Progress = { show: () => undefined, end: () => undefined }

/**
 * Shows where a command is while it works. Where standard error is no terminal, in CI for example, nothing is shown: a log
 * that is read later needs no progress.
 */
export function progressOn({ err, columns }: Terminal): Progress {
  if (columns === undefined) return silent
  let last = 0
  let isShown = false
  return {
    show: text => {
      const now = Date.now()
      if (now - last < pause) return
      last = now
      isShown = true
      err(`\r\u001b[2K${text.slice(0, columns - 1)}`)
    },
    end: () => {
      if (isShown) err('\r\u001b[2K')
      isShown = false
    },
  }
}
