/** A JSON object of the document. */
type Node = Record<string, unknown>

/** Members of a schema whose value is a schema, a list of them, or a map of them. */
const schemaMembers = new Set(['items', 'additionalProperties', 'not'])
const schemaLists = new Set(['allOf', 'anyOf', 'oneOf'])
const schemaMaps = new Set(['properties'])

/**
 * Rewrites the schemas of an OpenAPI 3.0 document as JSON Schema 2020-12, in place. Each schema object is visited once,
 * however often it is shared. Source: OpenAPI 3.0.4, section 4.7.24, against OpenAPI 3.1.1, section 4.8.24.
 */
export function upgradeOpenApi30(root: unknown): void {
  const seen = new Set<object>()
  const visit = (value: unknown): void => {
    if (!isNode(value) && !Array.isArray(value)) return
    if (seen.has(value)) return
    seen.add(value)
    for (const [key, member] of Object.entries(value)) {
      if (key === 'example' || key === 'examples' || key.startsWith('x-')) continue
      if (key === 'schema') upgradeSchema(member, seen)
      else if (key === 'schemas' && isNode(member))
        for (const schema of Object.values(member)) upgradeSchema(schema, seen)
      else visit(member)
    }
  }
  visit(root)
}

function upgradeSchema(schema: unknown, seen: Set<object>): void {
  if (!isNode(schema) || seen.has(schema)) return
  seen.add(schema)
  // In 3.0 the siblings of a $ref are ignored; in 2020-12 they would apply.
  if (typeof schema.$ref === 'string') {
    for (const key of Object.keys(schema)) if (key !== '$ref') delete schema[key]
    return
  }
  upgradeBound(schema, 'exclusiveMinimum', 'minimum')
  upgradeBound(schema, 'exclusiveMaximum', 'maximum')
  for (const [key, member] of Object.entries(schema)) {
    if (schemaMembers.has(key)) upgradeSchema(member, seen)
    if (schemaLists.has(key) && Array.isArray(member)) for (const branch of member) upgradeSchema(branch, seen)
    if (schemaMaps.has(key) && isNode(member)) for (const branch of Object.values(member)) upgradeSchema(branch, seen)
  }
  if ('example' in schema) {
    schema.examples ??= [schema.example]
    delete schema.example
  }
  if (schema.nullable === true) allowNull(schema)
  delete schema.nullable
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

/** `nullable` acts only beside `type` (3.0.3, "Proposal: clarify nullable"); with `enum` the null has to be listed too. */
function allowNull(schema: Node): void {
  if (typeof schema.type === 'string') schema.type = [schema.type, 'null']
  else if (Array.isArray(schema.allOf) || Array.isArray(schema.oneOf) || Array.isArray(schema.anyOf)) wrapInNull(schema)
  if (Array.isArray(schema.enum) && !schema.enum.includes(null)) schema.enum = [...schema.enum, null]
}

/** Real documents write `nullable` beside `allOf: [$ref]` and mean "that, or null". */
function wrapInNull(schema: Node): void {
  const inner: Node = {}
  for (const key of ['allOf', 'oneOf', 'anyOf']) {
    if (!(key in schema)) continue
    inner[key] = schema[key]
    delete schema[key]
  }
  schema.anyOf = [inner, { type: 'null' }]
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
