import { exitCodes, Trouble } from '../finding/index.ts'

/** The time that delays and retries go by. It runs as time does, and can be moved on. */
export type Clock = {
  /** Milliseconds of the epoch. */
  now(): number
  /** Runs a function after so many milliseconds; what is returned keeps it from running. */
  after(milliseconds: number, run: () => void): () => void
  /** Moves on: whatever falls due on the way runs in its order, and is waited for. */
  advance(duration: string | number): Promise<void>
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/**
 * Milliseconds in a duration such as `500ms`, `30s`, `5m`, `2h` or `3d`; a number is milliseconds.
 *
 * @throws Trouble with exit code 2 for a text that is no duration
 */
export function millisecondsIn(duration: string | number): number {
  const [, count = '', unit = 'ms'] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(String(duration)) ?? []
  const milliseconds = Number(count) * (units[unit] ?? Number.NaN)
  if (count !== '' && Number.isFinite(milliseconds)) return milliseconds
  throw new Trouble(exitCodes.unusable, `${duration} is not a duration`, 'Give it as 500ms, 30s, 5m, 2h or 3d.')
}

type Timer = { readonly due: number; readonly run: () => void }

/** The longest that a timer of node waits, in milliseconds. */
const longest = 2 ** 31 - 1

/**
 * A clock that `stop` keeps from running anything, and sets back to the present.
 *
 * @param settled resolves when nothing that was begun is under way any more
 */
export function makeClock(settled: () => Promise<void>): Clock & { stop(): void } {
  const timers = new Set<Timer>()
  let ahead = 0
  let waking: NodeJS.Timeout | undefined
  const now = (): number => Date.now() + ahead
  const next = (): Timer | undefined => {
    let first: Timer | undefined
    for (const timer of timers) if (first === undefined || timer.due < first.due) first = timer
    return first
  }
  const fire = (timer: Timer): void => {
    timers.delete(timer)
    timer.run()
  }
  const wake = (): void => {
    clearTimeout(waking)
    const first = next()
    if (first === undefined) return
    waking = setTimeout(
      () => {
        for (let due = next(); due !== undefined && due.due <= now(); due = next()) fire(due)
        wake()
      },
      Math.min(longest, Math.max(0, first.due - now())),
    )
    // Waiting for a retry is no reason to stay alive.
    waking.unref()
  }
  return {
    now,
    after: (milliseconds, run) => {
      const timer = { due: now() + milliseconds, run }
      timers.add(timer)
      wake()
      return () => {
        timers.delete(timer)
      }
    },
    advance: async duration => {
      const until = now() + millisecondsIn(duration)
      await settled()
      for (let due = next(); due !== undefined && due.due <= until; due = next()) {
        ahead += Math.max(0, due.due - now())
        fire(due)
        await settled()
      }
      ahead += Math.max(0, until - now())
      wake()
    },
    stop: () => {
      clearTimeout(waking)
      timers.clear()
      ahead = 0
    },
  }
}
