import type { Readings } from '../check/index.ts'
import { type HttpRequest, headerOf, isJson, parseMediaType } from '../http/index.ts'
import type { Operation } from '../model/index.ts'
import type { Case } from './case.ts'

/** Texts that are remembered of accepted requests, and their length. */
const maxTexts = 2_000
const maxLength = 200

/** Objects within objects that are looked into. */
const maxDepth = 4

/**
 * What accepted requests said before. The document may leave open whether a server takes the same name or URL twice; one
 * that does not is asked with values of its own each time, before it is said to refuse what is valid.
 */
export class Taken {
  readonly #readings: Readings
  readonly #texts = new Set<string>()
  /** Operations that were seen to refuse a value for having been sent before. */
  readonly #once = new Set<Operation>()
  #count = 0

  constructor(readings: Readings) {
    this.#readings = readings
  }

  /** Takes notice of a request that was accepted. */
  note({ request }: Case): void {
    if (request.body.length > 0 && this.#texts.size < maxTexts) this.#collect(this.#bodyOf(request), 0)
  }

  /** Whether a refusal may mean that a value is there already, by what was expected. */
  mayBe({ expects, request, outside }: Case, status: number): boolean {
    const isWrite = request.method === 'POST' || request.method === 'PUT' || request.method === 'PATCH'
    const isRefusal = status === 400 || status === 409 || status === 422
    if (outside === true || expects.length === 0 || !isWrite || !isRefusal) return false
    return expects.every(code => /^[23]/.test(code))
  }

  learn(operation: Operation): void {
    this.#once.add(operation)
  }

  /** The case with values of its own, where its operation is known to take them once only. */
  apart(made: Case): Case {
    return this.#once.has(made.operation) && !made.id.includes('/journeys/') ? (this.fresh(made) ?? made) : made
  }

  /** The case with other texts in the place of those that accepted requests carried; `undefined` where there are none. */
  fresh(made: Case): Case | undefined {
    const body = this.#bodyOf(made.request)
    if (!isObject(body)) return undefined
    this.#count += 1
    const texts = [...new Set(textsIn(body, 0))].filter(text => this.#texts.has(text))
    const chosen = texts.filter(text => this.#isAlike(made, withOthers(body, new Map([[text, this.#other(text)]]))))
    if (chosen.length === 0) return undefined
    const others = new Map(chosen.map(text => [text, this.#other(text)]))
    const whole = withOthers(body, others)
    if (!this.#isAlike(made, whole)) return undefined
    const request = rewritten(made.request, others)
    const isWhole = JSON.stringify(this.#bodyOf(request)) === JSON.stringify(whole)
    return isWhole ? { ...made, request } : undefined
  }

  #other(text: string): string {
    return `${text}-${this.#count}`
  }

  /** Whether the document thinks of the request with this body as it does of the one that was planned. */
  #isAlike({ request }: Case, body: unknown): boolean {
    const fault = this.#readings.open(request)?.faults[0]
    const other = this.#readings.open(written(request, body))?.faults[0]
    return fault?.kind === other?.kind && fault?.pointer === other?.pointer
  }

  #bodyOf(request: HttpRequest): unknown {
    const type = parseMediaType(headerOf(request.headers, 'content-type') ?? '')
    return isJson(type?.essence ?? '') ? this.#readings.open(request)?.body : undefined
  }

  #collect(value: unknown, depth: number): void {
    if (isObject(value)) for (const text of textsIn(value, depth)) if (text.length <= maxLength) this.#texts.add(text)
  }
}

function textsIn(value: object, depth: number): string[] {
  return Object.values(value).flatMap(member => {
    if (typeof member === 'string') return [member]
    return isObject(member) && depth < maxDepth ? textsIn(member, depth + 1) : []
  })
}

function withOthers(value: object, others: ReadonlyMap<string, string>): object {
  return Object.fromEntries(
    Object.entries(value).map(([name, member]: [string, unknown]) => {
      if (typeof member === 'string') return [name, others.get(member) ?? member]
      return [name, isObject(member) ? withOthers(member, others) : member]
    }),
  )
}

function written(request: HttpRequest, body: unknown): HttpRequest {
  return { ...request, body: Buffer.from(JSON.stringify(body)) }
}

/** The same bytes but for some texts: what is special about a request may be how its body is written. */
function rewritten(request: HttpRequest, others: ReadonlyMap<string, string>): HttpRequest {
  let text = Buffer.from(request.body).toString()
  for (const [one, other] of others) text = text.replaceAll(JSON.stringify(one), () => JSON.stringify(other))
  return { ...request, body: Buffer.from(text) }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
