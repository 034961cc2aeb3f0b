import type { Operation } from '../model/index.ts'
import type { Skipped } from './options.ts'
import type { PhaseId } from './phases/index.ts'

/** Operations that are named where many were not asked. */
const maxNamed = 10

/** What was not asked, or not to its end, and the reasons. */
export class LeftOut {
  readonly #skipped: Skipped[] = []
  /** Why operations were not asked for everything, by id. */
  readonly #reasons = new Map<string, string>()
  readonly #cut = new Map<PhaseId, Operation[]>()

  skip(what: string, why: string): void {
    this.#skipped.push({ what, why })
  }

  /** An operation is not asked, or not any more. */
  leave({ id }: Operation, why: string): void {
    this.#reasons.set(id, why)
    this.skip(id, why)
  }

  /** It was never the turn of these. */
  leaveAll(operations: readonly Operation[], why: string): void {
    for (const { id } of operations) this.#reasons.set(id, why)
    if (operations.length > 0) this.skip(named(operations), `${why} before it was their turn`)
  }

  /** A phase was not gone through to its end, because the operation had its share of the requests. */
  cut(phase: PhaseId, operation: Operation): void {
    this.#reasons.set(operation.id, 'its share of the requests that were to be made was used up')
    const before = this.#cut.get(phase) ?? []
    if (!before.includes(operation)) this.#cut.set(phase, [...before, operation])
  }

  reasonFor({ id }: Operation): string | undefined {
    return this.#reasons.get(id)
  }

  /** @param maxRequests what the run was limited to */
  told(maxRequests: number | undefined): readonly Skipped[] {
    const why = `of ${maxRequests} requests each operation had its share, and that was used up`
    const cut = [...this.#cut].map(([phase, operations]) => ({ what: `${phase} of ${named(operations)}`, why }))
    return [...this.#skipped, ...cut]
  }
}

function named(operations: readonly Operation[]): string {
  const names = operations.slice(0, maxNamed).map(({ id }) => id)
  const more = operations.length > maxNamed ? ` and ${operations.length - maxNamed} more` : ''
  return `${names.join(', ')}${more}`
}
