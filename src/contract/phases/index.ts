import type { Phase } from '../case.ts'
import { boundaries } from './boundaries.ts'
import { credentials } from './credentials.ts'
import { examples } from './examples.ts'
import { invalid } from './invalid.ts'
import { journeys } from './journeys.ts'
import { protocol } from './protocol.ts'
import { random } from './random.ts'
import { repetition } from './repetition.ts'

/** Every phase, in the order in which they run. */
export const phases = [examples, boundaries, invalid, credentials, protocol, random, repetition, journeys] as const

export type PhaseId = (typeof phases)[number]['id']

/** The same, in the order of what they show for each request, for a run that may not make them all. */
export const phasesByWorth: readonly Phase<PhaseId>[] = [
  ...[examples, credentials, invalid, boundaries],
  ...[protocol, repetition, random, journeys],
]
