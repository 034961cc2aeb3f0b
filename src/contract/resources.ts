import { type Api, type Operation, Part } from '../model/index.ts'

/** Operations that work on the same kind of thing. */
export type Resource = {
  readonly name: string
  /** The property of the thing that names it. */
  readonly id: string
  /** The path parameter that names it. */
  readonly parameter: string
  readonly create: Operation
  readonly list: Operation | undefined
  readonly read: Operation | undefined
  /** Operations that change the thing or a part of it, parts first. */
  readonly changes: readonly Operation[]
  readonly remove: Operation | undefined
  /** Whether the document says so with `x-contract.resources`; else it was concluded from paths and names. */
  readonly isDeclared: boolean
}

/** The resources of a document: those it declares, and those its paths suggest. */
export function resourcesOf(api: Api): Resource[] {
  const declared = declaredIn(api)
  const taken = new Set(declared.map(({ create }) => create.id))
  return [...declared, ...suggestedBy(api).filter(({ create }) => !taken.has(create.id))]
}

/** The operations that create what others need in their paths, the outermost first. */
export function leadingTo(operations: readonly Operation[], resources: readonly Resource[]): Operation[] {
  const inPath = operations.flatMap(({ parameters }) => parameters.filter(({ in: place }) => place === 'path'))
  const names = new Set(inPath.map(({ name }) => name))
  return resources
    .filter(({ parameter }) => names.has(parameter))
    .map(({ create }) => create)
    .sort((a, b) => a.path.length - b.path.length)
}

function declaredIn(api: Api): Resource[] {
  const resources = Part.of(api.document.root).get('x-contract')?.get('resources')
  return [...(resources?.entries() ?? [])].flatMap(([name, resource]) => {
    const id = resource.text('id')
    const operation = (role: string): Operation | undefined => {
      const named = resource.text(role)
      return named === undefined ? undefined : api.operation(named)
    }
    const create = operation('create')
    if (id === undefined || create === undefined) return []
    return [
      {
        name,
        id,
        parameter: id,
        create,
        list: operation('list'),
        read: operation('read'),
        changes: changesOf(api, id),
        remove: operation('remove') ?? removeOf(api, id),
        isDeclared: true,
      },
    ]
  })
}

/** `POST /things` creates what `GET /things/{id}` reads. */
function suggestedBy(api: Api): Resource[] {
  return api.operations.flatMap(create => {
    if (create.method !== 'POST') return []
    const isItem = ({ path }: Operation): boolean =>
      path.startsWith(`${create.path}/{`) && /^\/\{[^{}/]+\}$/.test(path.slice(create.path.length))
    const read = api.operations.find(operation => operation.method === 'GET' && isItem(operation))
    const parameter = read?.path.slice(create.path.length + 2, -1)
    if (read === undefined || parameter === undefined) return []
    const id = idAmong(api, create, parameter)
    if (id === undefined) return []
    const list = api.operations.find(({ method, path }) => method === 'GET' && path === create.path)
    const changes = changesOf(api, parameter).filter(({ path }) => path.startsWith(read.path))
    const remove = api.operations.find(operation => operation.method === 'DELETE' && isItem(operation))
    const name = create.path.split('/').at(-1) ?? create.id
    return [{ name, id, parameter, create, list, read, changes, remove, isDeclared: false }]
  })
}

/** The property of what a create answers that the path parameter means. */
function idAmong(api: Api, create: Operation, parameter: string): string | undefined {
  const schema = create.responses
    .find(({ status }) => /^2/.test(status))
    ?.content.find(({ schema }) => schema !== undefined)?.schema
  const names = propertyNames(schema && Part.of(api.document.root).at(schema.pointer))
  return [parameter, 'id', 'uuid', `${parameter}Id`].find(name => names.includes(name))
}

function propertyNames(part: Part | undefined, depth = 0): string[] {
  if (part === undefined || depth > 3) return []
  const own = Object.keys(Object(part.get('properties')?.value))
  const parts = [...(part.get('allOf')?.entries() ?? [])]
  return [...own, ...parts.flatMap(([, each]) => propertyNames(each, depth + 1))]
}

/** What changes the thing, the operations on its parts first, so that a change of the whole is seen to leave them alone. */
function changesOf(api: Api, parameter: string): Operation[] {
  return api.operations
    .filter(({ method, path }) => (method === 'PUT' || method === 'PATCH') && path.includes(`{${parameter}}`))
    .sort((a, b) => b.path.length - a.path.length)
}

function removeOf(api: Api, parameter: string): Operation | undefined {
  return api.operations.find(({ method, path }) => method === 'DELETE' && path.endsWith(`{${parameter}}`))
}
