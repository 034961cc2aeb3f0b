import { isDeepStrictEqual } from 'node:util'
import type { HttpRequest } from '../http/index.ts'
import { lazily } from './lazily.ts'
import type { Operation } from './operation.ts'
import type { Parameter } from './parameters.ts'
import { Query } from './query.ts'
import type { Reading } from './reading.ts'
import { SchemaUnusable } from './schema.ts'
import { propertiesOf, requiredOf } from './styles/coerce.ts'

/** An operation that a request may be meant for, with its path parameters as sent. */
export type Candidate = { readonly operation: Operation; readonly params: Readonly<Record<string, string>> }

/** Whether a request can show what a fragment names: only a parameter of the query or a header is sent. */
export function isTold({ parameters }: Operation, name: string): boolean {
  return parameters.some(
    parameter =>
      parameter.name === name || (parameter.in === 'header' && parameter.name.toLowerCase() === name.toLowerCase()),
  )
}

/**
 * Of operations that only their fragments tell apart, which are not sent, the one that takes the request; if none does, the
 * one with the fewest faults that knows the media type. Of several the one that describes most of what was sent, then the
 * one that demands most, then the first.
 */
export function meantOf(candidates: readonly [Candidate, ...Candidate[]], request: HttpRequest): Candidate {
  let [best] = candidates
  let rank: readonly number[] = []
  for (const candidate of candidates) {
    const own = rankOf(candidate, request)
    const at = own.findIndex((value, index) => value !== rank[index])
    if (rank.length > 0 && (at === -1 || (own[at] as number) > (rank[at] as number))) continue
    best = candidate
    rank = own
  }
  return best
}

/** Numbers of which the first that differs decides; the smaller is the better. */
function rankOf({ operation, params }: Candidate, request: HttpRequest): readonly number[] {
  const reading = read(operation, params, request)
  const faults = reading?.faults ?? []
  const isUnknownType = faults.some(({ kind }) => kind === 'media-type')
  return [Number(isUnknownType), faults.length, -knownIn(operation, params, request, reading), -demandOf(operation)]
}

function read(
  operation: Operation,
  params: Readonly<Record<string, string>>,
  request: HttpRequest,
): Reading | undefined {
  try {
    return operation.read(request, params, { credentials: false })
  } catch (error) {
    // What cannot be judged is not held against the request.
    if (error instanceof SchemaUnusable) return undefined
    throw error
  }
}

/** How many parameters and members of the body that were sent an operation describes. */
function knownIn(
  operation: Operation,
  path: Readonly<Record<string, string>>,
  request: HttpRequest,
  reading: Reading | undefined,
): number {
  if (reading === undefined) return 0
  const sent = { path, query: lazily(() => Query.in(request.target)), request }
  const parameters = operation.parameters.filter(parameter => parameter.read(sent).value !== undefined)
  const { body } = reading
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return parameters.length
  const described = new Set(schemasOf(operation).flatMap(schema => [...propertiesOf(schema).keys()]))
  return parameters.length + Object.keys(body).filter(name => described.has(name)).length
}

function schemasOf({ requestBody }: Operation) {
  return (requestBody?.content ?? []).map(({ shape }) => shape.schema)
}

/** How many parameters and members of the body an operation cannot do without. */
function demandOf(operation: Operation): number {
  const { parameters, requestBody } = operation
  const members = Math.max(0, ...schemasOf(operation).map(schema => requiredOf(schema).size))
  return demanded(parameters).length + (requestBody?.required === true ? 1 : 0) + members
}

function demanded(parameters: readonly Parameter[]): readonly Parameter[] {
  return parameters.filter(parameter => parameter.required && parameter.in !== 'path')
}

/**
 * Whether requests that are made of what `other` describes are taken for `one`, which comes first: all of them describe and
 * demand the same. Where schemas differ nobody knows, and they may be told apart.
 */
export function covers(one: Operation, other: Operation): boolean {
  const ofOne = one.parameters.filter(({ in: place }) => place !== 'path')
  const ofOther = other.parameters.filter(({ in: place }) => place !== 'path')
  const counterpart = ({ in: place, name }: Parameter, among: readonly Parameter[]): Parameter | undefined =>
    among.find(each => each.in === place && each.name === name)
  const isDescribed = ofOther.every(parameter => {
    const same = counterpart(parameter, ofOne)
    return same?.required === parameter.required && isSame(same.schema?.value, parameter.schema?.value)
  })
  if (!isDescribed || demanded(ofOne).some(parameter => counterpart(parameter, ofOther) === undefined)) return false
  const [body, otherBody] = [one.requestBody, other.requestBody]
  if (otherBody === undefined) return body?.required !== true
  return (
    body?.required === otherBody.required &&
    otherBody.content.every(({ mediaType, schema }) =>
      body.content.some(each => each.mediaType === mediaType && isSame(each.schema?.value, schema?.value)),
    )
  )
}

/** Keywords that only tell about a value. */
const annotations = new Set(['title', 'description', 'example', 'examples', 'default', 'deprecated', 'externalDocs'])

function isSame(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(plain(one, false), plain(other, false))
}

/** @param named whether the members are named by the author, as properties are */
function plain(value: unknown, named: boolean): unknown {
  if (Array.isArray(value)) return value.map(item => plain(item, false))
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).filter(([name]) => named || !(annotations.has(name) || name.startsWith('x-')))
  return Object.fromEntries(members.map(([name, member]) => [name, plain(member, !named && name === 'properties')]))
}
