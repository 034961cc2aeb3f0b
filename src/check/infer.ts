import { isJson, parseMediaType } from '../http/index.ts'
import {
  type Api,
  type Content,
  compileExpression,
  type Equality,
  type Operation,
  type Order,
  Part,
  type Relations,
  type ResponseDescription,
  type Uniqueness,
} from '../model/index.ts'

const nothing: Relations = { equal: [], unique: [], ordered: [] }

/** Pairs of names of which the first is never later than the second. */
const instants = [
  ['createdAt', 'updatedAt'],
  ['created_at', 'updated_at'],
  ['createdAt', 'modifiedAt'],
  ['created', 'updated'],
] as const

/**
 * Relations that a document does not declare, but that names and types suggest: what was sent comes back under the same
 * name, what the path names too, an error repeats its status, a thing is not changed before it is created, and each one that
 * is created has an id of its own. Where the document declares relations for a response, its word is enough.
 */
export function inferRelations(
  api: Api,
  operation: Operation,
  response: ResponseDescription,
  status: number,
): Relations {
  const declared = response.relations
  if (declared.equal.length + declared.unique.length + declared.ordered.length > 0) return nothing
  const answer = propertiesOf(api, response.content)
  if (answer === undefined) return nothing
  if (status >= 400) return { ...nothing, equal: errorStatus(answer) }
  if (status >= 300) return nothing
  const unique = idsOf(api, operation, answer)
  // Who gives every thing an id of its own does not take the one that was sent twice.
  const ids = new Set(unique.map(({ place }) => place.text))
  const echoed = echoes(api, operation, answer).filter(({ left }) => !ids.has(left.text))
  return {
    equal: [...echoed, ...named(operation, answer)],
    unique,
    ordered: ordersIn(answer),
  }
}

type Properties = ReadonlyMap<string, Part>

function propertiesOf(api: Api, contents: readonly Content[]): Properties | undefined {
  const content = contents.find(({ mediaType }) => isJson(parseMediaType(mediaType)?.essence ?? ''))
  const part = content?.schema && Part.of(api.document.root).at(content.schema.pointer)
  const properties = part?.get('properties')
  return properties && new Map(properties.entries())
}

function typeOf(part: Part | undefined): string | undefined {
  const types = [part?.get('type')?.value].flat().filter(type => type !== 'null')
  return types.length === 1 && typeof types[0] === 'string' ? types[0] : undefined
}

function isScalar(type: string | undefined): boolean {
  return type === 'string' || type === 'boolean' || type === 'integer' || type === 'number'
}

function equality(left: string, right: string, pointer: string, fallback?: { value: unknown }): Equality[] {
  const [one, other] = [compileExpression(left), compileExpression(right)]
  return one === undefined || other === undefined ? [] : [{ left: one, right: other, fallback, pointer }]
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}

function echoes(api: Api, { method, requestBody }: Operation, answer: Properties): Equality[] {
  if (requestBody === undefined || !['POST', 'PUT', 'PATCH'].includes(method)) return []
  const sent = propertiesOf(api, requestBody.content) ?? new Map<string, Part>()
  return [...sent].flatMap(([name, part]) => {
    const returned = answer.get(name)
    const type = typeOf(part)
    if (returned === undefined || type !== typeOf(returned) || !isScalar(type)) return []
    if (part.is('writeOnly') || part.is('readOnly') || returned.is('readOnly')) return []
    const stated = method === 'POST' ? part.get('default') : undefined
    const place = `#/${escaped(name)}`
    return equality(
      `$response.body${place}`,
      `$request.body${place}`,
      returned.pointer,
      stated && { value: stated.value },
    )
  })
}

/** A path parameter and the property that bears its name. */
function named({ parameters }: Operation, answer: Properties): Equality[] {
  return parameters
    .filter(({ in: place }) => place === 'path')
    .flatMap(({ name }) => {
      const property =
        [...answer.keys()].find(each => each === name) ?? [...answer.keys()].find(each => bears(each, name))
      const part = property === undefined ? undefined : answer.get(property)
      if (property === undefined || part === undefined || typeOf(part) !== 'string') return []
      return equality(`$response.body#/${escaped(property)}`, `$request.path.${name}`, part.pointer)
    })
}

/** Foreign keys are often named after table and column: `instanceInstanceId` bears the name of `instanceId`. */
function bears(property: string, name: string): boolean {
  const [long, short] = [property.toLowerCase(), name.toLowerCase()]
  const prefix = long.endsWith(short) ? long.slice(0, -short.length).replace(/_$/, '') : ''
  return prefix.length > 2 && short.startsWith(prefix)
}

function errorStatus(answer: Properties): Equality[] {
  return ['statusCode', 'status_code', 'status'].flatMap(name => {
    const part = answer.get(name)
    return part !== undefined && ['integer', 'number'].includes(typeOf(part) ?? '')
      ? equality(`$response.body#/${name}`, '$statusCode', part.pointer)
      : []
  })
}

function ordersIn(answer: Properties): Order[] {
  return instants.flatMap(([earlier, later]) => {
    const [first, second] = [
      compileExpression(`$response.body#/${earlier}`),
      compileExpression(`$response.body#/${later}`),
    ]
    const part = answer.get(later)
    if (!answer.has(earlier) || part === undefined || first === undefined || second === undefined) return []
    return [{ first, second, pointer: part.pointer }]
  })
}

/** What names a thing that is created: `id`, or the parameter by which it is read. */
function idsOf(api: Api, { method, path }: Operation, answer: Properties): Uniqueness[] {
  if (method !== 'POST') return []
  const below = api.operations.flatMap(other => {
    const rest = other.path.startsWith(`${path}/{`) ? other.path.slice(path.length + 2) : ''
    return /^[^{}/]+\}$/.test(rest) ? [rest.slice(0, -1)] : []
  })
  if (below.length === 0) return []
  return [...new Set(['id', 'uuid', ...below])].flatMap(name => {
    const part = answer.get(name)
    const place = compileExpression(`$response.body#/${escaped(name)}`)
    return part === undefined || place === undefined ? [] : [{ place, pointer: part.pointer }]
  })
}
