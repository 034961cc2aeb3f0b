import { hash } from '../generate/index.ts'
import { type HttpResponse, isJson, parseMediaType } from '../http/index.ts'
import type { Content, Fault, FaultKind, Operation, Reading, ResponseDescription, Scope } from '../model/index.ts'
import { scopeOf } from '../model/index.ts'
import { type Bodies, contentTypeOf, encodeRelated } from './bodies.ts'
import { problem } from './problem.ts'
import { tellTruth } from './truth.ts'

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

/** Refuses a request in the way its operation documents, telling the true reasons. */
export function refuse(operation: Operation, reading: Reading, bodies: Bodies, now: () => Date): HttpResponse {
  const { faults } = reading
  const kind = (faults[0] as Fault).kind
  const { status, response } = documented(operation, kind)
  const headers = kind === 'credentials' ? challengesOf(operation) : []
  const content =
    response?.content.find(candidate => isJson(parseMediaType(candidate.mediaType)?.essence ?? '')) ??
    response?.content[0]
  if (response === undefined) {
    const reasons = faults.map(fault => fault.reason)
    return problem(status, reasons.join('; '), { members: { errors: reasons }, headers })
  }
  if (content === undefined) return { status, headers, body: new Uint8Array(0) }
  const body = trueBody(content, bodies, { status, faults, path: reading.request.target.split('?')[0] ?? '', now })
  const scope = scopeOf(reading, { status, headers: [], body: undefined })
  return withBody(status, headers, content, response, body, scope)
}

function withBody(
  status: number,
  headers: readonly string[],
  content: Content,
  response: ResponseDescription,
  body: unknown,
  scope: Scope,
): HttpResponse {
  const bytes = encodeRelated(content, body, response.relations, scope, () => hash(content.pointer))
  return { status, headers: ['content-type', contentTypeOf(content.mediaType, body), ...headers], body: bytes }
}

/** The documented body with the reasons in it; where it has no place for them, as documented. */
function trueBody(content: Content, bodies: Bodies, truth: Parameters<typeof tellTruth>[2]): unknown {
  const template = bodies.byExample(content).value
  if (content.schema === undefined) return template
  return tellTruth(template, content.schema, truth) ?? template
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
