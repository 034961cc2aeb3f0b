import type { Finding } from '../finding/index.ts'
import { bestMediaType, type Exchange, headerOf, parseMediaType } from '../http/index.ts'
import { type Api, decodeBody, type Operation, SchemaUnusable, scopeOf } from '../model/index.ts'
import { type Evidence, shown } from './check.ts'
import { checks } from './checks/index.ts'

/** Judges exchanges by what a document promises. */
export class Judge {
  readonly #api: Api
  /** Values of places that are to be unique, with the answer that carried them first. */
  readonly #seen = new Map<string, Set<unknown>>()

  constructor(api: Api) {
    this.#api = api
  }

  /** Every way in which the answer breaks the document; empty when it keeps it. */
  judge(exchange: Exchange, operation: Operation): Finding[] {
    try {
      const evidence = this.#evidence(exchange, operation)
      const findings = checks.flatMap(check =>
        check.judge(evidence).map(objection => this.#finding(check.id, operation, objection)),
      )
      return [...findings, ...this.#repeated(evidence)]
    } catch (error) {
      if (!(error instanceof SchemaUnusable)) throw error
      const { message, pointer } = error
      const help = 'Correct the schema; until then nothing can be held against it.'
      return [this.#finding('body-matches', operation, { code: 'schema-unusable', message, help, pointer })]
    }
  }

  #evidence(exchange: Exchange, operation: Operation): Evidence {
    const { request, response } = exchange
    const match = this.#api.match(request.method, request.target)
    const reading = operation.read(request, match.kind === 'found' ? match.params : {})
    const [unusable] = reading.unusable ?? []
    if (unusable !== undefined) throw unusable
    const description = operation.responseFor(response.status)
    const type = headerOf(response.headers, 'content-type')
    const essence = type === undefined ? undefined : parseMediaType(type)?.essence
    const documented = description?.content.map(({ mediaType }) => mediaType) ?? []
    const best = essence === undefined ? undefined : bestMediaType(documented, essence)
    const content = description?.content.find(({ mediaType }) => mediaType === best)
    const decoded =
      type === undefined || essence === undefined || response.body.length === 0
        ? undefined
        : decodeBody(type, response.body, content?.shape)
    const body = decoded?.kind === 'value' ? { value: decoded.value } : undefined
    return { exchange, operation, reading, description, content, body }
  }

  /** Uniqueness is the one question that a single exchange cannot answer. */
  #repeated(evidence: Evidence): Finding[] {
    const { description, body, exchange, reading, operation } = evidence
    if (description === undefined || body === undefined) return []
    const { status, headers } = exchange.response
    const scope = scopeOf(reading, { status, headers, body: body.value })
    return description.relations.unique.flatMap(({ place, pointer }) => {
      const seen = this.#seen.get(pointer) ?? new Set()
      this.#seen.set(pointer, seen)
      return place.readAll(scope).flatMap(({ value }) => {
        if (!seen.has(value)) {
          seen.add(value)
          return []
        }
        const message = `${operation.id} answered ${status} with ${place.text} ${shown(value)}, which an earlier answer carried too`
        return [
          this.#finding('values-unique', operation, {
            code: 'value-repeated',
            message,
            help: 'Give each its own.',
            pointer,
          }),
        ]
      })
    })
  }

  #finding(
    check: string,
    operation: Operation,
    { pointer, ...objection }: { code: Finding['code']; message: string; help: string; pointer: string | undefined },
  ): Finding {
    const place = pointer === undefined ? {} : { pointer, position: this.#api.document.locate(pointer) }
    return { ...objection, ...place, severity: 'error', operation: operation.id, check }
  }
}
