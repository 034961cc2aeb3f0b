import { formatFragment } from '../finding/index.ts'
import { isNode, type Node } from './each-object.ts'

/** Why a part cannot be understood, by the pointer to it in the upgraded document. */
export type Fault = { readonly pointer: string; readonly message: string; readonly help: string }

type Kind =
  | 'document'
  | 'components'
  | 'path item'
  | 'operation'
  | 'parameter'
  | 'request body'
  | 'response'
  | 'header'
  | 'media type'
  | 'callback'
  | 'schema'
  | 'object'
type Form = 'one' | 'list' | 'map'
type Shape = Readonly<Record<string, readonly [Form, Kind]>>

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query']
const content = { content: ['map', 'media type'] } as const
const each = (names: string, form: Form, kind: Kind): Shape =>
  Object.fromEntries(names.split(' ').map(name => [name, [form, kind] as const]))

/** Which members of each kind hold which other kinds. Source: OpenAPI 3.1.1, section 4.8, and JSON Schema 2020-12. */
const shapes: Readonly<Record<Kind, Shape>> = {
  document: {
    ...each('paths webhooks', 'map', 'path item'),
    components: ['one', 'components'],
    servers: ['list', 'object'],
  },
  components: {
    schemas: ['map', 'schema'],
    responses: ['map', 'response'],
    parameters: ['map', 'parameter'],
    requestBodies: ['map', 'request body'],
    headers: ['map', 'header'],
    callbacks: ['map', 'callback'],
    pathItems: ['map', 'path item'],
    securitySchemes: ['map', 'object'],
    mediaTypes: ['map', 'media type'],
  },
  'path item': {
    parameters: ['list', 'parameter'],
    servers: ['list', 'object'],
    ...each(methods.join(' '), 'one', 'operation'),
    additionalOperations: ['map', 'operation'],
  },
  operation: {
    parameters: ['list', 'parameter'],
    requestBody: ['one', 'request body'],
    responses: ['map', 'response'],
    callbacks: ['map', 'callback'],
    servers: ['list', 'object'],
  },
  parameter: { schema: ['one', 'schema'], ...content },
  'request body': content,
  response: { headers: ['map', 'header'], ...content },
  header: { schema: ['one', 'schema'], ...content },
  'media type': { ...each('schema itemSchema', 'one', 'schema'), encoding: ['map', 'object'] },
  callback: {},
  schema: {
    ...each(
      'items additionalProperties not if then else contains propertyNames unevaluatedItems unevaluatedProperties',
      'one',
      'schema',
    ),
    ...each('allOf anyOf oneOf prefixItems', 'list', 'schema'),
    ...each('properties patternProperties dependentSchemas $defs', 'map', 'schema'),
  },
  object: {},
}

/**
 * Finds what keeps an upgraded document from being understood: a value of another type than the part is, a parameter
 * without a name or a place. On the way schemas are freed of what would keep a validator from being made of any of them:
 * references that lead nowhere, which then allow everything, and anchors, which nothing names any more.
 *
 * @param dead the objects whose reference leads nowhere
 */
export function settleStructure(root: Node, dead: ReadonlySet<object>): Fault[] {
  const faults: Fault[] = []
  const seen = new Set<object>()
  const tokens: string[] = []

  const fault = (message: string, help: string): void => {
    faults.push({ pointer: `#${formatFragment(tokens)}`, message, help })
  }
  const enter = (key: string, work: () => void): void => {
    tokens.push(key)
    work()
    tokens.pop()
  }
  const here = (): string => (tokens.length === 0 ? 'the document' : tokens.join(' › '))

  const visit = (node: unknown, kind: Kind, parent?: Kind): void => {
    if (!isNode(node)) {
      const mayBe = kind === 'schema' && (typeof node === 'boolean' || parent === 'schema')
      if (!mayBe) fault(`${here()} must be an object, not ${told(node)}`, help)
      return
    }
    if (seen.has(node)) return
    seen.add(node)
    const isReference = typeof node.$ref === 'string'
    if (kind === 'schema') settleSchema(node, dead)
    if (kind === 'parameter' && !isReference) {
      for (const name of ['name', 'in']) {
        if (typeof node[name] !== 'string') fault(`${here()} must have a text as "${name}"`, `Add "${name}".`)
      }
    }
    // Beside a reference only a schema has members of its own that count.
    if (isReference && kind !== 'schema' && kind !== 'path item') return
    const shape = shapes[kind]
    for (const key in node) {
      const member = node[key]
      if (member === null || member === undefined) continue
      if (kind === 'callback') {
        if (!key.startsWith('x-')) enter(key, () => visit(member, 'path item'))
      } else if (Object.hasOwn(shape, key)) {
        const [form, inner] = shape[key] as readonly [Form, Kind]
        enter(key, () => visitMember(member, form, inner, kind))
      }
    }
  }

  const visitMember = (member: unknown, form: Form, kind: Kind, parent: Kind): void => {
    if (form === 'one') {
      visit(member, kind, parent)
      return
    }
    if (form === 'list' ? !Array.isArray(member) : !isNode(member)) {
      // What is wrong inside a schema is told by whoever uses it; the rest of the document can be understood.
      if (parent === 'schema') return
      fault(`${here()} must be ${form === 'list' ? 'a list' : 'an object'}, not ${told(member)}`, help)
      return
    }
    for (const [key, item] of Object.entries(member as object)) {
      if (item === null || (kind !== 'schema' && form === 'map' && key.startsWith('x-'))) continue
      enter(key, () => visit(item, kind, parent))
    }
  }
  visit(root, 'document')
  return faults
}

const help = 'Compare with the OpenAPI specification of the version that the document states.'

function settleSchema(schema: Node, dead: ReadonlySet<object>): void {
  // What is no text refers to nothing, which is told elsewhere.
  if (dead.has(schema) || (schema.$ref !== undefined && typeof schema.$ref !== 'string')) delete schema.$ref
  for (const name of ['$anchor', '$dynamicAnchor', '$dynamicRef']) if (schema[name] !== undefined) delete schema[name]
}

function told(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 40 ? (Array.isArray(value) ? 'a list' : `${text.slice(0, 39)}…`) : text
}
