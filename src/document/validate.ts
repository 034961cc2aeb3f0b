import type { ValidateFunction } from 'ajv'
import { type Finding, formatPointer, parsePointer, resolvePointer } from '../finding/index.ts'
import type { Dialect } from './upgrade/index.ts'

/** One way in which a document breaks the OpenAPI specification. */
export type Breach = {
  readonly pointer: string
  readonly message: string
  readonly help: string
  /** What kind of finding it is, where it is none of the document as a whole. */
  readonly code?: Finding['code']
}

/** What Ajv reports of each error, as far as it is used. */
type SchemaError = {
  readonly instancePath: string
  readonly keyword: string
  readonly message?: string
  /** Set when it is the name of a member that is wrong. */
  readonly propertyName?: string
  readonly params: Readonly<Record<string, unknown>>
}

/** Keywords that only say that something inside them failed; what failed is reported beside them. */
const consequences = new Set([
  'oneOf',
  'anyOf',
  'allOf',
  'if',
  'then',
  'else',
  'not',
  '$ref',
  '$dynamicRef',
  'dependentSchemas',
  'propertyNames',
])

/**
 * Holds a bundled document against the JSON Schema of its version of the specification, the one that swagger-parser brings
 * along. Its own `validate` compiles the same schema at twice the cost, dereferences a copy of the document first, and
 * then finds faults in circular documents of several files that are not there.
 */
export async function breaches(
  bundle: Readonly<Record<string, unknown>>,
  specification: Dialect['specification'],
): Promise<Breach[]> {
  const validate = await validatorFor(specification)
  const hasPathItems = specification === '2.0' || specification === '3.0'
  if (validate(hasPathItems ? bundle : withPathItems(bundle))) return []
  return telling((validate.errors ?? []) as readonly SchemaError[]).map(error => toBreach(error, bundle))
}

async function validatorFor(specification: Dialect['specification']): Promise<ValidateFunction> {
  const modules = {
    '2.0': () => import('virtual:specification/swagger-20'),
    '3.0': () => import('virtual:specification/openapi-30'),
    '3.1': () => import('virtual:specification/openapi-31'),
    '3.2': () => import('virtual:specification/openapi-32'),
  }
  return (await modules[specification]()).validate
}

/** The schema of 3.1 has no place for a reference below `paths`, though the specification allows one. */
function withPathItems(root: Readonly<Record<string, unknown>>): unknown {
  const { paths } = root
  if (typeof paths !== 'object' || paths === null || Array.isArray(paths)) return root
  return {
    ...root,
    paths: Object.fromEntries(Object.entries(paths).map(([path, item]) => [path, withoutReference(root, item)])),
  }
}

function withoutReference(root: unknown, item: unknown): unknown {
  let here = item
  for (let hops = 0; hops < 100; hops += 1) {
    const { $ref, ...siblings } = Object(here) as Record<string, unknown>
    if (typeof $ref !== 'string' || !$ref.startsWith('#')) break
    here = { ...Object(resolvePointer(root, parsePointer($ref))), ...siblings }
  }
  if (typeof here !== 'object' || here === null || !('$ref' in here)) return here
  // References that lead to each other only are told as that.
  const { $ref, ...siblings } = here
  return siblings
}

/** Of all the errors, those that name a cause: the deepest at each place, causes before consequences. */
function telling(errors: readonly SchemaError[]): SchemaError[] {
  const causes = errors.filter(error => !consequences.has(error.keyword))
  const pool = causes.length > 0 ? causes : errors
  const above = new Set(pool.flatMap(({ instancePath }) => placesAbove(instancePath)))
  const seen = new Set<string>()
  return pool
    .filter(({ instancePath }) => !above.has(instancePath))
    .sort((a, b) => weight(a) - weight(b))
    .filter(error => {
      // One place that fits none of several forms is one mistake, however many forms there are.
      const extra = extraOf(error)
      const isKnown = seen.has(error.instancePath) || seen.has(`${error.instancePath}/${extra}`)
      seen.add(extra === undefined ? error.instancePath : `${error.instancePath}/${extra}`)
      // Where a field too many was told, what else does not fit there is mostly told for its sake.
      if (extra !== undefined) seen.add(`${error.instancePath}/`)
      return !isKnown && (extra !== undefined || !seen.has(`${error.instancePath}/`))
    })
}

/** The pointers to everything that a place is part of. */
function placesAbove(pointer: string): string[] {
  const places: string[] = []
  for (let end = pointer.lastIndexOf('/'); end >= 0; end = pointer.lastIndexOf('/', end - 1)) {
    places.push(pointer.slice(0, end))
    if (end === 0) break
  }
  return places
}

/** The name of a field that may not stand where it does. */
function extraOf({ params }: SchemaError): string | undefined {
  const extra = params.unevaluatedProperty ?? params.additionalProperty
  return typeof extra === 'string' ? extra : undefined
}

function weight(error: SchemaError): number {
  const order = ['unevaluatedProperties', 'additionalProperties', 'type', 'enum', 'const', 'pattern', 'required']
  const at = order.indexOf(error.keyword)
  return at === -1 ? order.length : at
}

function toBreach(error: SchemaError, bundle: unknown): Breach {
  const place = parsePointer(error.instancePath)
  const name = place.length === 0 ? 'the document' : place.join(' › ')
  const extra = extraOf(error)
  if (extra !== undefined && place.join() === 'paths') {
    return {
      pointer: formatPointer([...place, extra]),
      message: `"${extra}" is no path`,
      help: `A path begins with a slash: write "/${extra}".`,
    }
  }
  if (extra !== undefined) {
    return {
      pointer: formatPointer([...place, extra]),
      message: `"${extra}" is not a field that may stand in ${name}`,
      help: `Correct the spelling of "${extra}", move it to where it belongs, or name it "x-${extra}".`,
    }
  }
  if (error.propertyName !== undefined) {
    return {
      pointer: formatPointer([...place, error.propertyName]),
      message: `"${error.propertyName}" may not be a name in ${name}: it ${error.message}`,
      help: 'Choose another name, and change it where it is referenced.',
    }
  }
  const lacking = error.params.missingProperty
  if (typeof lacking === 'string') {
    return {
      pointer: error.instancePath,
      message: `"${lacking}" is missing in ${name}`,
      help: lacking === '$ref' ? `Correct ${name}: it has none of the forms allowed there.` : `Add "${lacking}".`,
    }
  }
  const allowed = Array.isArray(error.params.allowedValues) ? `: ${error.params.allowedValues.join(', ')}` : ''
  return {
    pointer: error.instancePath,
    message: `${name} ${error.message ?? `fails ${error.keyword}`}${allowed}${insteadOf(error, bundle)}`,
    help:
      error.keyword === 'type' && error.params.type === 'string' && typeof resolvePointer(bundle, place) === 'number'
        ? 'Write it in quotes.'
        : 'Compare with the OpenAPI specification of the version that the document states.',
  }
}

/** What stands where another type is wanted; YAML makes null of nothing. */
function insteadOf({ keyword, instancePath }: SchemaError, bundle: unknown): string {
  if (keyword !== 'type') return ''
  const value = resolvePointer(bundle, parsePointer(instancePath))
  if (value === null) return ', and nothing is written there'
  return typeof value === 'object' ? '' : `, not ${JSON.stringify(value)}`
}
