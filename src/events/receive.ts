import type { Finding } from '../finding/index.ts'
import { type HttpRequest, headerOf } from '../http/index.ts'
import { type Api, callbacksOf, decodeBody, webhooksOf } from '../model/index.ts'
import { eventsNamed, type Known, knownAs, nameIn } from './catalogue.ts'
import { profileFor } from './profile-for.ts'
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

/** Header fields in which senders say what happened. */
const naming = ['x-github-event', 'x-event-type', 'x-event', 'x-webhook-event', 'ce-type']

/** Holds events that arrive against a document. */
export class Receiver {
  readonly #api: Api
  readonly #known: readonly Known[]
  readonly #profile: Profile
  readonly #secret: string

  /** @throws Trouble with exit code 2 for a profile that is none */
  constructor(api: Api, { profile, secret = defaultSecret }: ReceiverOptions = {}) {
    this.#api = api
    this.#known = knownAs([...api.operations.flatMap(operation => callbacksOf(api, operation)), ...webhooksOf(api)])
    this.#profile = profileFor(api, profile)
    this.#secret = secret
  }

  /** How many events the document describes. */
  get count(): number {
    return this.#known.length
  }

  receive(request: HttpRequest): Received {
    const name = saidName(request)
    const named = name === undefined ? [] : eventsNamed(this.#known, name)
    const judged = (named.length > 0 ? named : this.#known).map(known => ({
      known,
      findings: this.#judge(known, request),
    }))
    const best = judged.sort((a, b) => a.findings.length - b.findings.length)[0]
    const isKnown = best !== undefined && (named.length > 0 || best.findings.length === 0 || this.#known.length === 1)
    const signature = this.#profile.verify(request.headers, request.body, this.#secret, new Date())
    const unsigned = signature === undefined ? [] : [this.#unsigned(signature)]
    if (!isKnown) return { event: undefined, status: 200, findings: [this.#unknown(name), ...unsigned] }
    const { callback } = best.known
    const status = callback.operation.responses
      .map(each => Number(each.status))
      .find(each => each >= 200 && each <= 299)
    return { event: callback.name, status: status ?? 200, findings: [...best.findings, ...unsigned] }
  }

  #judge({ callback: { name, operation } }: Known, request: HttpRequest): Finding[] {
    const reasons: { readonly reason: string; readonly pointer: string | undefined }[] = []
    if (request.method !== operation.method) {
      reasons.push({ reason: `came as ${request.method} instead of ${operation.method}`, pointer: operation.pointer })
    }
    reasons.push(...operation.read(request, {}, { credentials: false }).faults)
    return reasons.map(({ reason, pointer }) => ({
      code: 'event-invalid',
      severity: 'error',
      operation: operation.id,
      message: `${name}: ${reason}`,
      help: 'Send what the document says, or correct the document.',
      ...(pointer !== undefined && { pointer, position: this.#api.document.locate(pointer) }),
    }))
  }

  #unknown(name: string | undefined): Finding {
    const said = name === undefined ? 'does not say what happened, and fits none' : `is called ${name}, which is none`
    return {
      code: 'event-unknown',
      severity: 'error',
      message: `An event ${said} of the ${this.#known.length} events of ${this.#api.title}`,
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

/** What the sender says that happened: in a header field, else in the body. */
function saidName(request: HttpRequest): string | undefined {
  const inField = naming.map(name => headerOf(request.headers, name)).find(value => value !== undefined)
  if (inField !== undefined) return inField
  const decoded = decodeBody(headerOf(request.headers, 'content-type') ?? 'application/json', request.body)
  return decoded.kind === 'value' ? nameIn(decoded.value) : undefined
}
