import type { Finding } from '../finding/index.ts'
import { type Exchange, type HttpRequest, headerOf } from '../http/index.ts'
import {
  type Api,
  type Operation,
  type Relations,
  type ResponseDescription,
  SchemaUnusable,
  scopeOf,
} from '../model/index.ts'
import { Answers } from './answers.ts'
import { type Evidence, type Objection, shown } from './check.ts'
import { framingObjections } from './checks/framing-sound.ts'
import { type CheckId, checks } from './checks/index.ts'
import { leaksIn, nothingLeaked } from './checks/nothing-leaked.ts'
import { inferRelations } from './infer.ts'
import { Readings } from './readings.ts'

/** Checks that ask for the shape that an operation documents. */
const shapes: ReadonlySet<string> = new Set<CheckId>([
  'content-type-documented',
  'body-matches',
  'headers-match',
  'relations-hold',
])

const nothing: Relations = { equal: [], unique: [], ordered: [] }

type JudgeOptions = {
  readonly infer?: boolean
  readonly readings?: Readings
  readonly tokens?: readonly string[]
  readonly uniqueBelow?: 'parent' | 'anywhere'
}

/** Judges exchanges by what a document promises. */
export class Judge {
  readonly #api: Api
  /** Values of places that are to be unique, by the place and by what the path of the request names. */
  readonly #seen = new Map<string, Set<unknown>>()
  readonly #inferred = new Map<ResponseDescription, Relations>()
  readonly #infer: boolean
  readonly #readings: Readings
  readonly #answers = new Answers()
  readonly #tokens: readonly string[]
  readonly #uniqueBelow: 'parent' | 'anywhere'

  /**
   * @param options.infer `false` holds answers against nothing but what the document says
   * @param options.readings how its requests were understood, where somebody else asks for that too
   * @param options.tokens credentials that are accepted, and that no refusal is to show
   * @param options.uniqueBelow whether what is to be unique may come again below another `parent`, which the path names
   */
  constructor(api: Api, { infer = true, readings, tokens = [], uniqueBelow = 'anywhere' }: JudgeOptions = {}) {
    this.#api = api
    this.#uniqueBelow = uniqueBelow
    this.#tokens = tokens
    this.#infer = infer
    this.#readings = readings ?? new Readings(api)
  }

  /** Every way in which the answer breaks the document; empty when it keeps it. */
  judge(exchange: Exchange, operation: Operation): Finding[] {
    try {
      const evidence = this.#evidence(exchange, operation)
      const findings: Finding[] = []
      const { status } = exchange.response
      for (const check of checks) {
        for (const objection of check.judge(evidence))
          findings.push(this.#finding(check.id, operation, status, objection))
      }
      findings.push(...this.#repeated(evidence))
      return findings
    } catch (error) {
      if (!(error instanceof SchemaUnusable)) throw error
      const { message, pointer } = error
      const help = 'Correct the schema; until then nothing can be held against it.'
      return [
        this.#finding('body-matches', operation, exchange.response.status, {
          code: 'schema-unusable',
          message,
          help,
          pointer,
        }),
      ]
    }
  }

  /**
   * What holds of every answer, whatever was asked: a server does not fail, ends where it says, and 405 says what there is.
   * An answer with a status that the operation documents is in the documented shape, whatever it is the answer to.
   */
  judgeOutside(exchange: Exchange, operation: Operation): Finding[] {
    const { request, response } = exchange
    const { status, headers } = response
    if (this.#isOf(request, operation) && isDocumented(operation, status)) {
      const findings = this.judge(exchange, operation)
      // What is read out of a request with faults is not what the server has to read out of it.
      const { faults } = this.#readings.guarded(request, operation)
      const isClear = status >= 400 || (faults.length === 0 && !mayHoldHalves(request.body))
      if (!isClear) return findings.filter(({ check }) => check !== 'relations-hold')
      // What cannot be decoded is refused by what stands before the operation, and knows nothing of its shapes.
      return status < 400 || isDecodable(request.target)
        ? findings
        : findings.map(finding => (shapes.has(finding.check ?? '') ? { ...finding, severity: 'warning' } : finding))
    }
    const what = `${request.method} ${operation.path} was answered ${status}`
    const { pointer } = operation
    const findings = framingObjections(response, what, pointer).map(objection =>
      this.#finding('framing-sound', operation, status, objection),
    )
    if (status >= 500 && status !== 501) {
      const help = 'Refuse what is not there with 404 or 405, and what is too long with 413.'
      const message = `${what}: the server failed`
      findings.push(this.#finding('no-failure', operation, status, { code: 'server-error', message, help, pointer }))
      const description = operation.responseFor(status)
      const answer = this.#answers.of(response, operation, description)
      for (const objection of leaksIn({ exchange, operation, description, answer, tokens: this.#tokens }))
        findings.push(this.#finding(nothingLeaked.id, operation, status, objection))
    }
    const allowed = status === 405 ? headerOf(headers, 'allow') : ''
    const names = allowed?.split(',').map(name => name.trim())
    if (names === undefined || names.includes(request.method)) {
      const message =
        allowed === undefined
          ? `${what} without Allow`
          : `${what} with Allow: ${allowed}, which names ${request.method} itself`
      const help = 'Name the methods there are. Source: RFC 9110, section 15.5.6.'
      const objection: Objection = { code: 'allow-missing', message, help, pointer, severity: 'warning' }
      findings.push(this.#finding('allow-named', operation, status, objection))
    }
    return findings
  }

  #isOf(request: HttpRequest, operation: Operation): boolean {
    const match = this.#readings.matchOf(request)
    return match.kind === 'found' && match.operation.id === operation.id && request.method === operation.method
  }

  #evidence(exchange: Exchange, operation: Operation): Evidence {
    const { request, response } = exchange
    const reading = this.#readings.guarded(request, operation)
    const [unusable] = reading.unusable ?? []
    if (unusable !== undefined) throw unusable
    const description = operation.responseFor(response.status)
    const answer = this.#answers.of(response, operation, description)
    const inferred = description === undefined ? nothing : this.#suggested(operation, description, response.status)
    return { exchange, operation, reading, description, answer, inferred, tokens: this.#tokens }
  }

  #suggested(operation: Operation, description: ResponseDescription, status: number): Relations {
    if (!this.#infer) return nothing
    const known = this.#inferred.get(description)
    if (known !== undefined) return known
    const inferred = inferRelations(this.#api, operation, description, status)
    this.#inferred.set(description, inferred)
    return inferred
  }

  /** Uniqueness is the one question that a single exchange cannot answer. */
  #repeated(evidence: Evidence): Finding[] {
    const { description, answer, exchange, reading, operation } = evidence
    const { body } = answer
    if (description === undefined || body === undefined) return []
    if (description.relations.unique.length + evidence.inferred.unique.length === 0) return []
    const { status, headers } = exchange.response
    const scope = scopeOf(reading, { status, headers, body: body.value })
    const parents = this.#uniqueBelow === 'parent' ? this.#parentsOf(exchange.request) : ''
    const declared = description.relations.unique.map(each => ({ ...each, severity: 'error' as const }))
    const inferred = evidence.inferred.unique.map(each => ({ ...each, severity: 'warning' as const }))
    return [...declared, ...inferred].flatMap(({ place, pointer, severity }) => {
      const key = `${pointer} ${parents}`
      const seen = this.#seen.get(key) ?? new Set()
      this.#seen.set(key, seen)
      return place.readValues(scope).flatMap(value => {
        if (!seen.has(value)) {
          seen.add(value)
          return []
        }
        const message = `${operation.id} answered ${status} with ${place.text} ${shown(value)}, which an earlier answer carried too`
        return [
          this.#finding('values-unique', operation, status, {
            code: 'value-repeated',
            message,
            help: 'Give each its own.',
            pointer,
            severity,
          }),
        ]
      })
    })
  }

  /** What the path of a request names. */
  #parentsOf(request: HttpRequest): string {
    const match = this.#readings.matchOf(request)
    return match.kind === 'found' ? JSON.stringify(match.params) : ''
  }

  #finding(
    check: string,
    operation: Operation,
    status: number,
    { pointer, severity = 'error', ...objection }: Objection,
  ): Finding {
    const place = pointer === undefined ? {} : { pointer, position: this.#api.document.locate(pointer) }
    return { ...objection, ...place, severity, operation: operation.id, check, status }
  }
}

/** Whether the very status is documented: a range or `default` may be meant for other refusals. */
function isDocumented({ responses }: Operation, status: number): boolean {
  return responses.some(response => response.status === String(status))
}

/** Whether the percent signs of a target can be read as UTF-8. Source: RFC 3986, sections 2.1 and 2.5. */
function isDecodable(target: string): boolean {
  try {
    // The result is looked at: a bundler leaves out a call whose result nobody wants.
    return decodeURIComponent(target) !== ''
  } catch {
    return false
  }
}

/** Whether JSON may hold half of a character, of which nobody knows what becomes. Source: RFC 8259, section 8.2. */
function mayHoldHalves({ buffer, byteOffset, byteLength }: Uint8Array): boolean {
  const bytes = Buffer.from(buffer, byteOffset, byteLength)
  return bytes.includes('\\ud') || bytes.includes('\\uD')
}
