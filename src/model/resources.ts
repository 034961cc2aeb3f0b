import type { Api } from './api.ts'
import type { Operation } from './operation.ts'
import { Part } from './part.ts'
import { namesIn } from './router.ts'
import { propertiesOf } from './styles/coerce.ts'

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
  /** Those of them that put another thing in its place, so that what is not sent is gone. Source: RFC 9110, section 9.3.4. */
  readonly replacing: readonly Operation[]
  readonly remove: Operation | undefined
  /** Whether the document says so with `x-contract.resources`; else it was concluded from paths and names. */
  readonly isDeclared: boolean
}

/**
 * The resources of a document: those it declares, and those its paths suggest.
 *
 * @param how with `framed`, also those whose operations answer with the thing in a member of an object; and a thing is named
 *   by what the last word of the parameter says, as `issue_number` says `number`
 */
export function resourcesOf(api: Api, how?: 'framed'): Resource[] {
  const declared = declaredIn(api)
  const taken = new Set(declared.map(({ create }) => create.id))
  return [...declared, ...suggestedBy(api, how === 'framed').filter(({ create }) => !taken.has(create.id))]
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
    const [read, update, replace] = [operation('read'), operation('update'), operation('replace')]
    const parameter = parameterOf([read, update, replace, operation('remove')], create) ?? id
    const changes = [...new Set([...changesOf(api, parameter), ...[update, replace].flatMap(each => each ?? [])])]
    return [
      {
        name,
        id,
        parameter,
        create,
        list: operation('list'),
        read,
        changes,
        replacing: replace === undefined ? [] : [replace],
        remove: operation('remove') ?? removeOf(api, parameter),
        isDeclared: true,
      },
    ]
  })
}

/** The parameter that ends the path of an operation on one thing; the create operation has none of that name. */
function parameterOf(operations: readonly (Operation | undefined)[], create: Operation): string | undefined {
  const ends = operations.flatMap(operation => /\{([^{}/]+)\}$/.exec(operation?.path ?? '')?.[1] ?? [])
  return ends.find(name => !namesIn(create.path).includes(name))
}

/** `POST /things` creates what `GET /things/{id}` reads. */
function suggestedBy(api: Api, isFramed: boolean): Resource[] {
  return api.operations.flatMap(create => {
    if (create.method !== 'POST') return []
    const isItem = ({ path }: Operation): boolean =>
      path.startsWith(`${create.path}/{`) && /^\/\{[^{}/]+\}$/.test(path.slice(create.path.length))
    const read = api.operations.find(operation => operation.method === 'GET' && isItem(operation))
    const parameter = read?.path.slice(create.path.length + 2, -1)
    if (read === undefined || parameter === undefined) return []
    const id = idAmong(api, create, parameter, isFramed)
    if (id === undefined) return []
    const list = api.operations.find(({ method, path }) => method === 'GET' && path === create.path)
    const changes = changesOf(api, parameter).filter(({ path }) => path.startsWith(read.path))
    const replacing = changes.filter(({ method, path }) => method === 'PUT' && path === read.path)
    const remove = api.operations.find(operation => operation.method === 'DELETE' && isItem(operation))
    const name = create.path.split('/').at(-1) ?? create.id
    return [{ name, id, parameter, create, list, read, changes, replacing, remove, isDeclared: false }]
  })
}

/** The property of what a create answers that the path parameter means. */
function idAmong(api: Api, create: Operation, parameter: string, isFramed: boolean): string | undefined {
  const schema = create.responses
    .find(({ status }) => /^2/.test(status))
    ?.content.find(({ schema }) => schema !== undefined)?.schema
  const part = schema && Part.of(api.document.root).at(schema.pointer)
  const names = propertyNames(part)
  const ids = [parameter, ...(isFramed ? [lastWord(parameter)] : []), 'id', 'uuid', `${parameter}Id`]
  const own = ids.find(name => names.includes(name))
  return own ?? (isFramed ? ids.find(name => thingMemberOf(part, name) !== undefined) : undefined)
}

/**
 * The member of a body that a thing stands in, as in `{"data":{"id":1}}`; `undefined` where the body is the thing itself, or
 * nothing says which of several members it is.
 *
 * @param id the property that names a thing
 */
export function thingMemberOf(schema: Part | undefined, id: string): string | undefined {
  const properties = propertiesOf(schema)
  if (properties.has(id)) return undefined
  const named = [...properties].filter(([, part]) => propertiesOf(part).has(id)).map(([name]) => name)
  return named.length === 1 ? named[0] : named.find(name => name === 'data' || name === 'result')
}

/** `number` of `issue_number`, `name` of `domainName`. */
function lastWord(name: string): string {
  return (/(?:[_-]|(?=[A-Z]))([A-Za-z]+)$/.exec(name)?.[1] ?? name).replace(/^.*(?=[A-Z])/, '').toLowerCase()
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

/** The member of a thing that an operation below it changes: it answers with what the member is declared as. */
export function memberChangedBy(change: Operation, create: Operation): string | undefined {
  const answered = schemaOf(change)
  const members = [...propertiesOf(schemaOf(create))]
  const isAnswered = (part: Part): boolean =>
    part.pointer === answered?.pointer || branchesOf(part).some(branch => branch.pointer === answered?.pointer)
  const last = change.path.split('/').at(-1)?.toLowerCase()
  const found = members.find(([, part]) => isAnswered(part)) ?? members.find(([name]) => name.toLowerCase() === last)
  return found?.[0]
}

function branchesOf(part: Part): Part[] {
  return ['oneOf', 'anyOf', 'allOf'].flatMap(keyword =>
    [...(part.get(keyword)?.entries() ?? [])].map(([, branch]) => branch),
  )
}

function schemaOf(operation: Operation): Part | undefined {
  return operation.responses.find(({ status }) => status.startsWith('2'))?.content[0]?.shape.schema
}
