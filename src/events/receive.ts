import type { Finding } from '../finding/index.ts'
import { type HttpRequest, headerOf, takeOffCodings } from '../http/index.ts'
import { type Api, callbacksOf, decodeBody, webhooksOf } from '../model/index.ts'
import { eventsNamed, type Known, knownAs, nameIn } from './catalogue.ts'
import { checkSecret, profileFor } from './profile-for.ts'
import { defaultSecret, type Profile } from './profiles/index.ts'

/** What came in, and what is wrong with it. */
export type Received = {
  /** The event as the document calls it; `undefined` when the document does not know it. */
  readonly event: string | undefined
  /** The status that the document names for having received it. */
  readonly status: number
  readonly findings: readonly Finding[]
}

export type ReceiverOptions = {
  /** How it is delivered; by default as the document says. */
  readonly profile?: string
  readonly secret?: string
}

/** Bytes that a body may have when its codings are taken off. */
const maxDecoded = 64 * 1024 * 1024

/** Header fields in which senders say what happened. */
const naming = ['x-github-event', 'x-event-type', 'x-event', 'x-webhook-event', 'ce-type']

/** Holds events that arrive against a document. */
export class Receiver {
  readonly #api: Api
  readonly #known: readonly Known[]
  readonly #profile: Profile
  readonly #secret: string

  /** @throws Trouble with exit code 2 for a profile that is none, and a secret that it cannot use */
  constructor(api: Api, { profile, secret = defaultSecret }: ReceiverOptions = {}) {
    this.#api = api
    this.#known = knownAs([...api.operations.flatMap(operation => callbacksOf(api, operation)), ...webhooksOf(api)])
    this.#profile = profileFor(api, profile)
    this.#secret = secret
    checkSecret(this.#profile, secret)
  }

  /** How many events the document describes. */
  get count(): number {
    return this.#known.length
  }

  receive(request: HttpRequest): Received {
    const name = saidName(request)
    const named = name === undefined ? [] : eventsNamed(this.#known, name)
    const judged = (named.length > 0 ? named : this.#known).map(known => ({ known, wrongs: wrongsOf(known, request) }))
    const best = [...judged].sort((a, b) => a.wrongs.length - b.wrongs.length)[0]
    const isKnown = best !== undefined && (named.length > 0 || best.wrongs.length === 0 || this.#known.length === 1)
    // What was not read whole cannot be verified.
    const signature =
      request.bodyLimit === undefined
        ? this.#profile.verify(request.headers, request.body, this.#secret, new Date())
        : undefined
    const unsigned = signature === undefined ? [] : [this.#unsigned(signature)]
    if (!isKnown) {
      const shared = (judged[0]?.wrongs ?? []).filter(({ reason }) =>
        judged.every(({ wrongs }) => wrongs.some(other => other.reason === reason)),
      )
      return { event: undefined, status: 200, findings: [this.#unknown(name, shared), ...unsigned] }
    }
    const { operation, name: event } = best.known.callback
    const status = operation.responses.map(each => Number(each.status)).find(each => each >= 200 && each <= 299)
    const findings = best.wrongs.map(
      ({ reason, pointer }): Finding => ({
        code: 'event-invalid',
        severity: 'error',
        operation: operation.part.text('operationId') ?? event,
        message: `${event}: ${reason}`,
        help: 'Send what the document says, or correct the document.',
        ...(pointer !== undefined && { pointer, position: this.#api.document.locate(pointer) }),
      }),
    )
    return { event, status: status ?? 200, findings: [...findings, ...unsigned] }
  }

  /** @param shared what is wrong with it, whichever event it was meant to be */
  #unknown(name: string | undefined, shared: readonly Wrong[]): Finding {
    const all = `the ${this.#known.length} events of ${this.#api.title}`
    const why = [...new Set(shared.map(({ reason }) => reason))].join('; ')
    const said =
      name === undefined
        ? `does not say what happened, and fits none of ${all}${why === '' ? '' : `: ${why}`}`
        : `is called ${name}, which is none of ${all}`
    return {
      code: 'event-unknown',
      severity: 'error',
      message: `An event ${said}`,
      help: 'Describe it under `callbacks` or `webhooks`, or ask the sender what it is.',
    }
  }

  #unsigned(says: string): Finding {
    return {
      code: 'event-unsigned',
      severity: 'error',
      message: `The signature of an event is not good: ${says}`,
      help: 'Compare the secrets (--secret), the way of delivery (--delivery) and the clocks of both sides.',
    }
  }
}

/** What is wrong with an event. */
type Wrong = { readonly reason: string; readonly pointer: string | undefined }

function wrongsOf({ callback: { operation } }: Known, request: HttpRequest): Wrong[] {
  const { method, pointer } = operation
  const wrongs: Wrong[] = []
  if (request.method !== method) wrongs.push({ reason: `came as ${request.method} instead of ${method}`, pointer })
  wrongs.push(...operation.read(request, {}, { credentials: false }).faults)
  return wrongs
}

/** What the sender says that happened: in a header field, else in the body, whatever its Content-Type claims. */
function saidName(request: HttpRequest): string | undefined {
  const inField = naming.map(name => headerOf(request.headers, name)).find(value => value !== undefined)
  if (inField !== undefined) return inField
  const uncoded = takeOffCodings(headerOf(request.headers, 'content-encoding') ?? '', request.body, maxDecoded)
  if (uncoded.kind !== 'bytes') return undefined
  for (const type of [headerOf(request.headers, 'content-type') ?? 'application/json', 'application/json']) {
    const decoded = decodeBody(type, uncoded.bytes)
    const name = decoded.kind === 'value' ? nameIn(decoded.value) : undefined
    if (name !== undefined) return name
  }
  return undefined
}
