import type { Document } from '../document/index.ts'
import { lazily } from './lazily.ts'
import { type Near, nearest } from './nearest.ts'
import { Operation } from './operation.ts'
import { Part } from './part.ts'
import { emptyRecord } from './record.ts'
import { namesIn, type Route, Router } from './router.ts'
import { Schemas } from './schema.ts'
import type { CredentialOptions } from './security/index.ts'
import { basePathsOf, serverUrls } from './servers.ts'

/** What a method and a path lead to. */
export type Match =
  | { readonly kind: 'found'; readonly operation: Operation; readonly params: Readonly<Record<string, string>> }
  | { readonly kind: 'wrong-method'; readonly path: string; readonly allow: readonly string[] }
  | { readonly kind: 'unknown-path' }

const unknownPath: Match = { kind: 'unknown-path' }

/** Methods of a path item. Source: OpenAPI 3.1.1, section 4.8.9.1. */
const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const

/** Templates that differ in names only lead to one leaf, so each operation there has names of its own. */
type Leaf = { readonly path: string; readonly operations: Map<string, Named> }
type Named = { readonly operation: Operation; readonly names: readonly string[] }

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
  readonly #router = new Router<Leaf>()

  constructor(document: Document, credentials: CredentialOptions = {}) {
    const root = Part.of(document.root)
    this.document = document
    this.title = root.get('info')?.text('title') ?? document.file
    this.schemas = new Schemas(document)
    const servers = serversOf(root)
    const operations: Operation[] = []
    for (const [path, pathItem] of root.get('paths')?.entries() ?? []) {
      if (!path.startsWith('/')) continue
      servers.push(...serversOf(pathItem))
      for (const method of methods) {
        const part = pathItem.get(method)
        if (part === undefined) continue
        servers.push(...serversOf(part))
        const operation = new Operation({
          method: method.toUpperCase(),
          path,
          root,
          pathItem,
          part,
          schemas: this.schemas,
          credentials,
        })
        operations.push(operation)
        const leaf = this.#router.at(path, () => ({ path, operations: new Map() }))
        leaf.operations.set(operation.method, { operation, names: namesIn(path) })
      }
    }
    this.operations = operations
    this.basePaths = basePathsOf(servers)
    this.servers = lazily(() => serverUrls(servers))
  }

  operation(id: string): Operation | undefined {
    return this.operations.find(operation => operation.id === id)
  }

  /** Finds the operation for a method and a request target; HEAD is answered by GET where it is not described. */
  match(method: string, target: string): Match {
    const path = pathOf(target)
    const route = this.#route(path)
    if (route === undefined) return unknownPath
    const { operations } = route.leaf
    const found = operations.get(method) ?? (method === 'HEAD' ? operations.get('GET') : undefined)
    if (found !== undefined) {
      return { kind: 'found', operation: found.operation, params: named(found.names, route.values) }
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

  #route(path: string): Route<Leaf> | undefined {
    for (const base of this.basePaths) {
      const route = path.startsWith(base) ? this.#router.find(path.slice(base.length)) : undefined
      if (route !== undefined) return route
    }
    return this.#router.find(path)
  }
}

function named(names: readonly string[], values: readonly string[]): Readonly<Record<string, string>> {
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
