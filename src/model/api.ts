import type { Document } from '../document/index.ts'
import type { Headers, HttpRequest } from '../http/index.ts'
import { lazily } from './lazily.ts'
import { type Near, nearest } from './nearest.ts'
import { Operation } from './operation.ts'
import { type Candidate, isTold, meantOf } from './overloads.ts'
import { Part } from './part.ts'
import { Query } from './query.ts'
import { emptyRecord } from './record.ts'
import { divisionsOf, isDivided, namesIn, type Route, Router } from './router.ts'
import { Schemas } from './schema.ts'
import type { CredentialOptions } from './security/index.ts'
import { basePathsOf, serverUrls } from './servers.ts'
import { capturesIn, isMet, meets, readTemplate, type Template } from './template.ts'
import { type Unreachable, unreachableOf } from './unreachable.ts'

/** What a method and a path lead to. */
export type Match =
  | (Candidate & {
      readonly kind: 'found'
      /** All that may be meant, the operation at hand first, where only the request as a whole can tell. */
      readonly overloads?: readonly [Candidate, ...Candidate[]]
    })
  | { readonly kind: 'wrong-method'; readonly path: string; readonly allow: readonly string[] }
  | { readonly kind: 'unknown-path' }

const unknownPath: Match = { kind: 'unknown-path' }

/** Methods of a path item; other ones stand in its `additionalOperations`. Source: OpenAPI 3.2.0, section 4.9.1. */
const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'] as const

/** Templates that differ in names only lead to one leaf, so each operation there has names of its own. */
type Leaf = { readonly path: string; readonly operations: Map<string, Named> }
type Named = {
  readonly operation: Operation
  readonly names: readonly string[]
  readonly template: Template
  /** Whether paths may fit the template in several ways. */
  readonly isDivided: boolean
  /** Operations of the same path and method, which are told apart by what else their templates ask for. */
  others: Named[] | undefined
}

const noHeaders: Headers = []

/** The compiled model of a document. */
export class Api {
  readonly document: Document
  readonly title: string
  readonly operations: readonly Operation[]
  readonly schemas: Schemas
  /** Paths of the servers, whoever states them, that requests may carry in front of the templates. */
  readonly basePaths: readonly string[]
  /** Addresses of the servers, whoever states them, without a closing slash. */
  readonly servers: () => readonly string[]
  /** The operations that no request leads to, with the reason. */
  readonly unreachable: () => readonly Unreachable[]
  readonly #router = new Router<Leaf>()
  readonly #hasFragments: boolean

  constructor(document: Document, credentials: CredentialOptions = {}) {
    const root = Part.of(document.root)
    this.document = document
    this.title = root.get('info')?.text('title') ?? document.file
    this.schemas = new Schemas(document)
    const servers = serversOf(root)
    const operations: Operation[] = []
    const replaced: [Operation, Operation][] = []
    const crowded: Operation[] = []
    for (const [path, pathItem] of root.get('paths')?.entries() ?? []) {
      if (!path.startsWith('/')) continue
      servers.push(...serversOf(pathItem))
      const template = readTemplate(path)
      for (const [method, part] of operationsIn(pathItem)) {
        servers.push(...serversOf(part))
        const operation = new Operation({
          method,
          path,
          root,
          pathItem,
          part,
          schemas: this.schemas,
          credentials,
        })
        operations.push(operation)
        const leaf = this.#router.at(template.path, () => ({ path: template.path, operations: new Map() }))
        const gone = addTo(leaf, {
          operation,
          names: namesIn(template.path),
          template,
          isDivided: isDivided(template.path),
          others: undefined,
        })
        if (gone !== undefined) replaced.push([gone, operation])
        if (template.conditions.length > 0) crowded.push(operation)
      }
    }
    this.operations = operations
    this.#hasFragments = operations.some(({ path }) => path.includes('#'))
    this.basePaths = basePathsOf(servers)
    this.servers = lazily(() => serverUrls(servers))
    this.unreachable = lazily(() =>
      unreachableOf(
        operations,
        replaced,
        crowded.map(operation => [operation, this.#besides(operation)]),
      ),
    )
  }

  operation(id: string): Operation | undefined {
    return this.operations.find(operation => operation.id === id)
  }

  /**
   * Finds the operation for a method and a request target; HEAD is answered by GET where it is not described.
   *
   * @param headers what tells operations of one path apart may stand in them
   */
  match(method: string, target: string, headers: Headers = noHeaders): Match {
    if (this.#hasFragments && target.includes('#')) {
      const end = target.indexOf('#')
      return this.#matchIn(method, target.slice(0, end), headers, target.slice(end))
    }
    return this.#matchIn(method, target, headers, '')
  }

  /** What a whole request leads to, by its body as well where several operations share path and method. */
  lead(request: HttpRequest): Match {
    const match = this.match(request.method, request.target, request.headers)
    if (match.kind !== 'found' || match.overloads === undefined) return match
    return { ...match, ...meantOf(match.overloads, request) }
  }

  /** @param fragment is no part of a request; who names it means the operation that has it */
  #matchIn(method: string, target: string, headers: Headers, fragment: string): Match {
    const path = pathOf(target)
    const route = this.#route(path)
    if (route === undefined) return unknownPath
    const { operations } = route.leaf
    const found = operations.get(method) ?? (method === 'HEAD' ? operations.get('GET') : undefined)
    if (found !== undefined) {
      if (found.others === undefined && found.template.conditions.length === 0) {
        return { kind: 'found', operation: found.operation, params: paramsOf(found, route) }
      }
      return amongOthers(found, route, Query.in(target), headers, fragment)
    }
    const allow = [...operations.keys()]
    if (operations.has('GET') && !operations.has('HEAD')) allow.push('HEAD')
    if (!operations.has('OPTIONS')) allow.push('OPTIONS')
    return { kind: 'wrong-method', path: route.leaf.path, allow }
  }

  /** The operations, of other documents too, whose templates come closest to a path that nobody knows, best first. */
  nearest(method: string, target: string, beside: readonly Api[] = []): Near[] {
    return nearest(
      method,
      pathOf(target),
      [this, ...beside].flatMap(({ operations }) => operations),
    )
  }

  /** The operations of the same path and method, in the order in which they are thought of. */
  #besides({ method, path }: Operation): readonly Operation[] {
    const first = this.#router.find(readTemplate(path).path)?.leaf.operations.get(method)
    if (first?.others === undefined) return []
    const all = [first, ...first.others]
    const isPlain = ({ template }: Named): boolean => template.conditions.length === 0
    return [...all.filter(isPlain), ...all.filter(one => !isPlain(one))].map(({ operation }) => operation)
  }

  #route(path: string): Route<Leaf> | undefined {
    for (const base of this.basePaths) {
      const route = path.startsWith(base) ? this.#router.find(path.slice(base.length)) : undefined
      if (route !== undefined) return route
    }
    return this.#router.find(path)
  }
}

function* operationsIn(pathItem: Part): Generator<[method: string, part: Part]> {
  for (const method of methods) {
    const part = pathItem.get(method)
    if (part !== undefined) yield [method.toUpperCase(), part]
  }
  for (const [method, part] of pathItem.get('additionalOperations')?.entries() ?? []) {
    if (!(methods as readonly string[]).includes(method.toLowerCase())) yield [method, part]
  }
}

/**
 * Of those that nothing tells apart the last counts, as it does where two templates differ in names only.
 *
 * @returns the operation whose place was taken
 */
function addTo({ operations }: Leaf, added: Named): Operation | undefined {
  const { method } = added.operation
  const first = operations.get(method)
  if (first === undefined || sameConditions(first, added)) {
    operations.set(method, { ...added, others: first?.others })
    return first?.operation
  }
  const same = first.others?.find(other => sameConditions(other, added))
  first.others = [...(first.others ?? []).filter(other => other !== same), added]
  return same?.operation
}

function sameConditions(a: Named, b: Named): boolean {
  return JSON.stringify(a.template.conditions) === JSON.stringify(b.template.conditions)
}

/**
 * The operation that asks for most of what the request carries; else one that asks for nothing, beside those that ask for
 * what no request carries; else the first.
 */
function amongOthers(first: Named, route: Route<Leaf>, query: Query, headers: Headers, fragment: string): Match {
  const all = [first, ...(first.others ?? [])]
  const led = (one: Named): Candidate => {
    const params = Object.assign(paramsOf(one, route), Object.fromEntries(capturesIn(one.template, query)))
    return { operation: one.operation, params }
  }
  const meant = fragment === '' ? undefined : all.find(({ operation }) => operation.path.endsWith(fragment))
  if (meant !== undefined) return { kind: 'found', ...led(meant) }
  const [best] = all
    .filter(({ template }) => meets(template, query, headers))
    .sort((a, b) => b.template.conditions.length - a.template.conditions.length)
  if (best !== undefined && best.template.conditions.length > 0) return { kind: 'found', ...led(best) }
  const open = all.filter(one => one !== best && mayBeMeant(one, query, headers))
  const [main = first, ...others] = best === undefined ? open : [best, ...open]
  if (others.length === 0) return { kind: 'found', ...led(main) }
  const candidate = led(main)
  return { kind: 'found', ...candidate, overloads: [candidate, ...others.map(led)] }
}

/** Whether a request carries what a template asks for, but for fragments that nothing in it can show. */
function mayBeMeant({ operation, template }: Named, query: Query, headers: Headers): boolean {
  return template.conditions.every(
    condition => isMet(condition, query, headers) || (condition.inHeader && !isTold(operation, condition.name)),
  )
}

/** Of the ways in which a path fits a template, the first that the schemas of its parameters accept. */
function paramsOf(
  { operation, names, template, isDivided }: Named,
  { values, path }: Route<Leaf>,
): Record<string, string> {
  const params = named(names, values)
  if (!isDivided || operation.takesPath(params)) return params
  const others = divisionsOf(template.path, path).map(other => named(names, other))
  return others.find(other => operation.takesPath(other)) ?? params
}

function named(names: readonly string[], values: readonly string[]): Record<string, string> {
  const params = emptyRecord<string>()
  for (let at = 0; at < names.length; at += 1) params[names[at] as string] = values[at] as string
  return params
}

/** The path of a request target in origin or absolute form. Source: RFC 9112, section 3.2. */
function pathOf(target: string): string {
  const query = target.indexOf('?')
  const path = query === -1 ? target : target.slice(0, query)
  return path.startsWith('/') ? path : path.replace(/^https?:\/\/[^/]*/i, '')
}

function serversOf(part: Part): Part[] {
  return [...(part.get('servers')?.entries() ?? [])].map(([, server]) => server)
}
