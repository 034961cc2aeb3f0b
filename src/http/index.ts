export { acceptedWithin, negotiate } from './accept.ts'
export { acceptedCodings, takeOffCodings, type Uncoded } from './coding.ts'
export { fetchFace, toHttpRequest, toHttpResponse, toResponse } from './fetch.ts'
export { bestMediaType, coverage, isJson, type MediaType, parameterOf, parseMediaType } from './media-type.ts'
export {
  type Exchange,
  type Handler,
  type Headers,
  type HttpRequest,
  type HttpResponse,
  headerOf,
  noBytes,
  withHeader,
  withoutHeader,
} from './message.ts'
export { isReceived } from './methods.ts'
export { redact } from './redact.ts'
export { BrokenOff, NotConnected, type SendOptions, sendTo, TooLate, Unreachable } from './send.ts'
export { sessionField, sessionOf } from './session.ts'
export { decodeUtf8 } from './text.ts'
