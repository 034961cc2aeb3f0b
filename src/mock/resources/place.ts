import { sessionOf } from '../../http/index.ts'
import { percentEncoded, type Reading, type Resource } from '../../model/index.ts'
import { shelvesOf } from './sessions.ts'

/** The values of a request's path, by name. */
export type Path = { readonly reading: Reading; readonly params: Readonly<Record<string, string>> }

/** The value of a path parameter as a text; also of one that the document does not describe. */
export function pathValue({ reading, params }: Path, name: string): string {
  const read = reading.path[name]
  if (read !== undefined) return typeof read === 'object' ? JSON.stringify(read) : String(read)
  return decoded(params[name] ?? '')
}

/** The shelf that things of a resource stand on: one for each session and each value of what all of its operations have in their paths. */
export function shelfOf(name: string, resource: Resource, path: Path): string {
  return namedBy(name, resource, path, sharedBy(resource))
}

/** How the names of the shelves begin that things of a resource below another stand on, whose parameters have values in a path. */
export function shelvesBelow(name: string, resource: Resource, path: Path, parameters: readonly string[]): string {
  const known = sharedBy(resource).filter(parent => parameters.includes(parent))
  return namedBy(name, resource, path, known).slice(0, -1)
}

/** What all operations of a resource have in their paths. */
export function sharedBy({ create, list, read, changes, remove }: Resource): string[] {
  const others = [list, read, ...changes, remove].flatMap(operation => operation ?? [])
  return parentsIn(create.path).filter(parent => others.every(({ path }) => path.includes(`{${parent}}`)))
}

function namedBy(name: string, { create }: Resource, path: Path, shared: readonly string[]): string {
  const session = sessionOf(path.reading.request.headers)
  const shelf = JSON.stringify([name, create.id, ...shared.map(parent => pathValue(path, parent))])
  return session === undefined ? shelf : `${shelvesOf(session)}${shelf}`
}

/** The names of the path parameters of a template. */
export function parentsIn(template: string): string[] {
  return [...template.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name)
}

/**
 * Has `Location` lead to what was created, where it leads to another thing of the kind, as that of an example does. Source:
 * RFC 9110, section 10.2.2.
 */
export function located(headers: readonly string[], resource: Resource, id: string, path: Path): readonly string[] {
  const at = headers.findIndex((field, index) => index % 2 === 0 && field.toLowerCase() === 'location')
  const template = resource.read?.path.split('/').slice(1)
  if (at === -1 || template === undefined) return headers
  const shown = (headers[at + 1] ?? '').split(/[?#]/)[0]?.split('/') ?? []
  const tail = shown.slice(-template.length)
  if (!template.every((segment, index) => segment.includes('{') || segment === tail[index])) return headers
  const filled = template.map(segment =>
    segment.replace(/\{([^{}]+)\}/g, (_, name: string) =>
      percentEncoded(name === resource.parameter ? id : pathValue(path, name)),
    ),
  )
  return headers.with(at + 1, [...shown.slice(0, -template.length), ...filled].join('/'))
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
