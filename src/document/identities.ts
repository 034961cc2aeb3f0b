import { parsePointer, resolvePointer } from '../finding/index.ts'
import { fileUri, referenceFrom, resolveUri } from './address.ts'
import { isNode, type Node } from './each-object.ts'
import { isLiteral } from './literal.ts'
import { uriPointer } from './references.ts'

/** Among the `$defs` of a dynamic reference, where it starts when that is elsewhere. */
export const startKey = 'x-contrato-start'

/** What the fragment of a reference is looked up in: a file, or a schema of it that has a URI of its own. */
type Resource = {
  readonly file: string
  readonly tokens: readonly string[]
  /** The members that it has. */
  readonly keys: readonly string[]
  readonly anchors: Map<string, readonly string[]>
}

/** Where a part stands, and what references there are relative to. */
type Scope = { readonly base: string; readonly resource: Resource }

/**
 * What the parts of a document are called besides by their place: a schema by its `$id`, a part of one by an `$anchor`, a
 * file by its `$self`. References by such names become references by place, which are all that later readers follow.
 * Source: JSON Schema 2020-12, section 8.2; OpenAPI 3.2.0, section 4.1.2.
 */
export class Identities {
  readonly #resources = new Map<string, Resource>()
  readonly #files = new Map<string, Scope>()
  readonly #entry: string

  /** @param entry the path or address of the entry file */
  constructor(entry: string) {
    this.#entry = entry
  }

  /** Files with names in them. */
  get size(): number {
    return this.#files.size
  }

  /** Takes notice of the names in a file. */
  learn(absolute: string, text: string, value: unknown): void {
    if (this.#files.has(absolute) || !/\$(?:id|anchor|dynamicAnchor|dynamicRef|self)\b/.test(text)) return
    const resource: Resource = { file: absolute, tokens: [], keys: [], anchors: new Map() }
    const uri = fileUri(absolute)
    const self = resolvePointer(value, ['$self'])
    const base = (typeof self === 'string' ? resolveUri(self, uri) : undefined) ?? uri
    this.#files.set(absolute, { base, resource })
    for (const name of [uri, base]) this.#add(name, resource)
    this.#walk(absolute, value, (node, tokens, scope) => {
      for (const keyword of ['$anchor', '$dynamicAnchor']) {
        const anchor = ownText(node, keyword)
        if (anchor !== undefined && !scope.resource.anchors.has(anchor)) scope.resource.anchors.set(anchor, tokens)
      }
    })
  }

  /** Makes the references of a file by name references by place, in place. What is no known name is left as it is. */
  settle(absolute: string, value: unknown): void {
    if (this.#files.size === 0) return
    this.#walk(absolute, value, (node, tokens, scope) => {
      const ref = ownText(node, '$ref')
      if (ref !== undefined) node.$ref = this.#placeOf(ref, scope, absolute) ?? ref
      const dynamic = ownText(node, '$dynamicRef')
      if (dynamic !== undefined) this.#settleDynamic(node, dynamic, this.#placeOf(dynamic, scope, absolute))
      const mapping = resolvePointer(node, ['mapping'])
      if (tokens.at(-1) !== 'discriminator' || !isNode(mapping)) return
      for (const [name, target] of Object.entries(mapping)) {
        if (typeof target === 'string') mapping[name] = this.#placeOf(target, scope, absolute) ?? target
      }
    })
  }

  /**
   * A dynamic reference to a pointer is a plain one. One to an anchor elsewhere is brought here: beside it stands a plain
   * one, for the resolver, to where it starts.
   */
  #settleDynamic(node: Node, dynamic: string, place: string | undefined): void {
    const [location = '', fragment = ''] = dynamic.split('#', 2)
    const $ref = place ?? dynamic
    if (fragment === '' || fragment.startsWith('/')) {
      delete node.$dynamicRef
      if (ownText(node, '$ref') === undefined) node.$ref = $ref
      else node.allOf = [...(Array.isArray(node.allOf) ? node.allOf : []), { $ref }]
    } else if (location !== '' && (place !== undefined || !URL.canParse(location))) {
      node.$dynamicRef = `#${fragment}`
      node.$defs = { ...(isNode(node.$defs) ? node.$defs : {}), [startKey]: { $ref: place ?? location } }
    }
  }

  #placeOf(ref: string, { base, resource }: Scope, from: string): string | undefined {
    const [location = '', fragment = ''] = ref.split('#', 2)
    const isPointer = fragment === '' || fragment.startsWith('/')
    // Where it stands in no schema with a URI of its own, it is by place already.
    if (location === '' && isPointer && resource.tokens.length === 0) return undefined
    const named = location === '' ? resource : this.#named(location, base, from)
    if (named === undefined) return undefined
    const tokens = isPointer ? parsePointer(`#${fragment}`) : this.#anchor(named, fragment, location === '')
    if (tokens === undefined) return undefined
    // Many write pointers from the top of the file, although the schema they stand in has a URI of its own.
    if (location === '' && tokens[0] !== undefined && isPointer && !named.keys.includes(tokens[0])) return undefined
    const whole = isPointer ? [...named.tokens, ...tokens] : tokens
    return `${named.file === from ? '' : referenceFrom(from, named.file)}#${uriPointer(whole)}`
  }

  #named(location: string, base: string, from: string): Resource | undefined {
    for (const start of [base, fileUri(from)]) {
      const uri = resolveUri(location, start)
      const found = uri === undefined ? undefined : this.#resources.get(uri)
      if (found !== undefined) return found
    }
    return undefined
  }

  /** An anchor of a resource; where it is named without one, that of another in the same file does as well. */
  #anchor(resource: Resource, name: string, isOwn: boolean): readonly string[] | undefined {
    const found = resource.anchors.get(name)
    if (found !== undefined || !isOwn) return found
    const others = [...this.#resources.values()].filter(({ file }) => file === resource.file)
    return others.find(({ anchors }) => anchors.has(name))?.anchors.get(name)
  }

  /** Of two with one name the first counts. */
  #add(uri: string, resource: Resource): void {
    if (!this.#resources.has(uri)) this.#resources.set(uri, resource)
  }

  /** Visits the objects of a file that are no literal values, with what references in them are relative to. */
  #walk(absolute: string, value: unknown, visit: (node: Node, tokens: readonly string[], scope: Scope) => void): void {
    const isEntry = absolute === this.#entry
    const seen = new Set<object>()
    const enter = (node: unknown, tokens: readonly string[], above: Scope): void => {
      if (typeof node !== 'object' || node === null || seen.has(node)) return
      seen.add(node)
      let scope = above
      if (isNode(node) && isNamed(node) && !isLiteral(tokens, isEntry)) {
        scope = this.#scopeOf(node, tokens, above)
        visit(node, tokens, scope)
      }
      for (const [key, member] of Object.entries(node)) enter(member, [...tokens, key], scope)
    }
    const uri = fileUri(absolute)
    const plain = { file: absolute, tokens: [], keys: [], anchors: new Map() }
    enter(value, [], this.#files.get(absolute) ?? { base: uri, resource: plain })
  }

  #scopeOf(node: Node, tokens: readonly string[], above: Scope): Scope {
    const id = ownText(node, '$id')
    const base = id === undefined ? undefined : resolveUri(id, above.base)
    if (base === undefined || base === above.base) return above
    const known = this.#resources.get(base)
    const { file } = above.resource
    if (known?.file === file && known.tokens.join('\0') === tokens.join('\0')) return { base, resource: known }
    const resource: Resource = { file, tokens, keys: Object.keys(node), anchors: new Map() }
    this.#add(base, resource)
    return { base, resource }
  }
}

function isNamed(node: Node): boolean {
  return (
    ['$id', '$anchor', '$dynamicAnchor', '$ref', '$dynamicRef'].some(key => typeof node[key] === 'string') ||
    Object.hasOwn(node, 'mapping')
  )
}

function ownText(node: Node, key: string): string | undefined {
  const value = Object.hasOwn(node, key) ? node[key] : undefined
  return typeof value === 'string' ? value : undefined
}
