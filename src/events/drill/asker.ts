import { randomBytes } from 'node:crypto'
import { type Handler, type HttpRequest, Unreachable } from '../../http/index.ts'
import { type Api, callbacksOf, webhooksOf } from '../../model/index.ts'
import { callFor } from '../call.ts'
import { memberThatNames } from '../catalogue.ts'
import { asStated, namesIn, without } from '../fields.ts'
import { payloadFor } from '../payload.ts'
import { checkSecret, profileFor } from '../profile-for.ts'
import { defaultSecret, type Profile } from '../profiles/index.ts'
import { trickle } from './trickle.ts'

export type DrillOptions = {
  readonly profile?: string
  readonly secret?: string
  /** Milliseconds that the receiver has for an answer. */
  readonly timeout: number
}

/** The status of an answer, or why there was none. */
export type Said = number | string

/** An event as it is sent, before it is signed. */
export type Event = { readonly name: string; readonly request: HttpRequest }

/** How an event is signed: by default as it should be, now. */
export type Signing = {
  readonly id?: string
  /** Seconds that the signature is old. */
  readonly age?: number
  readonly secret?: string
  /** What becomes of the fields that sign, and of what was signed. */
  readonly spoil?: (request: HttpRequest, fields: readonly string[]) => HttpRequest
}

/** How to ask a receiver. */
export type Asker = {
  readonly profile: Profile
  /** Set when nobody listens there any more. */
  isGone: boolean
  /** Set when it refuses an event that says the same as another one. */
  refusesSame: boolean
  /** An id of this drill: receivers remember those of an earlier one. */
  id(name: string): string
  /** Events that the receiver has to take, the first with its name replaced if one is given. */
  event(at: number, name?: string): Event | undefined
  send(event: Event, signing?: Signing): Promise<Said>
  trickle(event: Event): Promise<Said>
}

/** @param handler sends to the receiver; rejects with `Unreachable` */
export function makeAsker(
  api: Api,
  url: URL,
  handler: Handler,
  { profile: name, secret = defaultSecret, timeout }: DrillOptions,
): Asker {
  const profile = profileFor(api, name)
  checkSecret(profile, secret)
  const callbacks = [...api.operations.flatMap(operation => callbacksOf(api, operation)), ...webhooksOf(api)]
  const salt = randomBytes(4).toString('hex')
  const idOf = (text: string): string => `msg_drill_${salt}_${text}`
  let count = 0
  const signed = ({ name: event, request }: Event, signing: Signing = {}): HttpRequest => {
    const { age = 0, secret: other = secret, spoil = added } = signing
    count += 1
    const message = { id: signing.id ?? idOf(String(count)), event, body: request.body }
    const fields = profile.sign(message, other, new Date(Date.now() - age * 1_000))
    const bare = { ...request, headers: without(request.headers, namesIn(fields)) }
    return spoil(bare, asStated(fields, request.headers, profile))
  }
  // Where a header field names the event, the body need not.
  const isNamed = profile
    .sign({ id: 'msg', event: 'drill', body: new Uint8Array() }, secret, new Date(0))
    .includes('drill')
  const asker: Asker = {
    profile,
    isGone: false,
    refusesSame: false,
    id: idOf,
    event: (at, eventName) => {
      const callback = callbacks.filter(({ operation }) => operation.requestBody !== undefined)[at]
      if (callback === undefined) return undefined
      const payload = payloadFor(api, callback, { seed: 'drill' })
      if (payload === undefined) return undefined
      const member = eventName === undefined ? undefined : memberThatNames(payload.value)
      if (eventName !== undefined && member === undefined && !isNamed) return undefined
      const value = member === undefined ? payload.value : { ...Object(payload.value), [member]: eventName }
      const { request } = callFor(api, callback, { ...payload, value }, profile, url.href, undefined)
      // A receiver that has a path is asked there, and nowhere below.
      const target = url.pathname === '/' ? `/${url.search}` : url.search
      const headers = eventName === undefined ? request.headers : without(request.headers, profile.stated ?? [])
      return { name: eventName ?? callback.name, request: { ...request, target, headers } }
    },
    send: async (event, signing) => {
      try {
        return (await handler(signed(event, signing))).status
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error
        if (isThere(error)) return error.message
        if (count === 1) throw error
        asker.isGone = true
        return error.message
      }
    },
    trickle: event => trickle(url, signed(event), timeout),
  }
  return asker
}

function added(request: HttpRequest, fields: readonly string[]): HttpRequest {
  return { ...request, headers: [...request.headers, ...fields] }
}

/** Whether somebody took the connection, though no answer came of it. */
function isThere({ cause }: Unreachable): boolean {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return code === undefined || code === 'ECONNRESET' || code === 'EPIPE'
}
