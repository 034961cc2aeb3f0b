import { formatFragment, parsePointer, resolvePointer } from '../finding/index.ts'

/** A place in the document: its value and the pointer to it, with references followed. */
export class Part {
  readonly root: unknown
  readonly value: unknown
  /** The pointer, as a URI fragment, to where the value stands after references were followed. */
  readonly pointer: string

  private constructor(root: unknown, value: unknown, pointer: string) {
    this.root = root
    this.value = value
    this.pointer = pointer
  }

  static of(root: unknown): Part {
    return new Part(root, root, '#')
  }

  /** A member, or `undefined` when it is not there or its reference leads nowhere. */
  get(name: string | number): Part | undefined {
    const value = memberOf(this.value, String(name))
    return value === undefined ? undefined : this.#follow(value, `${this.pointer}${formatFragment([name])}`)
  }

  /** What a pointer leads to from here, with references followed on the way. */
  at(pointer: string): Part | undefined {
    let part: Part | undefined = this
    for (const token of parsePointer(pointer)) part = part?.get(token)
    return part
  }

  /** The members of an object, or the items of an array, in document order. */
  *entries(): Generator<[string, Part]> {
    if (typeof this.value !== 'object' || this.value === null) return
    for (const name of Object.keys(this.value)) {
      const part = this.get(name)
      if (part !== undefined) yield [name, part]
    }
  }

  text(name: string): string | undefined {
    const value = memberOf(this.value, name)
    return typeof value === 'string' ? value : undefined
  }

  is(name: string): boolean {
    return memberOf(this.value, name) === true
  }

  #follow(value: unknown, pointer: string): Part | undefined {
    let here = value
    let at = pointer
    for (let hops = 0; hops < 100; hops += 1) {
      const ref = memberOf(here, '$ref')
      if (typeof ref !== 'string' || !ref.startsWith('#')) return new Part(this.root, here, at)
      const joined = withSiblings(here as Record<string, unknown>)
      if (joined !== undefined) return new Part(this.root, joined, at)
      here = resolvePointer(this.root, parsePointer(ref))
      at = normalized(ref)
      if (here === undefined) return undefined
    }
    return undefined
  }
}

/** Keywords that demand something, by which the siblings of a reference matter. Source: JSON Schema 2020-12. */
const demanding = new Set([
  ...[
    'enum',
    'const',
    'allOf',
    'anyOf',
    'oneOf',
    'not',
    'if',
    'properties',
    'patternProperties',
    'items',
    'prefixItems',
  ],
  ...[
    'additionalProperties',
    'unevaluatedProperties',
    'unevaluatedItems',
    'contains',
    'propertyNames',
    'format',
    'pattern',
  ],
  ...[
    'dependentRequired',
    'dependentSchemas',
    'multipleOf',
    'maximum',
    'exclusiveMaximum',
    'minimum',
    'exclusiveMinimum',
  ],
  ...['maxLength', 'minLength', 'maxItems', 'minItems', 'uniqueItems', 'maxProperties', 'minProperties'],
])

const types = new Set(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'])

const joinedSchemas = new WeakMap<object, object>()

/**
 * A schema that demands something beside its reference, as one without siblings: `allOf` says the same. What other
 * objects have beside a reference is ignored. Source: OpenAPI 3.1.1, sections 4.8.23 and 4.8.24.
 */
function withSiblings(referrer: Record<string, unknown>): object | undefined {
  const known = joinedSchemas.get(referrer)
  if (known !== undefined) return known
  if (!Object.entries(referrer).some(([name, value]) => isDemand(name, value))) return undefined
  const { $ref, ...siblings } = referrer
  const before = Array.isArray(siblings.allOf) ? siblings.allOf : []
  const joined = { ...siblings, allOf: [...before, { $ref }] }
  joinedSchemas.set(referrer, joined)
  return joined
}

/** `required: true` beside the reference to a parameter and `type: http` beside one to a scheme are no schemas. */
function isDemand(name: string, value: unknown): boolean {
  if (name === 'required') return Array.isArray(value)
  if (name === 'type') return [value].flat().every(type => typeof type === 'string' && types.has(type))
  return demanding.has(name)
}

/** References may escape whatever they like; of a pointer there is one form. */
function normalized(ref: string): string {
  return `#${formatFragment(parsePointer(ref))}`
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return (value as Record<string, unknown>)[name]
}
