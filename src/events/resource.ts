import { type Api, memberChangedBy, type Operation, Part } from '../model/index.ts'

/** How the thing that an operation creates is told apart, changed and removed. */
export type Resource = {
  /** Properties of the answer that may name it, the likeliest first. */
  readonly ids: readonly string[]
  /** The path parameter that names it. */
  readonly parameter: string
  /** Operations that change it, each with the member of the thing that is changed; `undefined` for the whole. */
  readonly changes: ReadonlyMap<Operation, string | undefined>
  readonly removals: ReadonlySet<Operation>
}

/** What the document says of the thing that an operation creates: by `x-contract.resources`, else by its paths. */
export function resourceOf(api: Api, create: Operation): Resource {
  const declared = declaredFor(api, create)
  const item = declared?.path ?? suggested(api, create)
  const parameter = item === undefined ? undefined : /\{([^{}/]+)\}$/.exec(item)?.[1]
  if (item === undefined || parameter === undefined) {
    return { ids: [], parameter: '', changes: new Map(), removals: new Set() }
  }
  const below = api.operations.filter(({ path }) => path === item || path.startsWith(`${item}/`))
  const changes = below
    .filter(({ method }) => method === 'PUT' || method === 'PATCH')
    .map(operation => [operation, operation.path === item ? undefined : memberChangedBy(operation, create)] as const)
    .filter(([operation, member]) => operation.path === item || member !== undefined)
  const removals = below.filter(
    ({ method, path, id }) => (method === 'DELETE' && path === item) || id === declared?.remove,
  )
  const ids = [...new Set([...(declared === undefined ? [] : [declared.id]), parameter, 'id', 'uuid'])]
  return { ids, parameter, changes: new Map(changes), removals: new Set(removals) }
}

function declaredFor(api: Api, create: Operation) {
  const resources = Part.of(api.document.root).get('x-contract')?.get('resources')
  for (const [, resource] of resources?.entries() ?? []) {
    const id = resource.text('id')
    if (id === undefined || resource.text('create') !== create.id) continue
    const named = ['read', 'update', 'replace', 'remove'].flatMap(
      role => api.operation(resource.text(role) ?? '') ?? [],
    )
    const path = named.find(operation => operation.path.endsWith('}'))?.path
    if (path !== undefined) return { id, path, remove: resource.text('remove') }
  }
  return undefined
}

/** `POST /things` creates what `/things/{id}` is about. */
function suggested(api: Api, { path }: Operation): string | undefined {
  return api.operations.find(
    operation => operation.path.startsWith(`${path}/`) && /^\/\{[^{}/]+\}$/.test(operation.path.slice(path.length)),
  )?.path
}
