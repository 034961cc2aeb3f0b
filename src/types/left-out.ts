import { parsePointer, resolvePointer } from '../finding/index.ts'

/** A JSON object of the document. */
type Node = Record<string, unknown>

/** Methods that the translator knows. */
const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']

/**
 * Frees a document of what the translator refuses or passes over, in place: of two operations with one name, the later loses
 * it. Methods that OpenAPI 3.2 adds have no place in the types.
 *
 * @returns what was done, in sentences
 */
export function leaveOut(root: Node): string[] {
  const said: string[] = []
  const named = new Map<string, string>()
  const seen = new Set<object>()
  for (const [path, written] of [...entriesOf(root.paths), ...entriesOf(root.webhooks)]) {
    const item = followed(root, written)
    if (item === undefined || seen.has(item)) continue
    seen.add(item)
    for (const [place, owner] of [[path, item], ...methods.map(one => [`${one.toUpperCase()} ${path}`, item[one]])]) {
      if (isNode(owner) && !spreadQueryString(root, owner))
        said.push(`The query of ${place} is not in the types: it is no form with named fields`)
    }
    if (isNode(item.query)) said.push(`QUERY ${path} is not in the types, openapi-typescript has no place for it`)
    for (const [method] of entriesOf(item.additionalOperations))
      said.push(`${method} ${path} is not in the types, openapi-typescript has no place for it`)
    for (const method of methods) {
      const operation = item[method]
      if (!isNode(operation) || typeof operation.operationId !== 'string') continue
      const id = operation.operationId
      const [first, place] = [named.get(id), `${method.toUpperCase()} ${path}`]
      if (first === undefined) named.set(id, place)
      else {
        said.push(`${id} is the operationId of ${first} and of ${place}; the types have it for the first only`)
        delete operation.operationId
      }
    }
  }
  return said
}

/**
 * Puts query parameters in the place of a `querystring`, which the translator does not know. Source: OpenAPI 3.2.0, section
 * 4.12.1.
 *
 * @returns whether all that it holds could be put so
 */
function spreadQueryString(root: Node, owner: Node): boolean {
  if (!Array.isArray(owner.parameters)) return true
  let isWhole = true
  owner.parameters = owner.parameters.flatMap((written: unknown) => {
    const parameter = followed(root, written)
    if (parameter?.in !== 'querystring') return [written]
    const content = isNode(parameter.content) ? parameter.content['application/x-www-form-urlencoded'] : undefined
    const schema = followed(root, isNode(content) ? content.schema : undefined)
    const fields = entriesOf(schema?.properties)
    if (fields.length === 0) isWhole = false
    const required = Array.isArray(schema?.required) && parameter.required === true ? schema.required : []
    return fields.map(([name, field]) => ({ name, in: 'query', required: required.includes(name), schema: field }))
  })
  return isWhole
}

function followed(root: Node, written: unknown): Node | undefined {
  let here = written
  for (let hops = 0; hops < 100 && isNode(here) && typeof here.$ref === 'string'; hops += 1) {
    here = resolvePointer(root, parsePointer(here.$ref))
  }
  return isNode(here) ? here : undefined
}

function entriesOf(value: unknown): [string, unknown][] {
  return isNode(value) ? Object.entries(value) : []
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
