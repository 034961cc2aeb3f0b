import { allowLost } from './kinds/allow-lost.ts'
import { answerStale } from './kinds/answer-stale.ts'
import { bodyAccepted } from './kinds/body-accepted.ts'
import { bodyLost } from './kinds/body-lost.ts'
import { bodyWrapped } from './kinds/body-wrapped.ts'
import { boundsBroken } from './kinds/bounds-broken.ts'
import { bytesGarbled } from './kinds/bytes-garbled.ts'
import { bytesTruncated } from './kinds/bytes-truncated.ts'
import { connectionCut } from './kinds/connection-cut.ts'
import { credentialsIgnored } from './kinds/credentials-ignored.ts'
import { credentialsLate } from './kinds/credentials-late.ts'
import { enumLeft } from './kinds/enum-left.ts'
import { errorReshaped } from './kinds/error-reshaped.ts'
import { faultIntermittent } from './kinds/fault-intermittent.ts'
import { formAccepted } from './kinds/form-accepted.ts'
import { formatBroken } from './kinds/format-broken.ts'
import { framingBroken } from './kinds/framing-broken.ts'
import { headerBroken } from './kinds/header-broken.ts'
import { headerLost } from './kinds/header-lost.ts'
import { insideLeaked } from './kinds/inside-leaked.ts'
import { instantsSwapped } from './kinds/instants-swapped.ts'
import { lengthBroken } from './kinds/length-broken.ts'
import { markAdded } from './kinds/mark-added.ts'
import { mediaTypeChanged } from './kinds/media-type-changed.ts'
import { mediaTypeLost } from './kinds/media-type-lost.ts'
import { memberAdded } from './kinds/member-added.ts'
import { memberDropped } from './kinds/member-dropped.ts'
import { nameDoubled } from './kinds/name-doubled.ts'
import { nullSent } from './kinds/null-sent.ts'
import { parameterAccepted } from './kinds/parameter-accepted.ts'
import { partHeaderAccepted } from './kinds/part-header-accepted.ts'
import { patternBroken } from './kinds/pattern-broken.ts'
import { relationUnequal } from './kinds/relation-unequal.ts'
import { serverFailed } from './kinds/server-failed.ts'
import { sizeBroken } from './kinds/size-broken.ts'
import { statusChanged } from './kinds/status-changed.ts'
import { successRefused } from './kinds/success-refused.ts'
import { typeChanged } from './kinds/type-changed.ts'
import { unreadableAccepted } from './kinds/unreadable-accepted.ts'
import { valueRepeated } from './kinds/value-repeated.ts'

export type { Kind, Passing, Plan, Spoil } from './sabotage.ts'

/** Every kind of sabotage, in the order in which they are told. */
export const kinds = [
  memberDropped,
  memberAdded,
  typeChanged,
  nullSent,
  enumLeft,
  formatBroken,
  patternBroken,
  boundsBroken,
  lengthBroken,
  sizeBroken,
  bodyWrapped,
  bodyLost,
  bytesTruncated,
  bytesGarbled,
  markAdded,
  nameDoubled,
  framingBroken,
  connectionCut,
  mediaTypeChanged,
  mediaTypeLost,
  headerLost,
  headerBroken,
  statusChanged,
  serverFailed,
  successRefused,
  errorReshaped,
  insideLeaked,
  allowLost,
  relationUnequal,
  valueRepeated,
  instantsSwapped,
  answerStale,
  faultIntermittent,
  credentialsIgnored,
  credentialsLate,
  bodyAccepted,
  formAccepted,
  partHeaderAccepted,
  unreadableAccepted,
  parameterAccepted,
] as const

export type KindId = (typeof kinds)[number]['id']
