import type { Readings } from '../check/index.ts'
import type { Exchange } from '../http/index.ts'
import { type Api, type Operation, Part, type Schema } from '../model/index.ts'
import type { Skipped } from './options.ts'

/** A clause that requests of an operation are held to. */
export type ClauseCoverage = {
  /** The clause, as a JSON Pointer in URI fragment form; it ends with the keyword. */
  readonly pointer: string
  /** Requests that broke it. */
  readonly broken: number
  /** Why none did. */
  readonly why?: string
}

/** What was asked of an operation, and what came. */
export type OperationCoverage = {
  readonly operation: string
  readonly method: string
  readonly path: string
  /** How often it answered with each status; a documented one that never came counts 0. */
  readonly statuses: Readonly<Record<string, number>>
  readonly clauses: readonly ClauseCoverage[]
  /** Documented statuses that never came, and why. */
  readonly unreached: readonly { readonly status: string; readonly why: string }[]
}

/** Longest body of which it is looked up which clauses it breaks, in bytes. */
const maxRead = 512 * 1024

/** Keywords that a request can break. */
const keywords = new Set([
  ...['required', 'type', 'enum', 'const', 'pattern', 'format', 'minLength', 'maxLength', 'minItems', 'maxItems'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'uniqueItems'],
  ...['minProperties', 'maxProperties', 'additionalProperties'],
])

/** Clauses that are listed of one operation: real documents have up to 900. */
const maxClauses = 5_000

type Counts = { readonly statuses: Map<string, number>; readonly broken: Map<string, number> }

/** Counts what is asked of each operation: the statuses that come, and the clauses that requests break. */
export class Coverage {
  readonly #api: Api
  readonly #readings: Readings
  readonly #counts: ReadonlyMap<string, Counts>

  constructor(api: Api, readings: Readings, operations: readonly Operation[]) {
    this.#api = api
    this.#readings = readings
    this.#counts = new Map(
      operations.map(({ id, responses }) => {
        const exact = responses.map(({ status }) => status).filter(status => /^\d{3}$/.test(status))
        return [id, { statuses: new Map(exact.map(status => [status, 0])), broken: new Map() }]
      }),
    )
  }

  saw({ request, response }: Exchange): void {
    const match = this.#readings.matchOf(request)
    const counts = match.kind === 'found' ? this.#counts.get(match.operation.id) : undefined
    if (match.kind !== 'found' || counts === undefined) return
    add(counts.statuses, String(response.status))
    // What is that long was made so for its length.
    if (request.body.length > maxRead) return
    for (const { pointer } of this.#readings.open(request)?.faults ?? [])
      if (pointer !== undefined) add(counts.broken, pointer)
  }

  /**
   * @param whyNot why an operation was not asked for something, where that is known
   * @param skip told of what is not in the table
   */
  table(
    whyNot: (operation: Operation) => string | undefined,
    skip: (skipped: Skipped) => void,
  ): readonly OperationCoverage[] {
    const cut: string[] = []
    const table = this.#api.operations.flatMap(operation => {
      const counts = this.#counts.get(operation.id)
      if (counts === undefined) return []
      const { id, method, path } = operation
      const why = whyNot(operation)
      const unreached = [...counts.statuses]
        .filter(([, count]) => count === 0)
        .map(([status]) => ({ status, why: why ?? reasonFor(status) }))
      const { all, isCut } = clausesOf(this.#api, operation)
      if (isCut) cut.push(id)
      const clauses = all.map((pointer): ClauseCoverage => {
        const broken = counts.broken.get(pointer) ?? 0
        return broken > 0 ? { pointer, broken } : { pointer, broken, why: why ?? 'no request was found that breaks it' }
      })
      return [{ operation: id, method, path, statuses: Object.fromEntries(counts.statuses), clauses, unreached }]
    })
    if (cut.length > 0) {
      const why = `of each operation the first ${maxClauses} are listed`
      skip({ what: `clauses of ${cut.join(', ')} in the table of what was covered`, why })
    }
    return table
  }
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

function reasonFor(status: string): string {
  if (status.startsWith('5')) return 'a failure cannot be asked for'
  if (status.startsWith('2')) return 'no valid request was answered with it'
  return 'no request of the run was answered with it, and the document does not say which would be'
}

/** The clauses of JSON bodies and of parameters, each once, and whether there are more. */
function clausesOf(
  api: Api,
  { parameters, requestBody }: Operation,
): { readonly all: string[]; readonly isCut: boolean } {
  const root = Part.of(api.document.root)
  const partsOf = (described: readonly { readonly schema: Schema | undefined }[]): Part[] =>
    described.flatMap(({ schema }) => (schema && root.at(schema.pointer)) ?? [])
  const inParts = (requestBody?.content ?? []).flatMap(({ shape }) =>
    [...(shape.partHeaders?.().values() ?? [])].flat(),
  )
  const fields = [...parameters, ...inParts]
  const found = gather(partsOf(fields))
  // Whatever stands in a path or a field is a text.
  for (const part of partsOf(fields)) if (part.text('type') === 'string') found.delete(`${part.pointer}/type`)
  for (const clause of gather(partsOf(requestBody?.content ?? []))) found.add(clause)
  const all = [...found]
  return { all: all.slice(0, maxClauses), isCut: all.length > maxClauses }
}

/** The clauses of schemas and of what is in them; of what is in itself once. */
function gather(schemas: readonly Part[]): Set<string> {
  const [found, seen] = [new Set<string>(), new Set<string>()]
  const open = schemas.toReversed()
  for (let schema = open.pop(); schema !== undefined && found.size <= maxClauses; schema = open.pop()) {
    if (seen.has(schema.pointer) || typeof schema.value !== 'object' || schema.value === null) continue
    seen.add(schema.pointer)
    for (const keyword of Object.keys(schema.value)) {
      if (!keywords.has(keyword) || (keyword === 'additionalProperties' && schema.get(keyword)?.value !== false))
        continue
      found.add(`${schema.pointer}/${keyword}`)
    }
    const within = [schema.get('properties'), schema.get('allOf'), schema.get('anyOf'), schema.get('oneOf')]
    const inner = within.flatMap(part => [...(part?.entries() ?? [])].map(([, member]) => member))
    const items = schema.get('items')
    // What only the other side sends is not asked of a request.
    open.push(...(items === undefined ? inner : [...inner, items]).filter(part => !part.is('readOnly')).toReversed())
  }
  return found
}
