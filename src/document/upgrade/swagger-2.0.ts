import { formatFragment, parsePointer, resolvePointer } from '../../finding/index.ts'
import type { Origins } from '../origins.ts'
import { upgradeOpenApi30 } from './openapi-3.0.ts'

/** A JSON object of the document. */
type Node = Record<string, unknown>

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch']

/** Members of a parameter, header or item that say what its value is; in 3.x they stand in a schema. */
const valueMembers = [
  ...['type', 'format', 'items', 'default', 'enum', 'pattern', 'uniqueItems', 'multipleOf', 'x-nullable'],
  ...['maximum', 'exclusiveMaximum', 'minimum', 'exclusiveMinimum', 'maxLength', 'minLength', 'maxItems', 'minItems'],
]

const formTypes = ['application/x-www-form-urlencoded', 'multipart/form-data']

/**
 * Rewrites a Swagger 2.0 document in place as OpenAPI 3.1. Schemas, parameters and responses stay the same objects, so
 * references are led to wherever their target stands afterwards. Source: OpenAPI 2.0, against OpenAPI 3.1.1.
 */
export function upgradeSwagger20(root: Node, origins: Origins): void {
  origins.rememberAll(root)
  const references = referencesOf(root)
  new Conversion(root, origins).run()
  redirect(root, references)
  upgradeOpenApi30(root, origins, upgradeSchema)
}

class Conversion {
  readonly #root: Node
  readonly #origins: Origins
  readonly #done = new Set<object>()
  readonly #consumes: readonly string[]
  readonly #produces: readonly string[]

  constructor(root: Node, origins: Origins) {
    this.#root = root
    this.#origins = origins
    this.#consumes = mediaTypes(root.consumes) ?? []
    this.#produces = mediaTypes(root.produces) ?? ['application/json']
  }

  run(): void {
    const root = this.#root
    for (const [name, pathItem] of membersOf(root.paths)) if (!name.startsWith('x-')) this.#pathItem(pathItem)
    for (const [, response] of membersOf(root.responses)) this.#response(response, this.#produces)
    const parameters = Object.fromEntries(membersOf(root.parameters).filter(([, each]) => !isBody(each)))
    for (const parameter of Object.values(parameters)) this.#parameter(parameter)
    const components = isNode(root.components) ? root.components : {}
    this.#move(components, 'schemas', root.definitions, ['definitions'])
    this.#move(components, 'responses', root.responses, ['responses'])
    if (isNode(root.parameters)) this.#move(components, 'parameters', parameters, ['parameters'])
    for (const [, scheme] of membersOf(root.securityDefinitions)) securityScheme(scheme)
    this.#move(components, 'securitySchemes', root.securityDefinitions, ['securityDefinitions'])
    const servers = serversOf(root)
    this.#origins.set(servers, { up: undefined, key: root.host === undefined ? 'basePath' : 'host' })
    for (const field of ['swagger', 'definitions', 'responses', 'parameters', 'securityDefinitions']) delete root[field]
    for (const field of ['host', 'basePath', 'schemes', 'consumes', 'produces']) delete root[field]
    Object.assign(root, { openapi: '3.1.0', servers, components })
  }

  #move(components: Node, name: string, value: unknown, [key = '']: readonly string[]): void {
    if (value === undefined) return
    components[name] = value
    if (isNode(value)) this.#origins.set(value, { up: undefined, key })
  }

  #pathItem(pathItem: Node): void {
    if (this.#done.has(pathItem)) return
    this.#done.add(pathItem)
    const shared = listOf(pathItem.parameters)
    for (const method of methods) {
      const operation = pathItem[method]
      if (isNode(operation)) this.#operation(operation, shared)
    }
    if (Array.isArray(pathItem.parameters)) this.#keepPlain(pathItem, shared)
  }

  #operation(operation: Node, shared: readonly unknown[]): void {
    if (this.#done.has(operation)) return
    this.#done.add(operation)
    const own = listOf(operation.parameters)
    const bodies = [...own, ...shared].map(each => this.#target(each)).filter(isBody)
    const body = this.#requestBody(bodies, mediaTypes(operation.consumes) ?? this.#consumes)
    if (body !== undefined) operation.requestBody = body
    if (Array.isArray(operation.parameters)) this.#keepPlain(operation, own)
    const produces = mediaTypes(operation.produces)
    for (const [status, response] of membersOf(operation.responses)) {
      if (status.startsWith('x-')) continue
      const target = this.#target(response)
      if (target === response) this.#response(response, produces ?? this.#produces)
      // What a shared response is made of differs with the media types of the operation.
      else if (produces !== undefined && isNode(target) && isNode(operation.responses)) {
        const copy = { ...target }
        this.#origins.derive(copy, target)
        this.#response(copy, produces)
        operation.responses[status] = copy
      }
    }
    delete operation.consumes
    delete operation.produces
    delete operation.schemes
  }

  /** Leaves the parameters that are none of a body; their list keeps the places of each. */
  #keepPlain(owner: Node, parameters: readonly unknown[]): void {
    const plain = parameters.filter(each => !isBody(this.#target(each)))
    for (const parameter of plain) if (isNode(parameter)) this.#parameter(parameter)
    this.#origins.derive(plain, owner, 'parameters')
    owner.parameters = plain
  }

  #parameter(parameter: Node): void {
    if (this.#done.has(parameter) || typeof parameter.$ref === 'string') return
    this.#done.add(parameter)
    const style = styleOf(parameter)
    delete parameter.collectionFormat
    this.#takeSchema(parameter)
    Object.assign(parameter, style)
  }

  /** Moves what says how a value looks into a schema of its own. */
  #takeSchema(owner: Node): void {
    if (owner.schema !== undefined) return
    const schema = this.#schemaOf(owner)
    for (const member of valueMembers) delete owner[member]
    if (Object.keys(schema).length > 0) owner.schema = schema
  }

  #schemaOf(owner: Node): Node {
    const schema: Node = {}
    for (const member of valueMembers) if (owner[member] !== undefined) schema[member] = owner[member]
    this.#origins.derive(schema, owner)
    return schema
  }

  #requestBody(bodies: readonly Node[], consumes: readonly string[]): Node | undefined {
    const [first] = bodies
    if (first === undefined) return undefined
    const whole = bodies.find(each => each.in === 'body')
    const body = whole === undefined ? this.#form(bodies, consumes) : this.#wholeBody(whole, consumes)
    this.#origins.derive(body, whole ?? first)
    return body
  }

  #wholeBody(parameter: Node, consumes: readonly string[]): Node {
    const types = consumes.length === 0 ? ['application/json'] : consumes
    const content: Node = {}
    this.#origins.derive(content, parameter)
    for (const type of types) {
      const mediaType = parameter.schema === undefined ? {} : { schema: parameter.schema }
      this.#origins.derive(mediaType, parameter)
      content[type] = mediaType
    }
    return { ...describing(parameter), ...(parameter.required === true && { required: true }), content }
  }

  #form(fields: readonly Node[], consumes: readonly string[]): Node {
    const properties: Node = {}
    const encoding: Node = {}
    const schema: Node = { type: 'object', properties }
    // A field of the operation replaces one of the path item that has its name.
    for (const field of [...fields].reverse()) {
      const name = String(field.name)
      const property = { ...this.#schemaOf(field), ...describing(field) }
      this.#origins.derive(property, field)
      properties[name] = property
      const style = styleOf({ ...field, in: 'query' })
      if (Object.keys(style).length > 0) encoding[name] = style
    }
    const required = [...new Set(fields.filter(each => each.required === true).map(({ name }) => String(name)))]
    if (required.length > 0) schema.required = required
    const hasFile = fields.some(({ type }) => type === 'file')
    const stated = consumes.filter(type => formTypes.includes(type))
    const usual = hasFile ? 'multipart/form-data' : 'application/x-www-form-urlencoded'
    const types = stated.length > 0 ? stated : [usual]
    const content = Object.fromEntries(
      types.map(type => [type, Object.keys(encoding).length > 0 ? { schema, encoding } : { schema }]),
    )
    return { ...(required.length > 0 && { required: true }), content }
  }

  #response(response: Node, produces: readonly string[]): void {
    if (this.#done.has(response) || typeof response.$ref === 'string') return
    this.#done.add(response)
    const { schema, examples } = response
    const written = new Map(membersWithValues(examples))
    const types = schema === undefined ? [...written.keys()] : [...new Set([...produces, ...written.keys()])]
    if (types.length > 0) {
      const content: Node = {}
      for (const type of types) {
        const mediaType: Node = schema === undefined ? {} : { schema }
        if (written.has(type)) mediaType.example = written.get(type)
        this.#origins.derive(mediaType, response)
        content[type] = mediaType
      }
      this.#origins.derive(content, response)
      response.content = content
    }
    delete response.schema
    delete response.examples
    for (const [, header] of membersOf(response.headers)) this.#parameter(header)
  }

  /** What a reference to a part of this document leads to; anything else is itself. */
  #target(value: unknown): unknown {
    let here = value
    for (let hops = 0; hops < 100 && isNode(here) && typeof here.$ref === 'string'; hops += 1) {
      here = resolvePointer(this.#root, parsePointer(here.$ref))
    }
    return here
  }
}

/** `x-nullable`, a discriminator that is a text, and files. Source: OpenAPI 2.0, "Schema Object". */
function upgradeSchema(schema: Node): void {
  if (schema['x-nullable'] === true) schema.nullable = true
  if (typeof schema.discriminator === 'string') schema.discriminator = { propertyName: schema.discriminator }
  if (schema.type === 'file') Object.assign(schema, { type: 'string', format: 'binary' })
}

/** How a list is written: 2.0 joins by a comma where nothing is said, 3.x repeats the name in queries. */
function styleOf(parameter: Node): Node {
  if (parameter.type !== 'array') return {}
  const isRepeated = parameter.in === 'query' || parameter.in === 'cookie'
  if (!isRepeated) return {}
  switch (parameter.collectionFormat) {
    case 'multi':
      return { style: 'form', explode: true }
    case 'pipes':
      return { style: 'pipeDelimited', explode: false }
    case 'ssv':
      return { style: 'spaceDelimited', explode: false }
    default:
      return { style: 'form', explode: false }
  }
}

function securityScheme(scheme: Node): void {
  if (scheme.type === 'basic') Object.assign(scheme, { type: 'http', scheme: 'basic' })
  if (scheme.type !== 'oauth2' || scheme.flows !== undefined) return
  const names: Readonly<Record<string, string>> = { application: 'clientCredentials', accessCode: 'authorizationCode' }
  const { flow, authorizationUrl, tokenUrl, scopes = {} } = scheme
  const name = names[String(flow)] ?? String(flow)
  scheme.flows = {
    [name]: {
      ...(authorizationUrl !== undefined && { authorizationUrl }),
      ...(tokenUrl !== undefined && { tokenUrl }),
      scopes,
    },
  }
  for (const member of ['flow', 'authorizationUrl', 'tokenUrl', 'scopes']) delete scheme[member]
}

/** The addresses that `schemes`, `host` and `basePath` stand for; without a host, the path on any host. */
function serversOf({ host, basePath, schemes }: Node): Node[] {
  const base = typeof basePath === 'string' ? `/${basePath}`.replace(/^\/+/, '/').replace(/\/+$/, '') : ''
  if (typeof host !== 'string' || host === '') return [{ url: base === '' ? '/' : base }]
  const stated = Array.isArray(schemes) ? schemes.filter(scheme => typeof scheme === 'string') : []
  return (stated.length > 0 ? stated : ['https']).map(scheme => ({ url: `${scheme}://${host}${base}` }))
}

/** Every reference into this document with the object it leads to. */
function referencesOf(root: Node): Map<Node, object> {
  const references = new Map<Node, object>()
  const seen = new Set<object>()
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null || seen.has(node)) return
    seen.add(node)
    const ref = Reflect.get(node, '$ref')
    if (typeof ref === 'string' && ref.startsWith('#')) {
      const target = resolvePointer(root, parsePointer(ref))
      if (typeof target === 'object' && target !== null) references.set(node as Node, target)
    }
    for (const member of Object.values(node)) visit(member)
  }
  visit(root)
  return references
}

/** Leads each reference to where its target stands now. */
function redirect(root: Node, references: ReadonlyMap<Node, object>): void {
  const wanted = new Set(references.values())
  const pointers = new Map<object, string>()
  const seen = new Set<object>()
  const visit = (node: unknown, tokens: string[]): void => {
    if (typeof node !== 'object' || node === null || seen.has(node)) return
    seen.add(node)
    if (wanted.has(node)) pointers.set(node, `#${formatFragment(tokens)}`)
    for (const [key, member] of Object.entries(node)) {
      tokens.push(key)
      visit(member, tokens)
      tokens.pop()
    }
  }
  // Components first: what has a name is to be referenced by it.
  visit(root.components, ['components'])
  visit(root, [])
  for (const [reference, target] of references) {
    const pointer = pointers.get(target)
    if (pointer !== undefined) reference.$ref = pointer
  }
}

function isBody(parameter: unknown): parameter is Node {
  return isNode(parameter) && (parameter.in === 'body' || parameter.in === 'formData')
}

function describing({ description }: Node): Node {
  return description === undefined ? {} : { description }
}

function mediaTypes(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined
  const types = value.filter(type => typeof type === 'string')
  return types.length > 0 ? types : undefined
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function membersWithValues(value: unknown): [string, unknown][] {
  return isNode(value) ? Object.entries(value) : []
}

function membersOf(value: unknown): [string, Node][] {
  return membersWithValues(value).filter((member): member is [string, Node] => isNode(member[1]))
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
