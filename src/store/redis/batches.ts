/** Jobs that are written or read with one command. */
export const batch = 500

/** Bytes that they carry, so that Redis has time for others in between. */
const batchBytes = 2 * 1024 * 1024

/** Where each batch of jobs of such sizes begins and ends. */
export function batchesOf(sizes: readonly number[]): (readonly [from: number, to: number])[] {
  const batches: [number, number][] = []
  let bytes = 0
  for (const [at, size] of sizes.entries()) {
    const last = batches.at(-1)
    if (last === undefined || at - last[0] === batch || bytes + size > batchBytes) {
      batches.push([at, at + 1])
      bytes = size
    } else {
      last[1] = at + 1
      bytes += size
    }
  }
  return batches
}
