import type { ValidateFunction } from 'ajv'
import { formatPointer, parsePointer, resolvePointer } from '../finding/index.ts'

/** One way in which a document breaks the OpenAPI specification. */
export type Breach = { readonly pointer: string; readonly message: string; readonly help: string }

/** What Ajv reports of each error, as far as it is used. */
type SchemaError = {
  readonly instancePath: string
  readonly keyword: string
  readonly message?: string
  /** Set when it is the name of a member that is wrong. */
  readonly propertyName?: string
  readonly params: Readonly<Record<string, unknown>>
}

/** People can act on a handful; the rest are mostly consequences. */
const maxBreaches = 5

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
 * Holds a bundled document against the JSON Schema of its OpenAPI version, the one that swagger-parser brings along. Its
 * own `validate` compiles the same schema at twice the cost, dereferences a copy of the document first, and then finds
 * faults in circular documents of several files that are not there.
 */
export async function breaches(bundle: Readonly<Record<string, unknown>>): Promise<Breach[]> {
  const validate = await validatorFor(String(bundle.openapi))
  if (validate(withPathItems(bundle))) return []
  return telling((validate.errors ?? []) as readonly SchemaError[]).map(toBreach)
}

async function validatorFor(version: string): Promise<ValidateFunction> {
  const specification = version.startsWith('3.0')
    ? await import('virtual:specification/openapi-30')
    : await import('virtual:specification/openapi-31')
  return specification.validate
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
  return here
}

/** Of all the errors, those that name a cause: the deepest at each place, causes before consequences. */
function telling(errors: readonly SchemaError[]): SchemaError[] {
  const causes = errors.filter(error => !consequences.has(error.keyword))
  const pool = causes.length > 0 ? causes : errors
  const deepest = pool.filter(
    error => !pool.some(other => other !== error && other.instancePath.startsWith(`${error.instancePath}/`)),
  )
  const seen = new Set<string>()
  return deepest
    .sort((a, b) => weight(a) - weight(b))
    .filter(error => {
      // One place that fits none of several forms is one mistake, however many forms there are.
      const fresh = !seen.has(error.instancePath)
      seen.add(error.instancePath)
      return fresh
    })
    .slice(0, maxBreaches)
}

function weight(error: SchemaError): number {
  const order = ['unevaluatedProperties', 'additionalProperties', 'type', 'enum', 'const', 'pattern', 'required']
  const at = order.indexOf(error.keyword)
  return at === -1 ? order.length : at
}

function toBreach(error: SchemaError): Breach {
  const place = parsePointer(error.instancePath)
  const name = place.length === 0 ? 'the document' : place.join(' › ')
  const extra = error.params.unevaluatedProperty ?? error.params.additionalProperty
  if (typeof extra === 'string') {
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
    message: `${name} ${error.message ?? `fails ${error.keyword}`}${allowed}`,
    help: 'Compare with the OpenAPI specification of the version that the document states.',
  }
}
