import { formatFragment, parsePointer, resolvePointer } from '../finding/index.ts'
import { isNode, type Node } from './each-object.ts'
import { startKey } from './identities.ts'
import { isLiteral } from './literal.ts'
import type { Origins, Way } from './origins.ts'
import { uriPointer } from './references.ts'
import type { Breach } from './validate.ts'

/** By name, the pointers to the dynamic anchors of whatever was entered on the way, of which the outermost counts. */
type Entered = ReadonlyMap<string, string>

/** Copies of one document; more would be made by a hostile one only. */
const maxCopies = 1000

/**
 * Makes plain references of dynamic ones, in place. What such a reference means depends on the way to it: where a schema
 * that holds one is entered with other anchors than its own, a copy of it is referred to, in which they are replaced.
 * Source: JSON Schema 2020-12, sections 7.1 and 8.2.3.2.
 *
 * @param root a document whose references stay inside it
 * @param files the values of files of which it was put together
 * @returns the dynamic references that lead nowhere, which then demand nothing
 */
export function settleDynamic(root: Node, files: ReadonlySet<unknown>, origins: Origins): Breach[] {
  return new Dynamics(root, files, origins).settle()
}

class Dynamics {
  readonly #root: Node
  readonly #files: ReadonlySet<unknown>
  readonly #origins: Origins
  /** The dynamic anchors of what each object is part of: a schema with a URI of its own, a file, or the document. */
  readonly #resources = new Map<object, Map<string, string>>()
  readonly #tokens = new Map<object, readonly string[]>()
  /** The names that are asked for. */
  readonly #asked = new Set<string>()
  /** Pointers of plain anchors, by resource and name. */
  readonly #anchors = new Map<object, Map<string, string>>()
  /** Objects from which a dynamic reference can be got to. */
  readonly #touched = new Set<object>()
  /** Pointers to copies, by what they are of and what was entered on the way. */
  readonly #copies = new Map<string, string>()
  readonly #made = new Map<string, object>()
  readonly #reserved = new Set<string>()
  readonly #lost: Breach[] = []

  constructor(root: Node, files: ReadonlySet<unknown>, origins: Origins) {
    this.#root = root
    this.#files = files
    this.#origins = origins
  }

  settle(): Breach[] {
    const parents = this.#survey()
    this.#touch(parents)
    const outermost: Entered = this.#resources.get(this.#root) ?? new Map()
    const changes: (() => void)[] = []
    const enter = (node: object, above: Entered, name: string): void => {
      const entered = this.#enter(above, node)
      const change = this.#linked(node, entered)
      if (change !== undefined) changes.push(() => replace(node as Node, change))
      for (const [key, member] of Object.entries(node)) {
        if (!this.#isTouched(member)) continue
        // What is kept there is entered by reference only.
        const isKept = name === '$defs' && this.#resources.get(node) !== this.#resources.get(member)
        const inner = isKept ? undefined : this.#elsewhere(node, member, entered)
        if (inner === undefined) enter(member, isKept ? outermost : entered, key)
        else changes.push(() => Object.assign(node, { [key]: inner }))
      }
    }
    enter(this.#root, outermost, '')
    for (const change of changes) change()
    for (const node of this.#tokens.keys()) leaveOutStart(node)
    if (this.#made.size > 0) {
      const components = isNode(this.#root.components) ? this.#root.components : {}
      const schemas = isNode(components.schemas) ? components.schemas : {}
      this.#root.components = { ...components, schemas: { ...schemas, ...Object.fromEntries(this.#made) } }
    }
    return this.#lost
  }

  /** Takes notice of every object that is no literal, and returns what refers to it or holds it. */
  #survey(): Map<object, object[]> {
    const parents = new Map<object, object[]>()
    const hold = (target: unknown, by: object): void => {
      if (typeof target !== 'object' || target === null) return
      const known = parents.get(target)
      if (known === undefined) parents.set(target, [by])
      else known.push(by)
    }
    const visit = (node: object, tokens: readonly string[], above: Map<string, string>): void => {
      if (this.#tokens.has(node)) return
      const isBoundary = tokens.length > 0 && (typeof own(node, '$id') === 'string' || this.#files.has(node))
      const resource = isBoundary ? new Map<string, string>() : above
      this.#tokens.set(node, tokens)
      this.#resources.set(node, resource)
      const pointer = `#${uriPointer(tokens)}`
      const dynamic = own(node, '$dynamicAnchor')
      const plain = own(node, '$anchor')
      if (typeof dynamic === 'string' && !resource.has(dynamic)) resource.set(dynamic, pointer)
      if (typeof plain === 'string') {
        const anchors = this.#anchors.get(resource) ?? new Map<string, string>()
        this.#anchors.set(resource, anchors.set(plain, pointer))
      }
      for (const [key, member] of Object.entries(node)) {
        if (typeof member !== 'object' || member === null || isLiteral([...tokens, key], true)) continue
        hold(member, node)
        visit(member, [...tokens, key], resource)
      }
    }
    visit(this.#root, [], new Map())
    for (const node of this.#tokens.keys()) {
      const ref = own(node, '$ref')
      if (typeof ref === 'string') hold(this.#at(ref), node)
      const name = dynamicName(node)
      if (name !== undefined) this.#asked.add(name)
    }
    return parents
  }

  #touch(parents: ReadonlyMap<object, readonly object[]>): void {
    const waiting = [...this.#tokens.keys()].filter(node => dynamicName(node) !== undefined)
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (this.#touched.has(next)) continue
      this.#touched.add(next)
      waiting.push(...(parents.get(next) ?? []))
    }
  }

  #isTouched(value: unknown): value is object {
    return typeof value === 'object' && value !== null && this.#touched.has(value)
  }

  #enter(above: Entered, node: object): Entered {
    const brought = [...(this.#resources.get(node) ?? [])].filter(([name]) => !above.has(name) && this.#asked.has(name))
    return brought.length === 0 ? above : new Map([...above, ...brought])
  }

  /** What a schema is entered with when a reference from outside of all others leads to it. */
  #default(node: object): Entered {
    return this.#enter(this.#resources.get(this.#root) ?? new Map(), node)
  }

  /** A schema of its own inside another stands there as it is entered from elsewhere; entered from here it is a copy. */
  #elsewhere(holder: object, member: object, entered: Entered): Node | undefined {
    if (this.#resources.get(holder) === this.#resources.get(member)) return undefined
    const inner = this.#enter(entered, member)
    if (isSame(inner, this.#default(member))) return undefined
    return { $ref: this.#copyOf(member, inner) }
  }

  /** The references of an object as they are when it is entered like this; `undefined` when they are as they stand. */
  #linked(node: object, entered: Entered): Node | undefined {
    const ref = own(node, '$ref')
    const target = typeof ref === 'string' ? this.#at(ref) : undefined
    const link = this.#isTouched(target) ? this.#referTo(ref as string, target, entered) : ref
    const asked = own(node, '$dynamicRef')
    if (typeof asked !== 'string') return link === ref ? undefined : { $ref: link }
    const dynamic = this.#meant(node, asked, entered)
    if (dynamic === undefined) return { $dynamicRef: undefined, $ref: link }
    if (link === undefined) return { $dynamicRef: undefined, $ref: dynamic }
    const before = own(node, 'allOf')
    return { $dynamicRef: undefined, $ref: link, allOf: [...(Array.isArray(before) ? before : []), { $ref: dynamic }] }
  }

  #meant(node: object, asked: string, entered: Entered): string | undefined {
    const name = dynamicName(node)
    const resource = this.#resources.get(node) ?? new Map<string, string>()
    const start = name === undefined ? undefined : this.#startOf(node, name)
    const isPlain = name !== undefined && asked.startsWith('#') && !resource.has(name)
    const plain = isPlain ? this.#anchors.get(resource)?.get(name) : undefined
    const inner = plain ?? entered.get(name ?? '') ?? resource.get(name ?? '')
    const pointer = name === undefined ? asked : start === undefined ? inner : start(entered)
    const target = pointer === undefined ? undefined : this.#at(pointer)
    if (pointer !== undefined && target !== undefined) {
      return this.#isTouched(target) ? this.#referTo(pointer, target, entered) : pointer
    }
    const tokens = this.#tokens.get(node) ?? []
    this.#lost.push({
      pointer: `#${formatFragment([...tokens, '$dynamicRef'])}`,
      message: `$dynamicRef ${asked} leads nowhere: no schema has such a $dynamicAnchor`,
      help: 'Correct the $dynamicRef, or add the $dynamicAnchor that it names.',
    })
    return undefined
  }

  /** What a reference means that starts elsewhere; `undefined` where it starts here. */
  #startOf(node: object, name: string): ((entered: Entered) => string | undefined) | undefined {
    const start = resolvePointer(node, ['$defs', startKey])
    if (!isNode(start)) return undefined
    const pointer = typeof start.$ref === 'string' ? start.$ref : `#${uriPointer(this.#tokens.get(start) ?? [])}`
    const schema = this.#at(pointer)
    return entered => {
      if (resolvePointer(schema, ['$dynamicAnchor']) === name) return entered.get(name) ?? pointer
      return resolvePointer(schema, ['$anchor']) === name ? pointer : undefined
    }
  }

  #referTo(pointer: string, target: object, from: Entered): string {
    const entered = this.#enter(from, target)
    return isSame(entered, this.#default(target)) ? pointer : this.#copyOf(target, entered)
  }

  /** The pointer to a copy of an object in which dynamic references are as they are when it is entered like this. */
  #copyOf(node: object, entered: Entered): string {
    const tokens = this.#tokens.get(node) ?? []
    const key = JSON.stringify([tokens, [...entered].sort()])
    const known = this.#copies.get(key)
    if (known !== undefined) return known
    if (this.#copies.size === maxCopies) return `#${uriPointer(tokens)}`
    const name = this.#nameFor(tokens)
    const pointer = `#${uriPointer(['components', 'schemas', name])}`
    this.#copies.set(key, pointer)
    const copy = this.#copied(node, entered)
    this.#made.set(name, copy)
    this.#origins.set(copy, wayTo(this.#origins.tokensOf(this.#root, tokens)))
    return pointer
  }

  #nameFor(tokens: readonly string[]): string {
    const plain = (tokens.at(-1) ?? '').replace(/[^\w.-]/g, '') || 'Schema'
    const taken = resolvePointer(this.#root, ['components', 'schemas'])
    for (let number = 2; ; number += 1) {
      const name = `${plain}-${number}`
      const isTaken = this.#reserved.has(name) || resolvePointer(taken, [name]) !== undefined
      if (isTaken) continue
      this.#reserved.add(name)
      return name
    }
  }

  #copied(node: object, entered: Entered): object {
    const member = (value: unknown): unknown => {
      if (!this.#isTouched(value)) return value
      return this.#elsewhere(node, value, entered) ?? this.#copied(value, this.#enter(entered, value))
    }
    if (Array.isArray(node)) return node.map(member)
    // What is kept there is referred to where it stands, or as a copy of its own.
    const members = Object.entries(node).filter(([key]) => key !== '$defs')
    const copy = Object.fromEntries(members.map(([key, value]) => [key, member(value)]))
    replace(copy, this.#linked(node, entered) ?? {})
    return copy
  }

  #at(ref: string): unknown {
    return ref.startsWith('#') ? resolvePointer(this.#root, parsePointer(ref)) : undefined
  }
}

/** The name that a dynamic reference asks for; `undefined` where it is a pointer, which means what a `$ref` does. */
function dynamicName(node: object): string | undefined {
  const asked = own(node, '$dynamicRef')
  const name = typeof asked === 'string' ? asked.slice(asked.indexOf('#') + 1) : ''
  return name === '' || name.startsWith('/') ? undefined : name
}

/** Takes away what only told where a reference starts, unless the schema itself stands there. */
function leaveOutStart(node: object): void {
  const kept = own(node, '$defs')
  if (!isNode(kept) || resolvePointer(kept, [startKey, '$ref']) === undefined) return
  const { [startKey]: _, ...others } = kept
  replace(node as Node, { $defs: Object.keys(others).length === 0 ? undefined : others })
}

function replace(node: Node, change: Node): void {
  for (const [key, value] of Object.entries(change)) {
    if (value === undefined) delete node[key]
    else node[key] = value
  }
}

function wayTo(tokens: readonly string[]): Way {
  return tokens.reduce<Way>((up, key) => ({ up, key }), undefined)
}

function isSame(one: Entered, other: Entered): boolean {
  return one.size === other.size && [...one].every(([name, pointer]) => other.get(name) === pointer)
}

function own(node: object, key: string): unknown {
  return !Array.isArray(node) && Object.hasOwn(node, key) ? (node as Node)[key] : undefined
}
