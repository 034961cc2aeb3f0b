import {
  CORE_SCHEMA,
  constructFromEvents,
  EVENT_ID,
  type Event,
  getScalarValue,
  mergeTag,
  parseEvents,
  SCALAR_STYLE,
  type ScalarStyle,
  YAMLException,
} from 'js-yaml'
import { jsonFaultAt } from '../finding/index.ts'

/** YAML 1.2 core with `<<` merging, which real documents use though the specification of OpenAPI does not mention it. */
const schema = CORE_SCHEMA.withTags(mergeTag)

/** Nesting beyond this is refused: every walker of the document may then recurse without a limit of its own. */
const maxDepth = 100

/** Nodes that a document may have once its aliases are written out. */
const maxNodes = 1_000_000

/** Why a text is no document; the offset counts UTF-16 code units from its start. */
export class SourceError extends Error {
  readonly code: 'document-syntax' | 'document-too-large'
  readonly offset: number

  constructor(code: SourceError['code'], message: string, offset: number) {
    super(message)
    this.code = code
    this.offset = offset
  }
}

/** The value that a YAML or JSON text stands for. Throws {@link SourceError}. */
export function parseSource(text: string): unknown {
  return looksLikeJson(text) ? parseJson(text) : parseYaml(text)
}

/** The lines of a text, found once. */
export class Lines {
  readonly #starts: number[] = [0]

  constructor(text: string) {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1)
  }

  /** Line and column, both from 1, of an offset into the text. */
  at(offset: number): { line: number; column: number } {
    let first = 0
    let last = this.#starts.length - 1
    while (first < last) {
      const middle = (first + last + 1) >> 1
      if ((this.#starts[middle] as number) <= offset) first = middle
      else last = middle - 1
    }
    return { line: first + 1, column: offset - (this.#starts[first] as number) + 1 }
  }
}

/**
 * Finds the places of values in a text. Members of mappings are found at their key, items of sequences at their start;
 * what is not written down (a default, an upgraded keyword) is found at the nearest thing above it that is.
 */
export class Positions {
  readonly #text: string
  readonly #events: readonly Event[]
  /** By event that starts a node, the event that follows the node. */
  readonly #ends: Uint32Array
  /** By event that starts a mapping, its members; made when one is asked for. */
  readonly #members = new Map<number, Members>()

  constructor(text: string) {
    this.#text = text
    this.#events = readableEvents(text)
    this.#ends = endsOf(this.#events)
  }

  /** The offset of what these pointer tokens lead to. */
  offsetOf(tokens: readonly string[]): number {
    let at = this.#events[0]?.type === EVENT_ID.DOCUMENT ? 1 : 0
    let offset = 0
    for (const token of tokens) {
      const member = this.#memberOf(this.#throughAlias(at), token)
      if (member === undefined) return offset
      at = member.value
      offset = member.offset
    }
    return offset
  }

  #memberOf(at: number, token: string): { value: number; offset: number } | undefined {
    const type = this.#events[at]?.type
    if (type === EVENT_ID.MAPPING) return this.#memberOfMapping(at + 1, token)
    if (type === EVENT_ID.SEQUENCE) return this.#memberOfSequence(at + 1, Number(token))
    return undefined
  }

  #memberOfMapping(first: number, name: string): { value: number; offset: number } | undefined {
    const members = this.#members.get(first) ?? this.#readMembers(first)
    this.#members.set(first, members)
    return members.own.get(name) ?? this.#memberOfMerged(members.merged, name)
  }

  #readMembers(first: number): Members {
    const own: Members['own'] = new Map()
    const merged: number[] = []
    for (let key = first; this.#events[key]?.type !== EVENT_ID.POP; ) {
      const value = this.#after(key)
      const event = this.#events[key]
      if (event === undefined) break
      if (event.type === EVENT_ID.SCALAR) {
        const text = getScalarValue(this.#text, event)
        // JSON may repeat a key, and then the last one counts.
        own.set(text, { value, offset: startOf(event) })
        if (text === '<<') merged.push(value)
      }
      key = this.#after(value)
    }
    return { own, merged }
  }

  /** A member that comes in through `<<`, at the place where it is written. */
  #memberOfMerged(merged: readonly number[], name: string): { value: number; offset: number } | undefined {
    for (const source of merged) {
      const at = this.#throughAlias(source)
      const found =
        this.#events[at]?.type === EVENT_ID.SEQUENCE
          ? this.#memberOfMerged(this.#itemsOf(at), name)
          : this.#memberOf(at, name)
      if (found !== undefined) return found
    }
    return undefined
  }

  #itemsOf(sequence: number): number[] {
    const items: number[] = []
    for (let item = sequence + 1; this.#events[item]?.type !== EVENT_ID.POP; item = this.#after(item)) items.push(item)
    return items
  }

  #memberOfSequence(first: number, index: number): { value: number; offset: number } | undefined {
    const item = this.#itemsOf(first - 1)[index]
    return item === undefined ? undefined : { value: item, offset: startOf(this.#events[item]) }
  }

  /** The event that follows the node which starts at `at`. */
  #after(at: number): number {
    return this.#ends[at] ?? at + 1
  }

  /** Where an alias leads: the last node before it that carries its anchor. */
  #throughAlias(at: number): number {
    const alias = this.#events[at]
    if (alias?.type !== EVENT_ID.ALIAS) return at
    const name = this.#text.slice(alias.anchorStart, alias.anchorEnd)
    for (let candidate = at - 1; candidate > 0; candidate -= 1) {
      const event = this.#events[candidate]
      if (event === undefined || event.type === EVENT_ID.ALIAS || !('anchorStart' in event)) continue
      if (event.anchorStart >= 0 && this.#text.slice(event.anchorStart, event.anchorEnd) === name) return candidate
    }
    return at
  }
}

type Members = {
  readonly own: Map<string, { readonly value: number; readonly offset: number }>
  readonly merged: readonly number[]
}

function endsOf(events: readonly Event[]): Uint32Array {
  const ends = new Uint32Array(events.length)
  const open: number[] = []
  for (const [at, { type }] of events.entries()) {
    ends[at] = at + 1
    if (type === EVENT_ID.POP) ends[open.pop() ?? at] = at + 1
    else if (type !== EVENT_ID.SCALAR && type !== EVENT_ID.ALIAS) open.push(at)
  }
  return ends
}

function isQuoted(style: ScalarStyle): boolean {
  return style === SCALAR_STYLE.DOUBLE_QUOTED || style === SCALAR_STYLE.SINGLE_QUOTED
}

function startOf(event: Event | undefined): number {
  if (event === undefined) return 0
  // The parser counts from behind a quote and behind the asterisk of an alias.
  if ('valueStart' in event) return isQuoted(event.style) ? event.valueStart - 1 : event.valueStart
  if ('start' in event) return event.start
  return 'anchorStart' in event ? event.anchorStart - 1 : 0
}

function looksLikeJson(text: string): boolean {
  return /^\s*[{[]/.test(text)
}

function parseJson(text: string): unknown {
  try {
    const value = JSON.parse(text)
    refuseDepth(value, 0)
    return value
  } catch (error) {
    if (error instanceof SourceError) throw error
    // YAML's flow style opens with a brace too, so what is not JSON may still be a document.
    if (/^\s*[{[]\s*(?:["}\]]|\/[/*])/.test(text)) {
      const reason = error instanceof Error ? error.message : String(error)
      throw new SourceError('document-syntax', withoutPlace(reason), jsonFaultAt(text) ?? text.length)
    }
    return parseYaml(text)
  }
}

/** What the platform says about a mistake, without its own account of where that is. */
function withoutPlace(reason: string): string {
  return reason.replace(/( in JSON)? at position.*/s, '').replace(/, (\.\.\.)?".*/s, '')
}

function parseYaml(text: string): unknown {
  const events = readEvents(text)
  try {
    const documents = constructFromEvents([...events], { source: text, schema })
    if (documents.length > 1) {
      const markers = [...text.matchAll(/^---/gm)]
      const second = markers.at(markers.length - documents.length + 1)
      throw new SourceError('document-syntax', 'the file holds more than one YAML document', second?.index ?? 0)
    }
    const [value] = documents
    const alias = events.find(({ type }) => type === EVENT_ID.ALIAS)
    if (alias !== undefined) measure(value, startOf(alias))
    return value
  } catch (error) {
    throw asSourceError(error)
  }
}

/** JSON may hold characters that YAML refuses; the places of such a text are not known. */
function readableEvents(text: string): readonly Event[] {
  try {
    return readEvents(text)
  } catch {
    return []
  }
}

function readEvents(text: string): readonly Event[] {
  try {
    return parseEvents(text, { maxDepth })
  } catch (error) {
    throw asSourceError(error)
  }
}

function asSourceError(error: unknown): unknown {
  if (!(error instanceof YAMLException)) return error
  const tooDeep = /depth/i.test(error.reason)
  return new SourceError(tooDeep ? 'document-too-large' : 'document-syntax', error.reason, error.mark?.position ?? 0)
}

/** YAML counts its depth while it is parsed, JSON is measured afterwards. */
function refuseDepth(node: unknown, depth: number): void {
  if (depth > maxDepth) throw new SourceError('document-too-large', `nesting exceeds ${maxDepth} levels`, 0)
  if (Array.isArray(node)) {
    for (const item of node) if (typeof item === 'object' && item !== null) refuseDepth(item, depth + 1)
    return
  }
  const members = node as Record<string, unknown>
  for (const key in members) {
    const member = members[key]
    if (typeof member === 'object' && member !== null) refuseDepth(member, depth + 1)
  }
}

/**
 * Refuses what no walker would come to the end of: aliases that multiply, that nest without end, or that contain
 * themselves. Each node is looked at once, however many aliases lead to it.
 *
 * @param alias the offset of the first alias
 */
function measure(value: unknown, alias: number): void {
  const sizes = new Map<object, { readonly nodes: number; readonly depth: number }>()
  const open = new Set<object>()
  const refuse = (reason: string): never => {
    throw new SourceError('document-too-large', reason, alias)
  }
  const size = (node: unknown): { readonly nodes: number; readonly depth: number } => {
    if (typeof node !== 'object' || node === null) return leaf
    const known = sizes.get(node)
    if (known !== undefined) return known
    if (open.has(node)) refuse('an alias stands for something that it is part of itself')
    open.add(node)
    let nodes = 1
    let depth = 0
    for (const member of Object.values(node)) {
      const inner = size(member)
      nodes += inner.nodes
      depth = Math.max(depth, inner.depth + 1)
    }
    if (nodes > maxNodes) refuse(`aliases expand to more than ${maxNodes} values`)
    if (depth > maxDepth) refuse(`nesting exceeds ${maxDepth} levels`)
    open.delete(node)
    const found = { nodes, depth }
    sizes.set(node, found)
    return found
  }
  size(value)
}

const leaf = { nodes: 1, depth: 0 } as const
