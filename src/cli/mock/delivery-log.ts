import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs'
import type { Delivery } from '../../events/index.ts'
import { exitCodes, Trouble } from '../../finding/index.ts'
import { reasonOf } from '../save.ts'

/** Keeps every attempt to deliver in a file. */
export type DeliveryLog = {
  /** Told of a delivery after each attempt. */
  attempted(delivery: Delivery): void
  close(): void
}

/**
 * Appends a line of JSON for each attempt, which is in the file when this returns: whoever kills the mock loses nothing.
 *
 * @param onNotice told once of a file that takes no more, and once when it does again
 * @throws Trouble with exit code 4 when the file cannot be written
 */
export function openDeliveryLog(file: string, onNotice: (text: string) => void): DeliveryLog {
  const fd = opened(file)
  let isTorn = endsInLine(fd)
  let isFailing = false
  return {
    attempted: delivery => {
      const line = Buffer.from(`${isTorn ? '\n' : ''}${lineOf(delivery)}\n`)
      try {
        const written = writeSync(fd, line)
        isTorn = written < line.length
        if (isTorn) throw Object.assign(new Error('it was not written whole'), { code: 'ENOSPC' })
        if (isFailing) onNotice(`${file} takes deliveries again`)
        isFailing = false
      } catch (error) {
        if (!isFailing) onNotice(`Deliveries are missing in ${file}: ${reasonOf(error)}`)
        isFailing = true
      }
    },
    close: () => closeSync(fd),
  }
}

function opened(file: string): number {
  try {
    return openSync(file, 'a+')
  } catch (error) {
    const help = 'Name a file in a folder that exists: --deliveries deliveries.jsonl'
    throw new Trouble(exitCodes.environment, `Cannot write ${file}: ${reasonOf(error)}`, help)
  }
}

/** Whether the file ends in the middle of a line, as when a mock was killed or the disk was full. */
function endsInLine(fd: number): boolean {
  const stat = fstatSync(fd)
  if (!stat.isFile() || stat.size === 0) return false
  const last = Buffer.alloc(1)
  readSync(fd, last, 0, 1, stat.size - 1)
  return last.toString() !== '\n'
}

/** The newest attempt, with what is known of its delivery. */
function lineOf({ attempts, body, id, ...delivery }: Delivery): string {
  const attempt = attempts.at(-1)
  return JSON.stringify({
    delivery: id,
    ...delivery,
    attempt: attempts.length,
    ...attempt,
    ...(attempt && { request: { ...attempt.request, body } }),
  })
}
