import type { Callback, Part } from '../model/index.ts'

/** Events that a document describes, with what they are called. */
export type Known = {
  readonly callback: Callback
  /** What the payload calls it, where its schema or examples say so. */
  readonly wireNames: readonly string[]
}

/** Members of a payload in which APIs say what happened. */
const naming = ['event', 'type', 'event_type', 'eventType', 'eventName', 'topic', 'action', 'name', 'kind']

/** What calls are called. */
export function knownAs(callbacks: readonly Callback[]): Known[] {
  return callbacks.map(callback => ({ callback, wireNames: wireNamesOf(callback) }))
}

/**
 * The events that a name means: as the document writes it, however it is punctuated, by its operationId, or as the payload
 * says it. Several operations may announce the same event.
 */
export function eventsNamed(events: readonly Known[], name: string): Known[] {
  const plain = plainly(name)
  const ways: ((known: Known) => boolean)[] = [
    ({ callback }) => callback.name === name,
    ({ callback }) => plainly(callback.name) === plain,
    ({ callback }) => callback.operation.id === name,
    ({ callback }) =>
      callback.operation.requestBody?.content.some(content =>
        content.examples.some(({ value }) => nameIn(value) === name),
      ) === true,
    ({ wireNames }) => wireNames.includes(name),
  ]
  for (const way of ways) {
    const found = events.filter(way)
    if (found.length > 0) return found
  }
  return []
}

/** What a payload calls its event. */
export function nameIn(payload: unknown): string | undefined {
  const member = memberThatNames(payload)
  return member === undefined ? undefined : (payload as Record<string, string>)[member]
}

/** The member of a payload that says what happened. */
export function memberThatNames(payload: unknown): string | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined
  return naming.find(member => Object.hasOwn(payload, member) && typeof Reflect.get(payload, member) === 'string')
}

/** The name that somebody may have meant: one that a slip or two would make of it. */
export function nearestTo(name: string, names: readonly string[]): string | undefined {
  const plain = plainly(name.slice(0, 100))
  const [best] = names
    .map(each => ({ each, far: distance(plain, plainly(each)) }))
    .sort((one, other) => one.far - other.far)
  return best !== undefined && best.far <= Math.max(1, Math.floor(plain.length / 4)) ? best.each : undefined
}

/** How many letters have to be put in, left out or replaced. Source: Levenshtein, 1965. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (const [at, letter] of [...one].entries()) {
    const next = [at + 1]
    for (let to = 0; to < other.length; to += 1) {
      const replaced = (row[to] ?? 0) + (letter === other[to] ? 0 : 1)
      next.push(Math.min(replaced, (row[to + 1] ?? 0) + 1, (next[to] ?? 0) + 1))
    }
    row = next
  }
  return row[other.length] ?? 0
}

function plainly(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
}

function wireNamesOf({ operation }: Callback): string[] {
  const contents = operation.requestBody?.content ?? []
  const shown = contents.flatMap(({ examples }) => examples.flatMap(({ value }) => nameIn(value) ?? []))
  const stated = contents.flatMap(({ shape }) => namesStated(shape.schema))
  return [...new Set([...shown, ...stated])]
}

/** The values that a schema allows for the member that names the event. */
function namesStated(schema: Part | undefined, depth = 0): string[] {
  if (schema === undefined || depth > 8) return []
  for (const member of naming) {
    const part = schema.get('properties')?.get(member)
    const values = [part?.get('const')?.value, part?.get('enum')?.value]
      .flat()
      .filter(value => typeof value === 'string')
    if (values.length > 0) return values
  }
  return ['allOf', 'oneOf', 'anyOf'].flatMap(keyword =>
    [...(schema.get(keyword)?.entries() ?? [])].flatMap(([, branch]) => namesStated(branch, depth + 1)),
  )
}
