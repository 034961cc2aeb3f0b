import { exitCodes, Trouble } from '../finding/index.ts'
import { maxWaiting, maxWaitingBytes } from './store.ts'

/** Work: how much of it, and how many bytes it carries. */
export type Load = { readonly count: number; readonly bytes: number }

const none: Load = { count: 0, bytes: 0 }

/**
 * Refuses more work than may wait.
 *
 * @throws Trouble with exit code 4 when there is no room for what is asked for beside what waits
 */
export function refuseTooMuch(asked: Load, waiting: Load = none): void {
  const alone = excess(asked)
  if (alone !== undefined) {
    const says = `At least ${alone.says} were asked for at once; ${alone.most} is the most`
    throw new Trouble(exitCodes.environment, says, 'Ask for fewer at once, or for smaller ones.')
  }
  const together = excess({ count: waiting.count + asked.count, bytes: waiting.bytes + asked.bytes }, waiting)
  if (together === undefined) return
  const help = 'Wait until the receivers have answered, or clear the deliveries.'
  throw new Trouble(exitCodes.environment, `${together.says} wait already; ${together.most} is the most`, help)
}

/** What there is too much of: what is shown of it, and the most that there may be. */
function excess({ count, bytes }: Load, shown: Load = { count, bytes }): { says: string; most: string } | undefined {
  if (count > maxWaiting) return { says: `${shown.count} deliveries`, most: String(maxWaiting) }
  if (bytes <= maxWaitingBytes) return undefined
  return { says: `${shown.count} deliveries of ${mebibytes(shown.bytes)}`, most: mebibytes(maxWaitingBytes) }
}

function mebibytes(bytes: number): string {
  return `${Math.ceil((bytes / 1024 / 1024) * 10) / 10} MiB`
}
