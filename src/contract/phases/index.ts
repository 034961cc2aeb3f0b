import { credentials } from './credentials.ts'
import { examples } from './examples.ts'
import { invalid } from './invalid.ts'
import { protocol } from './protocol.ts'

/** Every phase, in the order in which they run. */
export const phases = [examples, invalid, credentials, protocol] as const

export type PhaseId = (typeof phases)[number]['id']
