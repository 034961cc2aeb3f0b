import type { Position } from '../finding/index.ts'

/** What became of a sabotage. */
export type Outcome = 'noticed' | 'unnoticed' | 'permitted' | 'unreached'

/** A clause of the document that was broken on purpose, to see whether the check notices. */
export type Sabotage = {
  readonly kind: string
  readonly operation: string
  /** What the implementation did: `answers 201 without name`. */
  readonly says: string
  readonly pointer: string
  readonly position?: Position
  readonly outcome: Outcome
  /** What was said of it first, where it was noticed. */
  readonly by?: { readonly code: string; readonly check?: string; readonly pointer?: string }
}

/** The outcomes as people read them, in the order of a table. */
export const outcomes: readonly (readonly [Outcome, string])[] = [
  ['noticed', 'noticed'],
  ['unnoticed', 'not noticed'],
  ['permitted', 'not forbidden'],
  ['unreached', 'not reached'],
]

export type KindRow = { readonly kind: string; readonly counts: Readonly<Record<Outcome, number>> }

/** How many sabotages of each kind came to which end, in the order in which the kinds came. */
export function kindRows(sabotages: readonly Sabotage[]): KindRow[] {
  const rows = new Map<string, Record<Outcome, number>>()
  for (const { kind, outcome } of sabotages) {
    const counts = rows.get(kind) ?? { noticed: 0, unnoticed: 0, permitted: 0, unreached: 0 }
    counts[outcome] += 1
    rows.set(kind, counts)
  }
  return [...rows].map(([kind, counts]) => ({ kind, counts }))
}

/** `811 of 838 that the document forbids were noticed, 96.8 %`; a share that is not whole is never rounded up to 100. */
export function scoreOf(sabotages: readonly Sabotage[]): string {
  const count = (outcome: Outcome): number => sabotages.filter(each => each.outcome === outcome).length
  const noticed = count('noticed')
  const forbidden = noticed + count('unnoticed')
  const percent = forbidden === 0 ? 100 : Math.floor((noticed / forbidden) * 1000) / 10
  return `${noticed} of ${forbidden} sabotages that the document forbids were noticed, ${percent} %`
}

/** Where the sabotages stand that came to this end, each place once. */
export function placesOf(sabotages: readonly Sabotage[], outcome: Outcome): string[] {
  const places = sabotages.flatMap(({ outcome: its, position }) =>
    its === outcome && position !== undefined ? [`${position.file}:${position.line}:${position.column}`] : [],
  )
  return [...new Set(places)]
}
