import { bodyMatches } from './body-matches.ts'
import { bodyReadable } from './body-readable.ts'
import { contentTypeDocumented } from './content-type-documented.ts'
import { framingSound } from './framing-sound.ts'
import { headersMatch } from './headers-match.ts'
import { namesUnique } from './names-unique.ts'
import { noFailure } from './no-failure.ts'
import { nothingLeaked } from './nothing-leaked.ts'
import { relationsHold } from './relations-hold.ts'
import { statusDocumented } from './status-documented.ts'

/** Every check, in the order in which their findings are told. */
export const checks = [
  statusDocumented,
  noFailure,
  framingSound,
  contentTypeDocumented,
  bodyReadable,
  namesUnique,
  bodyMatches,
  headersMatch,
  relationsHold,
  nothingLeaked,
] as const

export type CheckId = (typeof checks)[number]['id']
