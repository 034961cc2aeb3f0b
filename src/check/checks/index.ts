import { bodyMatches } from './body-matches.ts'
import { bodyReadable } from './body-readable.ts'
import { contentTypeDocumented } from './content-type-documented.ts'
import { headersMatch } from './headers-match.ts'
import { relationsHold } from './relations-hold.ts'
import { statusDocumented } from './status-documented.ts'

/** Every check, in the order in which their findings are told. */
export const checks = [
  statusDocumented,
  contentTypeDocumented,
  bodyReadable,
  bodyMatches,
  headersMatch,
  relationsHold,
] as const

export type CheckId = (typeof checks)[number]['id']
