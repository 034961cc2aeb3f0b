import { type Headers, headerOf, redact } from '../http/index.ts'
import type { Call } from './call.ts'
import type { Outcome } from './send.ts'

/** What became of a delivery. */
export type DeliveryState = 'waiting' | 'delivered' | 'failed' | 'blocked_by_policy' | 'ended'

/** One attempt to deliver, as it is told. */
export type Attempt = {
  /** When it began. */
  readonly at: string
  readonly milliseconds: number
  readonly status?: number
  /** Why it counts as it does. */
  readonly reason: string
  readonly request: { readonly method: string; readonly url: string; readonly headers: Headers }
  readonly response?: { readonly headers: Headers; readonly body: string }
}

/** An event on its way to one receiver, as it is told. */
export type Delivery = {
  readonly id: string
  /** The same for everybody who gets the event. */
  readonly eventId: string
  readonly event: string
  readonly subscription?: string
  /** The session that it happened in. */
  readonly session?: string
  readonly url: string
  readonly state: DeliveryState
  readonly attempts: readonly Attempt[]
  /** When the next attempt is due. */
  readonly nextAt?: string
  readonly body: string
}

/** Characters of an answer that are kept. */
const maxShown = 2_000

/** Query parameters that receivers put secrets into, because senders let them choose nothing but an address. */
const secret = /token|secret|passw(?:or)?d|pwd|signature|credential|(?:^|[^a-z0-9]|api|access)(?:key|sig|auth|code)$/i

/** Parameters of a query that stand for a password, as they are written. */
export function secretsIn(target: string): string[] {
  const query = target.slice(target.indexOf('?') + 1)
  return query.split('&').flatMap(pair => {
    const name = pair.split('=')[0] ?? ''
    return secret.test(new URLSearchParams(`${name}=`).keys().next().value ?? '') ? [name] : []
  })
}

/** An address as it may be shown: without what stands for a password. */
export function shownUrl(url: URL): string {
  const whole = `${url.pathname}${url.search}`
  const { target } = redact({ method: '', target: whole, headers: [], body: new Uint8Array() }, secretsIn(whole))
  // Only some schemes have an origin. Source: WHATWG URL, section 4.7.
  return `${url.protocol}//${url.host}${target}`
}

/** A text that should be an address, as it may be shown. */
export function shownAddress(text: string): string {
  const target = text.replace(/^([a-z][a-z0-9+.-]*:[\\/]*)[^/?#]*@/i, '$1***@')
  return redact({ method: '', target, headers: [], body: new Uint8Array() }, secretsIn(target)).target
}

/** An attempt in words, without secrets. */
export function attemptOf({ url, request }: Call, outcome: Outcome, at: number, milliseconds: number): Attempt {
  const { headers } = redact({ ...request, target: '' })
  const told = {
    at: new Date(at).toISOString(),
    milliseconds: Math.round(milliseconds * 10) / 10,
    reason: reasonOf(outcome),
    request: { method: request.method, url: shownUrl(url), headers },
  }
  if (outcome.kind !== 'answered') return told
  const { response } = outcome
  const hide = hiding(url, request.headers)
  // What is cut off must not be a part of a secret.
  const text = hide(Buffer.from(response.body).toString('utf8')).slice(0, maxShown)
  const shown = redact({ method: '', target: '', headers: response.headers, body: response.body })
  return { ...told, status: response.status, response: { headers: shown.headers.map(hide), body: text } }
}

/** Hides what a receiver repeats of the secrets that were in its address, as those do that show what they got. */
function hiding({ searchParams }: URL, headers: Headers): (text: string) => string {
  const [, basic = ''] = /^Basic (.+)$/.exec(headerOf(headers, 'authorization') ?? '') ?? []
  const [, password = ''] = /^[^:]*:(.*)$/s.exec(Buffer.from(basic, 'base64').toString()) ?? []
  const inQuery = [...searchParams].flatMap(([name, value]) => (secret.test(name) ? [value] : []))
  const hidden = [basic, password, ...inQuery].flatMap(text => [text, encodeURIComponent(text)])
  // A shorter one would be found in any text.
  const long = [...new Set(hidden)].filter(({ length }) => length >= 4)
  return text => long.reduce((shown, hidden) => shown.replaceAll(hidden, '$$TOKEN'), text)
}

function reasonOf(outcome: Outcome): string {
  if (outcome.kind !== 'answered') return outcome.says
  const { status } = outcome.response
  if (isSuccess(outcome)) return `answered ${status}`
  return status >= 300 && status <= 399
    ? `answered ${status}; redirects are not followed`
    : `answered ${status}, which is no success`
}

/** Only what is answered with 2xx has arrived. */
export function isSuccess(outcome: Outcome): boolean {
  return outcome.kind === 'answered' && outcome.response.status >= 200 && outcome.response.status <= 299
}
