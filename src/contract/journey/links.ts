import { type Exchange, isJson, parseMediaType } from '../../http/index.ts'
import {
  type Api,
  compileExpression,
  decodeBody,
  type Operation,
  Part,
  type Scope,
  scopeOf,
} from '../../model/index.ts'
import type { Ground } from '../case.ts'
import { isGood, type Leg } from './way.ts'

/** So far one link is followed after another. */
const maxDepth = 3

/** A link of a response, as the document describes it. Source: OpenAPI 3.1.1, section 4.8.20. */
export type Link = {
  readonly name: string
  readonly pointer: string
  /** The documented status of the response that has it. */
  readonly status: string
  readonly operation: Operation
  /** Where it leads, or why nowhere. */
  readonly target: Operation | string
  /** Values or runtime expressions, by the name of a parameter. */
  readonly parameters: Readonly<Record<string, unknown>>
  readonly requestBody: unknown
}

/** The links of the successful answers of an operation. */
export function linksOf(api: Api, operation: Operation): Link[] {
  return operation.responses.flatMap(({ status, pointer: at }) => {
    const links = /^[2]/.test(status) ? Part.of(api.document.root).at(at)?.get('links') : undefined
    return [...(links?.entries() ?? [])].map(([name, part]): Link => {
      const parameters = Object(part.get('parameters')?.value) as Record<string, unknown>
      const { pointer } = part
      const requestBody = part.get('requestBody')?.value
      return { name, pointer, status, operation, target: targetOf(api, part), parameters, requestBody }
    })
  })
}

function targetOf(api: Api, part: Part): Operation | string {
  const id = part.text('operationId')
  if (id !== undefined) return api.operation(id) ?? `there is no operation ${id}`
  const ref = part.text('operationRef')
  if (ref === undefined) return 'it names no operation'
  const pointer = Part.of(api.document.root).at(ref.slice(ref.indexOf('#')))?.pointer
  const found = api.operations.find(operation => operation.pointer === pointer)
  return found ?? `${ref} is no operation of this document`
}

/** Asks an operation, and then what the links of its answers lead to. */
export function* followLinks(ground: Ground): Leg {
  const { api, operation, resource } = ground
  const links = linksOf(api, operation)
  if (links.length === 0 || operation.method === 'DELETE') return
  const [exchange] = yield [{ says: 'a request whose answer has links', request: ground.valid, expects: [] }]
  const status = exchange?.response.status ?? 'nothing'
  if (!isGood(exchange)) {
    ground.skip(`the links of ${operation.id}`, `it answered ${status}`)
    return
  }
  // Those of a resource have been travelled already.
  const done = new Set(resource === undefined ? [] : [resource.read, resource.list, ...resource.changes])
  yield* follow(ground, exchange, links, new Set([...done].flatMap(each => each?.id ?? [])), 1)
}

function* follow(
  ground: Ground,
  exchange: Exchange,
  links: readonly Link[],
  done: ReadonlySet<string>,
  depth: number,
): Leg {
  const { api } = ground
  for (const link of links) {
    const { target, operation } = link
    const what = `the link ${link.name} of ${operation.id}`
    if (typeof target === 'string') {
      ground.skip(what, target)
      continue
    }
    if (operation.responseFor(exchange.response.status)?.status !== link.status) continue
    // What removes is asked for where a thing is removed.
    if (done.has(target.id) || target.method === 'DELETE') continue
    const filled = filledIn(api, link, exchange, target)
    if (typeof filled === 'string') {
      ground.skip(what, filled)
      continue
    }
    const made = ground.requestOf(target, new Map([...ground.known, ...filled.parameters]))
    const request = filled.body === undefined ? made : { ...made, body: Buffer.from(JSON.stringify(filled.body)) }
    const [found] = yield [{ says: what, operation: target, request, expects: [] }]
    if (found === undefined) continue
    const { status } = found.response
    if (status >= 400 && status !== 401 && status !== 403) {
      ground.complain({
        code: 'link-broken',
        severity: 'warning',
        check: 'links-lead',
        message: `${target.id} answered ${status} to ${request.method} ${request.target}, where ${what} leads`,
        help: 'Answer where the link leads, or correct the link.',
        operation,
        pointer: link.pointer,
        says: `link ${link.name}`,
        request,
      })
    }
    const next = depth < maxDepth && isGood(found) ? linksOf(api, target) : []
    if (next.length > 0) yield* follow(ground, found, next, new Set([...done, operation.id, target.id]), depth + 1)
  }
}

type Filled = { readonly parameters: readonly (readonly [string, string])[]; readonly body: unknown }

/** What the link says to send, or why that cannot be said. */
function filledIn(api: Api, link: Link, exchange: Exchange, target: Operation): Filled | string {
  const scope = scopeAt(api, exchange)
  if (scope === undefined) return 'its answer cannot be read'
  const parameters: (readonly [string, string])[] = []
  for (const [key, given] of Object.entries(link.parameters)) {
    const name = key.replace(/^(path|query|header|cookie)\./, '')
    if (!target.parameters.some(parameter => parameter.name === name)) return `${target.id} has no parameter ${name}`
    const value = valueIn(given, scope)
    if (value === undefined) return `${String(given)} is nowhere in the answer`
    parameters.push([name, typeof value === 'object' ? JSON.stringify(value) : String(value)])
  }
  const body = link.requestBody === undefined ? undefined : valueIn(link.requestBody, scope)
  if (link.requestBody !== undefined && body === undefined)
    return `${String(link.requestBody)} is nowhere in the answer`
  return { parameters, body }
}

/** A constant as it is; a runtime expression, or a text with some in braces, as what they stand for. */
function valueIn(given: unknown, scope: Scope): unknown {
  if (typeof given !== 'string') return given
  if (given.startsWith('$')) return compileExpression(given)?.read(scope)
  let isWhole = true
  const text = given.replace(/\{(\$[^{}]+)\}/g, (_, expression: string) => {
    const value = compileExpression(expression)?.read(scope)
    if (value === undefined) isWhole = false
    return String(value)
  })
  return isWhole ? text : undefined
}

function scopeAt(api: Api, { request, response }: Exchange): Scope | undefined {
  const match = api.lead(request)
  if (match.kind !== 'found') return undefined
  const { status, headers, body } = response
  const content = match.operation
    .responseFor(status)
    ?.content.find(({ mediaType }) => isJson(parseMediaType(mediaType)?.essence ?? ''))
  const decoded = body.length === 0 ? undefined : decodeBody(content?.mediaType ?? 'application/json', body)
  const value = decoded?.kind === 'value' ? decoded.value : undefined
  return scopeOf(match.operation.read(request, match.params), { status, headers, body: value })
}
