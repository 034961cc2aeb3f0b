import type { Finding } from '../finding/index.ts'
import type { HttpRequest } from '../http/index.ts'
import type { OperationCoverage } from './coverage.ts'
import type { PhaseId } from './phases/index.ts'

export type ContractOptions = {
  /** The phases to run; by default all. */
  readonly phases?: readonly PhaseId[]
  /** The operations to run, by id; by default all. */
  readonly include?: readonly string[]
  /** `false` holds answers against nothing that names and types merely suggest. */
  readonly infer?: boolean
  /** Operations to leave out, by id. */
  readonly exclude?: readonly string[]
  /** Ends the run with the first error that is found. */
  readonly bail?: boolean
  /** Ends the run before it makes more requests than this. */
  readonly maxRequests?: number
  /** What chance depends on: the same seed gives the same requests. By default 1. */
  readonly seed?: number
  /** Makes no more requests than this in a second. */
  readonly rate?: number
  /** Requests that are made at the same time where they have nothing to do with one another. By default 1. */
  readonly workers?: number
  /** Makes the requests of this case alone, with what leads to it. */
  readonly case?: string
  /** The same for several cases; one that the document has no more is skipped. */
  readonly cases?: readonly string[]
  /** What to send as credentials, for all security schemes that {@link tokens} does not name. */
  readonly token?: string
  /** What to send as credentials of each security scheme, by its name. Of several alternatives the one in it is taken. */
  readonly tokens?: ReadonlyMap<string, string>
  /** Names of the fields that the target adds to each request, so that no case is without them. */
  readonly added?: readonly string[]
  /** What the target puts before the path of each request, such as `/v1`, without a slash at its end. */
  readonly base?: string
  /** Values for parameters of these names, for example ids that exist. */
  readonly params?: ReadonlyMap<string, string>
  /** The line that repeats a request, made of its redacted form. */
  readonly curl?: (request: HttpRequest) => string
  /** Stops the run before the next request. */
  readonly signal?: AbortSignal
  /** Told of each breach when it is first seen: how often it comes, and its smallest request, only the run as a whole knows. */
  readonly onFinding?: (finding: Finding) => void
  readonly onCase?: (done: { readonly operation: string; readonly requests: number }) => void
}

/** Something that was not asked, or not to its end, and the reason. */
export type Skipped = { readonly what: string; readonly why: string }

/** What came of a run. */
export type ContractRun = {
  readonly findings: readonly Finding[]
  readonly operations: number
  readonly requests: number
  readonly skipped: readonly Skipped[]
  readonly interrupted: boolean
  /** What was asked of each operation, what came, and what was not reached. */
  readonly coverage: readonly OperationCoverage[]
}
