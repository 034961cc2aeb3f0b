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
const maxNodes = 5_000_000

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
  const value = looksLikeJson(text) ? parseJson(text) : parseYaml(text)
  measure(value)
  return value
}

/** Line and column, both from 1, of an offset into the text. */
export function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset)
  const lineStart = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: offset - lineStart + 1 }
}

/**
 * Finds the places of values in a text. Members of mappings are found at their key, items of sequences at their start;
 * what is not written down (a default, an upgraded keyword) is found at the nearest thing above it that is.
 */
export class Positions {
  readonly #text: string
  readonly #events: readonly Event[]

  constructor(text: string) {
    this.#text = text
    this.#events = readableEvents(text)
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
    let found: { value: number; offset: number } | undefined
    const merged: number[] = []
    for (let key = first; this.#events[key]?.type !== EVENT_ID.POP; ) {
      const value = this.#after(key)
      const event = this.#events[key]
      if (event?.type === EVENT_ID.SCALAR) {
        const text = getScalarValue(this.#text, event)
        // JSON may repeat a key, and then the last one counts.
        if (text === name) found = { value, offset: startOf(event) }
        if (text === '<<') merged.push(value)
      }
      key = this.#after(value)
    }
    return found ?? this.#memberOfMerged(merged, name)
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
    let depth = 0
    let next = at
    do {
      const type = this.#events[next]?.type
      if (type === EVENT_ID.MAPPING || type === EVENT_ID.SEQUENCE) depth += 1
      if (type === EVENT_ID.POP) depth -= 1
      next += 1
    } while (depth > 0)
    return next
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
    return JSON.parse(text)
  } catch (error) {
    // YAML's flow style opens with a brace too, so what is not JSON may still be a document.
    if (/^\s*[{[]\s*["}\]]/.test(text)) {
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
    return documents[0]
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

/** Refuses what no walker would come to the end of: aliases that multiply, and nesting without end. */
function measure(value: unknown): void {
  const sizes = new Map<object, number>()
  const size = (node: unknown, depth: number): number => {
    if (typeof node !== 'object' || node === null) return 1
    if (depth > maxDepth) throw new SourceError('document-too-large', `nesting exceeds ${maxDepth} levels`, 0)
    const known = sizes.get(node)
    if (known !== undefined) return known
    let total = 1
    for (const member of Object.values(node)) total += size(member, depth + 1)
    if (total > maxNodes) {
      throw new SourceError('document-too-large', `aliases expand to more than ${maxNodes} values`, 0)
    }
    sizes.set(node, total)
    return total
  }
  size(value, 0)
}
