import { realpathSync, statSync } from 'node:fs'
import { parsePointer, resolvePointer } from '../finding/index.ts'
import { isAddress, referenceFrom, resolveReference } from './address.ts'
import type { Bounds } from './bounds.ts'
import { eachObject, isNode, type Node } from './each-object.ts'
import { isLiteral } from './literal.ts'
import { uriPointer } from './references.ts'

/** A part of a file. */
type Place = { readonly file: string; readonly tokens: readonly string[] }

/** Beside a discriminator, for the resolver of references: what it names otherwise than by `$ref`. */
export const meantKey = 'x-contrato-meant'

/** The schemas that are meant: by the names of the mapping, by `defaultMapping`, and those that extend the schema. */
export type Meant = {
  readonly mapping: Readonly<Record<string, unknown>>
  readonly fallback: readonly unknown[]
  readonly heirs: readonly unknown[]
}

/** Whether these tokens lead to a reference that stands for what a discriminator names. */
export function isMeant(tokens: readonly string[]): boolean {
  return tokens.at(-3) === meantKey
}

/**
 * What the discriminators of a document mean, across its files: a mapping names files without a `$ref`, and a schema is
 * extended by others that it does not know of. For the time of bundling there are references to all of them.
 * Source: OpenAPI 3.1.1, section 4.8.25.
 */
export class Discriminators {
  readonly #entry: string
  readonly #bounds: Bounds
  readonly #known = new Set<string>()
  /** Names of the schemas that are components of the document itself. */
  #components: ReadonlySet<string> = new Set()
  /** By parts that are nothing but a reference, what that names. */
  readonly #aliases = new Map<string, string>()
  readonly #extending: { readonly parent: string; readonly place: Place }[] = []
  readonly #mapped = new Set<string>()
  readonly #telling = new WeakMap<object, readonly Telling[]>()
  /** By schemas with a discriminator, how many heirs they were given. */
  readonly #given = new Map<string, number>()

  /** @param entry the path or address of the entry file */
  constructor(entry: string, bounds: Bounds) {
    this.#entry = entry
    this.#bounds = bounds
  }

  /** Takes notice of what extends what in a file. */
  learn(file: string, value: unknown): void {
    if (this.#known.has(file)) return
    this.#known.add(file)
    if (file === this.#entry) {
      const schemas = resolvePointer(value, ['components', 'schemas']) ?? resolvePointer(value, ['definitions'])
      this.#components = new Set(Object.keys(isNode(schemas) ? schemas : {}))
    }
    for (const { node, tokens } of this.#tellingIn(file, value)) {
      if (!hasName(tokens, file === this.#entry)) continue
      const place = { file, tokens }
      if (typeof node.$ref === 'string' && Object.keys(node).length === 1) {
        const target = placeOf(node.$ref, file)
        if (target !== undefined) this.#aliases.set(keyOf(place), keyOf(target))
      }
      for (const ref of extendedBy(node)) {
        const parent = placeOf(ref, file)
        if (parent !== undefined) this.#extending.push({ parent: keyOf(parent), place })
      }
    }
  }

  /** Makes references of the names of components in the mappings of a file, in place. */
  settle(file: string, value: unknown): void {
    const component = (target: unknown): string | undefined => {
      if (typeof target !== 'string' || !isBare(target) || !this.#components.has(target)) return undefined
      return `${file === this.#entry ? '' : referenceFrom(file, this.#entry)}#${uriPointer(['components', 'schemas', target])}`
    }
    for (const { node } of this.#tellingIn(file, value)) {
      const { discriminator } = node
      if (!isNode(discriminator)) continue
      const { mapping, defaultMapping } = discriminator
      if (component(defaultMapping) !== undefined) discriminator.defaultMapping = component(defaultMapping)
      if (!isNode(mapping)) continue
      for (const [name, target] of Object.entries(mapping)) mapping[name] = component(target) ?? target
    }
  }

  /** Adds references to what the discriminators of a file mean, in place. */
  complete(file: string, value: unknown): void {
    const owners = this.#tellingIn(file, value).filter(({ node }) => isDiscriminated(node))
    for (const { node, tokens } of owners) {
      const { mapping, defaultMapping } = isNode(node.discriminator) ? node.discriminator : ({} as Node)
      const referTo = (target: unknown): readonly { $ref: string }[] => {
        const $ref = typeof target === 'string' ? this.#referenceFor(target, file, value) : undefined
        return $ref === undefined ? [] : [{ $ref }]
      }
      const named = Object.entries(isNode(mapping) ? mapping : {}).flatMap(([name, target]) =>
        referTo(target).map(reference => [name, reference] as const),
      )
      const meant: Meant = {
        mapping: Object.fromEntries(named),
        fallback: referTo(defaultMapping),
        heirs: isUnion(node) ? [] : this.#heirsFor({ file, tokens }),
      }
      if (named.length + meant.fallback.length + meant.heirs.length > 0) node[meantKey] = meant
    }
  }

  /** Whether a schema was completed before all that extend it were known. */
  isBehind(): boolean {
    return [...this.#given].some(([key, count]) => this.#heirsOf(key).length !== count)
  }

  /** Whether a mapping names a file. */
  maps(file: string): boolean {
    return this.#mapped.has(file)
  }

  /** What tells of discriminators in a file and is no literal value. Large files are walked through once. */
  #tellingIn(file: string, value: unknown): readonly Telling[] {
    if (typeof value !== 'object' || value === null) return []
    const known = this.#telling.get(value)
    if (known !== undefined) return known
    const found: Telling[] = []
    eachObject(value, (node, tokens) => {
      if (isTelling(node) && !isLiteral(tokens, file === this.#entry)) found.push({ node, tokens: [...tokens] })
    })
    this.#telling.set(value, found)
    return found
  }

  #heirsFor(base: Place): readonly { $ref: string }[] {
    const heirs = this.#heirsOf(keyOf(base))
    this.#given.set(keyOf(base), heirs.length)
    return heirs.map(({ file, tokens }) => {
      return { $ref: `${file === base.file ? '' : referenceFrom(base.file, file)}#${uriPointer(tokens)}` }
    })
  }

  /** What extends a schema, and what extends that; components of the document are there anyhow. */
  #heirsOf(base: string): Place[] {
    const found = new Map<string, Place>()
    const waiting = [base]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      for (const { parent, place } of this.#extending) {
        const key = keyOf(place)
        if (this.#inTheEnd(parent) !== next || found.has(key) || key === base) continue
        found.set(key, place)
        waiting.push(key)
      }
    }
    return [...found.values()].filter(({ file }) => file !== this.#entry)
  }

  #inTheEnd(key: string): string {
    let at = key
    for (let hops = 0; hops < 100; hops += 1) at = this.#aliases.get(at) ?? at
    return at
  }

  /** The reference, seen from its file, that a mapping stands for; `undefined` where it names a component or nothing. */
  #referenceFor(target: string, file: string, value: unknown): string | undefined {
    const isEntry = file === this.#entry
    if (target.startsWith('#')) {
      const isThere = resolvePointer(value, parsePointer(target)) !== undefined
      return isEntry || !isThere ? undefined : target
    }
    if (isBare(target)) {
      const own = isEntry ? undefined : holders.find(tokens => isNode(resolvePointer(value, [...tokens, target])))
      if (own !== undefined) return `#${uriPointer([...own, target])}`
    }
    const place = placeOf(target, file)
    if (place === undefined || !this.#mayBeRead(place.file, lastName(target))) return undefined
    this.#mapped.add(place.file)
    return target
  }

  #mayBeRead(location: string, name: string): boolean {
    // Asking a server for what a schema of the document is called by is not worth it.
    if (isAddress(location)) return this.#bounds.wouldHold(location) && !this.#components.has(name)
    const isFile = statSync(location, { throwIfNoEntry: false })?.isFile() ?? false
    return isFile && this.#bounds.wouldHold(realpathSync(location))
  }
}

/** Where files keep schemas by name. */
const holders: readonly (readonly string[])[] = [['components', 'schemas'], ['definitions'], ['$defs'], ['schemas'], []]

/** Whether a schema has a discriminator, as OpenAPI 3 or as Swagger 2.0 writes it. */
export function isDiscriminated(node: Node): boolean {
  const { discriminator } = node
  return typeof discriminator === 'string' || (isNode(discriminator) && typeof discriminator.propertyName === 'string')
}

/** Whether a discriminator tells the branches of its own schema apart. */
export function isUnion(node: Node): boolean {
  return Array.isArray(node.oneOf) || Array.isArray(node.anyOf)
}

/** Whether a mapping is a name rather than a reference. Source: OpenAPI 3.1.1, section 4.8.25. */
export function isBare(target: string): boolean {
  return /^[\w.-]+$/.test(target)
}

/** `Cat` of `cats.yaml#/Cat`, of `cats/Cat.yaml` and of `Cat`. */
export function lastName(ref: string): string {
  const [location = '', fragment = ''] = ref.split('#', 2)
  const file = location.slice(location.lastIndexOf('/') + 1).replace(/\.(ya?ml|json)$/i, '')
  return parsePointer(`#${fragment}`).at(-1) ?? decoded(file)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Whether what stands at these tokens of a file has a name there: that of the file, or its key among others. */
export function hasName(tokens: readonly string[], isEntry: boolean): boolean {
  if (tokens.length < 2) return !isEntry
  return ['schemas', 'definitions', '$defs'].includes(tokens.at(-2) ?? '')
}

function placeOf(ref: string, from: string): Place | undefined {
  const [location = '', fragment = ''] = ref.split('#', 2)
  const file = location === '' ? from : resolveReference(location, from)
  return file === undefined ? undefined : { file, tokens: parsePointer(`#${fragment}`) }
}

function keyOf({ file, tokens }: Place): string {
  return [file, ...tokens].join('\0')
}

/** The references by which a schema extends others. */
function extendedBy(schema: Node): string[] {
  const parts = Array.isArray(schema.allOf) ? schema.allOf.filter(isNode) : []
  return parts.flatMap(part => (typeof part.$ref === 'string' ? [part.$ref] : extendedBy(part)))
}

/** An object of a file that tells of discriminators, and the tokens that lead to it. */
type Telling = { readonly node: Node; readonly tokens: readonly string[] }

function isTelling(node: Node): boolean {
  return node.discriminator !== undefined || node.allOf !== undefined || node.$ref !== undefined
}
