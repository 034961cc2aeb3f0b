import { formatFragment, parsePointer } from '../../finding/index.ts'
import type { Origins, Way } from '../origins.ts'
import { dropUnusable } from './unusable.ts'

/** A JSON object of the document. */
type Node = Record<string, unknown>

/** Members of a schema whose value is a schema, a list of them, or a map of them. */
const schemaMembers = new Set(['items', 'additionalProperties', 'not'])
const schemaLists = ['allOf', 'anyOf', 'oneOf'] as const
const schemaMaps = new Set(['properties'])

/** Members of other objects whose keys are names, so that `schema` or `example` among them is no keyword. */
const holdNames = new Set([
  ...['paths', 'responses', 'parameters', 'requestBodies', 'headers', 'links', 'callbacks', 'content', 'encoding'],
])

/**
 * Rewrites the schemas of an OpenAPI 3.0 document as JSON Schema 2020-12, in place. Each schema object is visited once,
 * however often it is shared. Source: OpenAPI 3.0.4, section 4.7.24, against OpenAPI 3.1.1, section 4.8.24.
 *
 * @param prepare what an even older dialect has to change in each schema first
 */
export function upgradeOpenApi30(root: unknown, origins: Origins, prepare: (schema: Node) => void = () => {}): void {
  const upgrade = new Upgrade(origins, prepare)
  upgrade.visit(root, undefined, false)
  upgrade.redirect(root)
}

class Upgrade {
  readonly #seen = new Set<unknown>()
  /** Schemas whose branches now stand one level deeper, so that pointers into them have to follow. */
  readonly #wrapped = new Set<unknown>()
  readonly #references: Node[] = []
  readonly #origins: Origins
  readonly #prepare: (schema: Node) => void

  constructor(origins: Origins, prepare: (schema: Node) => void) {
    this.#origins = origins
    this.#prepare = prepare
  }

  /** Looks for schemas in the other objects of a document. */
  visit(value: unknown, way: Way, keysAreNames: boolean): void {
    if (!isNode(value) && !Array.isArray(value)) return
    if (this.#seen.has(value)) return
    this.#seen.add(value)
    for (const [key, member] of Object.entries(value)) {
      if (typeof member !== 'object' || member === null) continue
      const at = this.#origins.of(member, { up: way, key })
      if (keysAreNames || Array.isArray(value)) this.visit(member, at, false)
      else if (key === 'schema') this.#schema(member, at)
      else if (key === 'schemas') this.#schemas(member, at)
      else if (key !== 'example' && key !== 'examples' && !key.startsWith('x-')) {
        this.visit(member, at, holdNames.has(key))
      }
    }
  }

  /** Schemas of a list or a map. */
  #schemas(schemas: unknown, way: Way): void {
    if (typeof schemas !== 'object' || schemas === null) return
    for (const [key, schema] of Object.entries(schemas)) {
      this.#schema(schema, this.#origins.of(schema, { up: way, key }))
    }
  }

  #schema(schema: unknown, way: Way): void {
    if (!isNode(schema) || this.#seen.has(schema)) return
    this.#seen.add(schema)
    this.#prepare(schema)
    // In 3.0 the siblings of a $ref are ignored; in 2020-12 they would apply.
    if (typeof schema.$ref === 'string') {
      for (const key of Object.keys(schema)) if (key !== '$ref') delete schema[key]
      this.#references.push(schema)
      return
    }
    upgradeBound(schema, 'exclusiveMinimum', 'minimum')
    upgradeBound(schema, 'exclusiveMaximum', 'maximum')
    dropUnusable(schema)
    for (const [key, member] of Object.entries(schema)) {
      const at: Way = { up: way, key }
      if (schemaMembers.has(key)) this.#schema(member, this.#origins.of(member, at))
      if (schemaMaps.has(key) || (schemaLists as readonly string[]).includes(key)) {
        this.#schemas(member, this.#origins.of(member, at))
      }
    }
    if ('example' in schema) {
      if (!Array.isArray(schema.examples)) {
        schema.examples = [schema.example]
        this.#origins.set(schema.examples as object, { up: way, key: 'example' })
      }
      delete schema.example
    }
    if (schema.nullable === true) this.#allowNull(schema, way)
    delete schema.nullable
  }

  /**
   * `nullable` acts only beside `type` (3.0.3, "Proposal: clarify nullable"), but real documents write it beside
   * `allOf: [$ref]` and mean "that, or null". With `enum` the null has to be listed too.
   */
  #allowNull(schema: Node, way: Way): void {
    if (typeof schema.type === 'string') schema.type = [schema.type, 'null']
    if (Array.isArray(schema.enum) && !schema.enum.includes(null)) schema.enum = [...schema.enum, null]
    const inner: Node = {}
    for (const key of schemaLists) {
      if (!Array.isArray(schema[key])) continue
      inner[key] = schema[key]
      delete schema[key]
    }
    if (Object.keys(inner).length === 0) return
    const orNull = { type: 'null' }
    this.#origins.set(inner, way)
    this.#origins.set(orNull, { up: way, key: 'nullable' })
    schema.anyOf = [inner, orNull]
    this.#wrapped.add(schema)
  }

  /** Lets references to a branch that was moved lead to where it is now. */
  redirect(root: unknown): void {
    if (this.#wrapped.size === 0) return
    for (const reference of this.#references) {
      const ref = String(reference.$ref)
      if (/^#.*\/(allOf|anyOf|oneOf)\//.test(ref)) reference.$ref = this.#moved(root, ref)
    }
  }

  #moved(root: unknown, ref: string): string {
    let current = root
    const walked: string[] = []
    for (const token of parsePointer(ref)) {
      const isMoved = this.#wrapped.has(current) && (schemaLists as readonly string[]).includes(token)
      for (const step of isMoved ? ['anyOf', '0', token] : [token]) {
        current = isNode(current) || Array.isArray(current) ? (current as Node)[step] : undefined
        walked.push(step)
      }
    }
    return `#${formatFragment(walked)}`
  }
}

function upgradeBound(schema: Node, exclusive: string, inclusive: string): void {
  if (typeof schema[exclusive] !== 'boolean') return
  const bound = schema[inclusive]
  if (schema[exclusive] === true && bound !== undefined) {
    schema[exclusive] = bound
    delete schema[inclusive]
  } else {
    delete schema[exclusive]
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
