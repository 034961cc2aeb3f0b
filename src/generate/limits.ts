import type { Writer } from './place.ts'
import type { Source } from './source.ts'

/** Most that is made of anything, whatever a schema demands. */
export const limits = { items: 1_000, members: 1_000, letters: 100_000 }

/** What nobody wants to be sent is not made, and what asks for it is left out where it may be. */
export function tooMuch(writer: Writer, sources: readonly Source[], wanted: string, most: number): undefined {
  return writer.fail(`${sources[0]?.pointer} asks for at least ${wanted}, and at most ${most} are made`)
}
