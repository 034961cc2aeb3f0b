import type { Origins, Way } from '../origins.ts'

/** A JSON object of the document. */
type Node = Record<string, unknown>

/** Members whose keys are names. */
const holdNames = new Set([
  ...['paths', 'webhooks', 'responses', 'parameters', 'requestBodies', 'headers', 'callbacks', 'pathItems'],
  ...['additionalOperations', 'encoding'],
])

/** Members in which no media type stands: schemas, and values that are taken as they are. */
const closed = new Set([
  'schema',
  'schemas',
  'itemSchema',
  'example',
  'examples',
  'servers',
  'links',
  'securitySchemes',
])

/**
 * Says in the words of OpenAPI 3.1 what 3.2 has words of its own for, in place: a media type with an `itemSchema` is an
 * array of such items, and the `dataValue` of an example is its `value`. Methods and places of parameters that 3.2 adds
 * mean the same as they stand. Source: OpenAPI 3.2.0, sections 4.14 and 4.20.
 */
export function upgradeOpenApi32(root: unknown, origins: Origins): void {
  const seen = new Set<object>()
  const visit = (node: unknown, way: Way, keysAreNames: boolean): void => {
    if (typeof node !== 'object' || node === null || seen.has(node)) return
    seen.add(node)
    for (const [key, member] of Object.entries(node)) {
      const at: Way = { up: way, key }
      if (keysAreNames || Array.isArray(node)) visit(member, at, false)
      else if (key === 'content' || key === 'mediaTypes') eachMediaType(member, at)
      else if (!closed.has(key) && !key.startsWith('x-')) visit(member, at, holdNames.has(key))
      if (key === 'examples' && !keysAreNames) upgradeExamples(member, undefined, at, origins)
    }
  }
  const eachMediaType = (content: unknown, way: Way): void => {
    if (!isNode(content)) return
    for (const [name, mediaType] of Object.entries(content)) {
      if (!isNode(mediaType) || seen.has(mediaType)) continue
      const at: Way = { up: way, key: name }
      upgradeItems(mediaType, at, origins)
      upgradeExamples(mediaType.examples, name, { up: at, key: 'examples' }, origins)
      visit(mediaType, at, false)
    }
  }
  visit(root, undefined, false)
}

/** Source: OpenAPI 3.2.0, section 4.14.1, "Sequential Media Types". */
function upgradeItems(mediaType: Node, way: Way, origins: Origins): void {
  const { itemSchema, schema } = mediaType
  if (typeof itemSchema !== 'object' && typeof itemSchema !== 'boolean') return
  const at: Way = { up: way, key: 'itemSchema' }
  const whole: Node = { type: 'array', items: itemSchema, ...(schema !== undefined && { allOf: [schema] }) }
  origins.set(whole, at)
  if (itemSchema !== null && typeof itemSchema === 'object') origins.set(itemSchema, at)
  if (isNode(schema)) origins.set(schema, { up: way, key: 'schema' })
  mediaType.schema = whole
}

function upgradeExamples(examples: unknown, mediaType: string | undefined, way: Way, origins: Origins): void {
  if (!isNode(examples)) return
  for (const [name, example] of Object.entries(examples)) {
    if (!isNode(example) || 'value' in example) continue
    const found = shownBy(example, mediaType)
    if (found === undefined) continue
    example.value = found.value
    const at: Way = { up: { up: way, key: name }, key: found.key }
    if (typeof found.value === 'object' && found.value !== null) origins.set(found.value, at)
  }
}

/** What an example shows. A text as it is sent is only read where it is JSON. */
function shownBy(example: Node, mediaType: string | undefined): { value: unknown; key: string } | undefined {
  if ('dataValue' in example) return { value: example.dataValue, key: 'dataValue' }
  const text = example.serializedValue
  if (typeof text !== 'string' || mediaType === undefined) return undefined
  const key = 'serializedValue'
  if (!/[/+]json\s*(;|$)/i.test(mediaType)) return { value: text, key }
  try {
    return { value: JSON.parse(text), key }
  } catch {
    // What is no JSON is no example of it.
    return undefined
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
