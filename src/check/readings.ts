import type { HttpRequest } from '../http/index.ts'
import type { Api, Match, Operation, Reading } from '../model/index.ts'

type Read = { readonly match: Match; guarded: Reading | undefined; open: Reading | undefined }

/**
 * How a document understands requests. Each request is read once, whoever asks, and forgotten together with it; a request
 * is plain data that nobody changes.
 */
export class Readings {
  readonly #api: Api
  readonly #read = new WeakMap<HttpRequest, Read>()

  constructor(api: Api) {
    this.#api = api
  }

  /** What the document has for the method and the target of a request. */
  matchOf(request: HttpRequest): Match {
    return this.#of(request).match
  }

  /** The request as an operation understands it, which may be another than the one that it leads to. */
  guarded(request: HttpRequest, operation: Operation): Reading {
    const read = this.#of(request)
    const { match } = read
    if (match.kind !== 'found') return operation.read(request, {})
    if (match.operation !== operation) return operation.read(request, match.params)
    read.guarded ??= operation.read(request, match.params)
    return read.guarded
  }

  /** The same of the operation that it leads to, whatever its credentials are; `undefined` where it leads to none. */
  open(request: HttpRequest): Reading | undefined {
    const read = this.#of(request)
    const { match } = read
    if (match.kind !== 'found') return undefined
    // Where the credentials will do, they have no part in the reading.
    const guarded = this.guarded(request, match.operation)
    if (guarded.faults[0]?.kind !== 'credentials') return guarded
    read.open ??= match.operation.read(request, match.params, { credentials: false })
    return read.open
  }

  #of(request: HttpRequest): Read {
    const known = this.#read.get(request)
    if (known !== undefined) return known
    const match = this.#api.lead(request)
    const read: Read = { match, guarded: undefined, open: undefined }
    this.#read.set(request, read)
    return read
  }
}
