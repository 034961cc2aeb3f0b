import { hash } from '../generate/index.ts'
import { acceptedCodings, type HttpResponse, isJson, noBytes, parseMediaType } from '../http/index.ts'
import type { Content, Fault, FaultKind, Operation, Reading, Relations, ResponseDescription } from '../model/index.ts'
import { scopeOf } from '../model/index.ts'
import { type Bodies, contentTypeOf, encodeRelated } from './bodies.ts'
import { problem, problemBody } from './problem.ts'
import { reasonsOf, type Truth, tellTruth } from './truth.ts'
import type { Fresh } from './uniques.ts'

/** The statuses that say a kind of fault, best first; the first that the operation documents by its code is taken. */
const statuses: Readonly<Record<FaultKind, readonly number[]>> = {
  credentials: [401, 403],
  'too-large': [413],
  'media-type': [415],
  encoding: [415],
  syntax: [400, 422],
  invalid: [422, 400],
  unknown: [404, 410, 400, 422, 403],
  taken: [409],
}

/** The status without help from the document. */
const standard: Readonly<Record<FaultKind, number>> = {
  credentials: 401,
  'too-large': 413,
  'media-type': 415,
  encoding: 415,
  syntax: 400,
  invalid: 400,
  unknown: 404,
  taken: 409,
}

/** Refusals that are kept; clients under development make the same mistakes again and again. */
const maxKept = 1_000

/** Refusals that are kept have keys up to this length: what a client sends is repeated in its reasons. */
const maxKey = 2_000

/** Bodies that are made in search of one with a place for the reasons. */
const maxTurns = 4

export type RefusalOptions = {
  readonly bodies: Bodies
  readonly now: () => Date
  /** Told of what the document says and cannot be sent. */
  readonly notice: (text: string) => void
  /** Gives the values of a refusal that are to be unique. */
  readonly fresh: (operation: Operation, reading: Reading, status: number) => Fresh
}

/** Refuses requests in the way their operations document, telling the true reasons. */
export class Refusals {
  readonly #options: RefusalOptions
  readonly #kept = new Map<string, HttpResponse>()

  constructor(options: RefusalOptions) {
    this.#options = options
  }

  /** Whether the document says how a request with such a fault is refused; that a thing is taken it has to say by the code. */
  knows(operation: Operation, kind: FaultKind): boolean {
    const { status, response } = documented(operation, kind)
    return kind === 'taken' ? response?.status === String(status) : response !== undefined
  }

  /** The answer to a request with faults. */
  refuse(operation: Operation, reading: Reading): HttpResponse {
    const path = reading.request.target.split('?')[0] ?? ''
    const key = [operation.pointer, path, ...reading.faults.map(fault => `${fault.kind} ${fault.reason}`)].join('\n')
    const kept = this.#kept.get(key)
    if (kept !== undefined) return kept
    let timed = false
    const now = (): Date => {
      timed = true
      return this.#options.now()
    }
    const { response, refusal } = this.#make(operation, reading, path, now)
    if (timed || key.length > maxKey) return refusal
    if (response !== undefined && looksAtRequest(response.relations)) return refusal
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
    const challenges =
      kind === 'credentials' ? challengesOf(operation) : kind === 'encoding' ? ['accept-encoding', acceptedCodings] : []
    if (response === undefined) {
      const reasons = reasonsOf({ faults })
      const extra = { members: { errors: reasons }, headers: challenges }
      return { response, refusal: problem(status, reasons.join('; '), extra) }
    }
    const fields = this.#fieldsOf(response, challenges)
    const contents = response.content.map(this.#options.bodies.usable)
    const content = contents.find(({ mediaType }) => isJson(parseMediaType(mediaType)?.essence ?? '')) ?? contents[0]
    if (content === undefined) return { response, refusal: { status, headers: fields, body: noBytes } }
    const body = this.#trueBody(operation, content, { status, faults, path, now })
    const scope = scopeOf(reading, { status, headers: [], body: undefined })
    const fresh = this.#options.fresh(operation, reading, status)
    const bytes = encodeRelated(content, body, response.relations, scope, fresh)
    const headers = ['content-type', contentTypeOf(content.mediaType, body), ...fields]
    return { response, refusal: { status, headers, body: bytes } }
  }

  /** The fields of the document and the challenges; these win, because they are true of the security at hand. */
  #fieldsOf(response: ResponseDescription, challenges: readonly string[]): string[] {
    const fields = this.#options.bodies.fieldsOf(response)
    if (challenges.length === 0) return [...fields]
    const others = fields.filter((_, at) => fields[at - (at % 2)] !== challenges[0])
    return [...others, ...challenges]
  }

  /** The documented body with the reasons in it; where it has no place for them, as documented. */
  #trueBody(operation: Operation, content: Content, truth: Truth): unknown {
    const { bodies, notice } = this.#options
    const { schema, mediaType, pointer } = content
    const essence = parseMediaType(contentTypeOf(mediaType, {}))?.essence ?? ''
    if (schema === undefined && content.examples.length === 0 && isJson(essence)) {
      const errors = reasonsOf(truth)
      return problemBody(truth.status, errors.join('; '), { errors })
    }
    const shown = bodies.byExample(content)
    if (shown.says !== undefined) notice(`${operation.id} ${truth.status}: ${shown.says}`)
    const accepts = (body: unknown): boolean => schema === undefined || schema.accepts(body)
    const told = tellTruth(shown.value, essence, accepts, truth)
    if (told !== undefined || schema === undefined) return told ?? shown.value
    // What is shown has some of the members that a schema allows; the reason may belong into another, or another form.
    for (let turn = 0; turn < maxTurns; turn += 1) {
      const made = bodies.generated(content, hash(pointer) + turn).value
      const other = tellTruth(made, essence, accepts, truth)
      if (other !== undefined) return other
    }
    return shown.value
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
