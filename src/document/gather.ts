import { parsePointer, resolvePointer } from '../finding/index.ts'
import { hasName, isDiscriminated, isUnion, lastName, type Meant, meantKey } from './discriminators.ts'
import { isNode, type Node } from './each-object.ts'
import { hidesReference, isLiteral } from './literal.ts'
import type { Origins, Way } from './origins.ts'
import { uriPointer } from './references.ts'
import type { Written } from './trace.ts'

/** By object, the tokens that lead to it. */
type Places = ReadonlyMap<object, readonly string[]>

/** A document in one piece, and where its parts were written. */
export type Bundled = {
  readonly root: Node
  /** The path or address of its entry. */
  readonly entry: string
  /** Where schemas are kept by name. */
  readonly schemasAt: readonly string[]
  readonly trace: (tokens: readonly string[]) => Written
}

/**
 * Makes components of the schemas that discriminators mean, in place: the bundler has put them wherever they were referred
 * to first, where they have no name. Each is called as its file, or as its key in there; other names that a value may call
 * it by stand in its `x-contrato-names`.
 */
export function gatherMeant(bundled: Bundled, origins: Origins): void {
  const places = placesIn(bundled.root)
  const owners = [...places].filter(([node, tokens]) => isDiscriminated(node as Node) && !isValue(tokens))
  if (owners.length > 0) new Gathering(bundled, places, origins).run(owners as [Node, readonly string[]][])
  for (const node of places.keys()) if (meantKey in node) delete (node as Node)[meantKey]
}

class Gathering {
  readonly #bundled: Bundled
  readonly #places: Places
  readonly #origins: Origins
  /** By schema, what it may be called. */
  readonly #names = new Map<Node, Set<string>>()

  constructor(bundled: Bundled, places: Places, origins: Origins) {
    this.#bundled = bundled
    this.#places = places
    this.#origins = origins
  }

  run(owners: readonly (readonly [Node, readonly string[]])[]): void {
    const { root } = this.#bundled
    const schemas = this.#schemas()
    if (schemas === undefined) return
    for (const [node, tokens] of owners) this.#name(node, tokens)
    const pointers = this.#pointers(owners)
    this.#move(schemas)
    for (const [node] of owners) delete node[meantKey]
    const places = placesIn(root)
    for (const { holder, key, target, rest } of pointers) {
      const tokens = target === undefined ? undefined : places.get(target)
      if (tokens !== undefined) holder[key] = `#${uriPointer([...tokens, ...rest])}`
    }
  }

  /** The components; `undefined` where something else than a list by name stands there. */
  #schemas(): Node | undefined {
    let here: unknown = this.#bundled.root
    for (const token of this.#bundled.schemasAt) {
      if (!isNode(here) || typeof here.$ref === 'string') return undefined
      here[token] ??= {}
      here = here[token]
    }
    return isNode(here) && typeof here.$ref !== 'string' ? here : undefined
  }

  #name(node: Node, tokens: readonly string[]): void {
    const meant = meantBy(node)
    const { mapping } = isNode(node.discriminator) ? node.discriminator : ({} as Node)
    for (const [name, reference] of Object.entries(meant.mapping)) {
      this.#call(reference, isNode(mapping) ? String(mapping[name]) : undefined)
    }
    for (const keyword of ['fallback', 'heirs'] as const) {
      for (const [at, reference] of meant[keyword].entries()) {
        this.#call(reference, this.#writtenAt([...tokens, meantKey, keyword, String(at)]))
      }
    }
    for (const keyword of ['oneOf', 'anyOf']) {
      const branches = Array.isArray(node[keyword]) ? node[keyword] : []
      for (const [at, branch] of branches.entries())
        this.#call(branch, this.#writtenAt([...tokens, keyword, String(at)]))
    }
    if (!isUnion(node)) this.#call(node, this.#writtenAt(tokens))
  }

  /** The reference that was written at a place, or one to what stands there, if that has a name in its file. */
  #writtenAt(tokens: readonly string[]): string | undefined {
    const { source, tokens: written } = this.#bundled.trace(tokens)
    const ref = resolvePointer(source.value, [...written, '$ref'])
    if (typeof ref === 'string') return ref
    const isNamed = hasName(written, source.absolute === this.#bundled.entry)
    return isNamed ? `${source.absolute}#${uriPointer(written)}` : undefined
  }

  #call(reference: unknown, written: string | undefined): void {
    const schema = this.#resolved(reference)
    const name = written === undefined ? '' : lastName(written)
    if (name === '' || !isNode(schema) || !this.#places.has(schema)) return
    const names = this.#names.get(schema) ?? new Set()
    this.#names.set(schema, names.add(name))
  }

  /** Every reference and every mapping with what it leads to, and the way on from there where that is no object. */
  #pointers(owners: readonly (readonly [Node, readonly string[]])[]): Pointer[] {
    const { root } = this.#bundled
    const found: Pointer[] = []
    const add = (holder: Node, key: string, to = holder[key]): void => {
      if (typeof to !== 'string' || !to.startsWith('#')) return
      const tokens = parsePointer(to)
      const value = resolvePointer(root, tokens)
      const isObject = typeof value === 'object' && value !== null
      const target = isObject ? value : resolvePointer(root, tokens.slice(0, -1))
      const rest = isObject ? [] : tokens.slice(-1)
      if (value !== undefined && typeof target === 'object' && target !== null)
        found.push({ holder, key, target, rest })
    }
    for (const node of this.#places.keys()) if (isNode(node)) add(node, '$ref')
    for (const [node] of owners) {
      const { discriminator } = node
      const meant = meantBy(node)
      const follow = (holder: Node, key: string, reference: unknown): void => {
        const target = this.#resolved(reference)
        if (isNode(target)) found.push({ holder, key, target, rest: [] })
        else add(holder, key)
      }
      if (!isNode(discriminator)) continue
      const { mapping } = discriminator
      if (isNode(mapping)) for (const name of Object.keys(mapping)) follow(mapping, name, meant.mapping[name])
      follow(discriminator, 'defaultMapping', meant.fallback[0])
    }
    return found
  }

  #move(schemas: Node): void {
    const components = new Map<unknown, string>()
    for (const [name, schema] of Object.entries(schemas)) {
      const target = this.#resolved(schema)
      // The component itself comes before those that only refer to it.
      if (target === schema || !components.has(target)) components.set(target, name)
    }
    const { schemasAt } = this.#bundled
    const left: (() => void)[] = []
    for (const [schema, given] of this.#names) {
      const known = components.get(schema)
      const [first = ''] = given
      const name = known ?? free(schemas, first.replace(/[^\w.-]/g, '_'))
      const names = new Set([...(known === undefined ? [] : [known]), ...given])
      if (names.size > 1 || !names.has(name)) schema['x-contrato-names'] = [...names]
      const tokens = this.#places.get(schema) ?? []
      const holder = resolvePointer(this.#bundled.root, tokens.slice(0, -1)) as Node
      if (holder === schemas) continue
      schemas[name] = schema
      // A component that was a reference leads to its place by itself.
      if (known === undefined) this.#origins.set(schema, wayTo(tokens))
      left.push(() =>
        Object.assign(holder, { [tokens.at(-1) ?? '']: { $ref: `#${uriPointer([...schemasAt, name])}` } }),
      )
    }
    // Only now, so that each was found where it stood.
    for (const leave of left) leave()
  }

  #resolved(value: unknown): unknown {
    let here = value
    for (let hops = 0; hops < 100 && isNode(here) && typeof here.$ref === 'string'; hops += 1) {
      here = here.$ref.startsWith('#') ? resolvePointer(this.#bundled.root, parsePointer(here.$ref)) : undefined
    }
    return isNode(here) && hidesReference(here) ? undefined : here
  }
}

type Pointer = {
  readonly holder: Node
  readonly key: string
  readonly target: object | undefined
  readonly rest: readonly string[]
}

function meantBy(node: Node): Meant {
  return { mapping: {}, fallback: [], heirs: [], ...(node[meantKey] as Partial<Meant> | undefined) }
}

function free(taken: Node, name: string): string {
  let candidate = name
  for (let number = 2; Object.hasOwn(taken, candidate); number += 1) candidate = `${name}-${number}`
  return candidate
}

function placesIn(root: unknown): Places {
  const places = new Map<object, readonly string[]>()
  const visit = (node: unknown, tokens: readonly string[]): void => {
    if (typeof node !== 'object' || node === null || places.has(node)) return
    places.set(node, tokens)
    for (const [key, member] of Object.entries(node)) visit(member, [...tokens, key])
  }
  visit(root, [])
  return places
}

/** Whether tokens lead into a value; what a discriminator means is none. */
function isValue(tokens: readonly string[]): boolean {
  const at = tokens.lastIndexOf(meantKey)
  return isLiteral(at === -1 ? tokens : ['schema', ...tokens.slice(at + 3)], true)
}

function wayTo(tokens: readonly string[]): Way {
  return tokens.reduce<Way>((up, key) => ({ up, key }), undefined)
}
