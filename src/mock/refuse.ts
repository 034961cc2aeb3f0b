import { hash } from '../generate/index.ts'
import { type HttpResponse, isJson, noBytes, parseMediaType } from '../http/index.ts'
import type { Content, Fault, FaultKind, Operation, Reading, Relations, ResponseDescription } from '../model/index.ts'
import { scopeOf } from '../model/index.ts'
import { type Bodies, contentTypeOf, encodeRelated } from './bodies.ts'
import { problem } from './problem.ts'
import { type Truth, tellTruth } from './truth.ts'

/** The statuses that say a kind of fault, best first; the first that the operation documents by its code is taken. */
const statuses: Readonly<Record<FaultKind, readonly number[]>> = {
  credentials: [401, 403],
  'too-large': [413],
  'media-type': [415],
  encoding: [415],
  syntax: [400, 422],
  invalid: [422, 400],
}

/** The status without help from the document. */
const standard: Readonly<Record<FaultKind, number>> = {
  credentials: 401,
  'too-large': 413,
  'media-type': 415,
  encoding: 415,
  syntax: 400,
  invalid: 400,
}

/** Refusals that are kept; clients under development make the same mistakes again and again. */
const maxKept = 1_000

/** Refuses requests in the way their operations document, telling the true reasons. */
export class Refusals {
  readonly #bodies: Bodies
  readonly #now: () => Date
  readonly #kept = new Map<string, HttpResponse>()

  constructor(bodies: Bodies, now: () => Date) {
    this.#bodies = bodies
    this.#now = now
  }

  /** The answer to a request with faults. */
  refuse(operation: Operation, reading: Reading): HttpResponse {
    const path = reading.request.target.split('?')[0] ?? ''
    const key = [operation.method, path, ...reading.faults.map(fault => `${fault.kind} ${fault.reason}`)].join('\n')
    const kept = this.#kept.get(key)
    if (kept !== undefined) return kept
    let timed = false
    const now = (): Date => {
      timed = true
      return this.#now()
    }
    const { response, refusal } = this.#make(operation, reading, path, now)
    if (timed || (response !== undefined && looksAtRequest(response.relations))) return refusal
    if (this.#kept.size >= maxKept) this.#kept.clear()
    this.#kept.set(key, refusal)
    return refusal
  }

  #make(
    operation: Operation,
    reading: Reading,
    path: string,
    now: () => Date,
  ): { response: ResponseDescription | undefined; refusal: HttpResponse } {
    const { faults } = reading
    const kind = (faults[0] as Fault).kind
    const { status, response } = documented(operation, kind)
    const headers = kind === 'credentials' ? challengesOf(operation) : []
    if (response === undefined) {
      const reasons = faults.map(fault => fault.reason)
      return { response, refusal: problem(status, reasons.join('; '), { members: { errors: reasons }, headers }) }
    }
    const content =
      response.content.find(({ mediaType }) => isJson(parseMediaType(mediaType)?.essence ?? '')) ?? response.content[0]
    if (content === undefined) return { response, refusal: { status, headers, body: noBytes } }
    const body = this.#trueBody(content, { status, faults, path, now })
    const scope = scopeOf(reading, { status, headers: [], body: undefined })
    const bytes = encodeRelated(content, body, response.relations, scope, () => hash(content.pointer))
    const fields = ['content-type', contentTypeOf(content.mediaType, body), ...headers]
    return { response, refusal: { status, headers: fields, body: bytes } }
  }

  /** The documented body with the reasons in it; where it has no place for them, as documented. */
  #trueBody(content: Content, truth: Truth): unknown {
    const template = this.#bodies.byExample(content).value
    if (content.schema === undefined) return template
    return tellTruth(template, content.schema, truth) ?? template
  }
}

/** Whether an error body depends on more of the request than its path and its faults. */
function looksAtRequest({ equal, unique }: Relations): boolean {
  return (
    unique.length > 0 ||
    equal.some(({ left, right }) => [left, right].some(({ text }) => text.startsWith('$request') || text === '$url'))
  )
}

/** What the operation documents for a kind of fault: by its code, else by range or `default`, else nothing. */
function documented(
  operation: Operation,
  kind: FaultKind,
): { status: number; response: ResponseDescription | undefined } {
  const exact = statuses[kind].find(status => operation.responses.some(response => response.status === String(status)))
  if (exact !== undefined) return { status: exact, response: operation.responseFor(exact) }
  return { status: standard[kind], response: operation.responseFor(standard[kind]) }
}

/** A 401 says how to come again. Source: RFC 9110, section 15.5.2. */
function challengesOf(operation: Operation): string[] {
  const challenges = operation.security.flat().flatMap(scheme => scheme.challenge ?? [])
  return [...new Set(challenges)].flatMap(challenge => ['www-authenticate', challenge])
}
