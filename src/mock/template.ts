import { variers } from '../generate/index.ts'
import {
  type Api,
  type Content,
  Part as DocumentPart,
  type Equality,
  type Expression,
  type Part,
  type Relations,
  type Scope,
  type Uniqueness,
} from '../model/index.ts'
import { forgiving } from './forgive.ts'
import { expected } from './relate.ts'
import type { Fresh } from './uniques.ts'

/**
 * An answer whose constant part is serialised and validated once. What relations write into it are slots, and each is
 * validated by itself; that is the same as validating the whole, because a template is made only where the schema says
 * nothing that joins a slot to its surroundings.
 */
export type Template = {
  /** The text with its slots filled; `undefined` when the outcome would need to be looked at as a whole. */
  fill(scope: Scope, fresh: Fresh): string | undefined
}

type Slot = {
  readonly tokens: readonly string[]
  /** What stands there; `undefined` when the place is not in the value. */
  readonly shown: unknown
  /** The value for this request; `undefined` leaves what is shown. */
  readonly read: (scope: Scope, fresh: Fresh) => unknown
  readonly accepts: (value: unknown) => boolean
}

/** Keywords that judge nothing; they may stand beside a `$ref` without adding to what it demands. */
const annotations = new Set([
  ...['title', 'description', 'summary', 'default', 'example', 'examples'],
  ...['deprecated', 'readOnly', 'writeOnly', '$comment', 'xml', 'externalDocs'],
])

/** Keywords of an object schema that judge each member by itself, or nothing. */
const separable = new Set(['type', 'properties', 'required', 'additionalProperties', 'allOf', ...annotations])

/**
 * Makes the template of a valid body.
 *
 * @returns `undefined` when a relation cannot be kept by filling slots
 */
export function makeTemplate(api: Api, content: Content, value: unknown, relations: Relations): Template | undefined {
  const schema = content.schema && DocumentPart.of(api.document.root).at(content.schema.pointer)
  if (schema === undefined || typeof value !== 'object' || value === null) return undefined
  const slots: Slot[] = []
  for (const equality of relations.equal) {
    const slot = equalitySlot(api, schema, value, equality)
    if (slot === undefined) return undefined
    slots.push(slot)
  }
  for (const uniqueness of relations.unique) {
    const slot = uniqueSlot(api, schema, value, uniqueness)
    if (slot === undefined) return undefined
    slots.push(slot)
  }
  if (slots.some(({ tokens }, at) => slots.slice(at + 1).some(other => overlap(tokens, other.tokens)))) return undefined
  const isSlot = ({ inResponseBody }: Expression): boolean =>
    inResponseBody === undefined || slots.some(({ tokens }) => overlap(tokens, inResponseBody))
  // Places that no slot touches were put in order when the value was made.
  if (relations.ordered.some(({ first, second }) => isSlot(first) || isSlot(second))) return undefined
  return compile(value, slots)
}

/** Whether one place is the other, or lies inside it. */
function overlap(a: readonly string[], b: readonly string[]): boolean {
  return a.every((token, at) => at >= b.length || token === b[at])
}

function equalitySlot(api: Api, schema: Part, value: object, equality: Equality): Slot | undefined {
  const tokens = equality.left.inResponseBody
  if (tokens === undefined || equality.right.inResponseBody !== undefined) return undefined
  const place = placeOf(api, schema, value, tokens)
  return place && { ...place, read: scope => expected(equality, scope) }
}

/** Values that a way of varying has to get past the schema before it is relied on. */
const trials = [1, 2, 3, 4, 5, 6, 7, 8]

function uniqueSlot(api: Api, schema: Part, value: object, { place, pointer }: Uniqueness): Slot | undefined {
  const found = place.inResponseBody && placeOf(api, schema, value, place.inResponseBody)
  if (found === undefined || (typeof found.shown !== 'string' && typeof found.shown !== 'number')) return undefined
  const varier = variers(found.shown).find(({ make }) => trials.every(seed => found.accepts(make(seed))))
  return varier && { ...found, read: (_scope, fresh) => fresh(pointer, varier) }
}

function placeOf(api: Api, schema: Part, value: object, tokens: readonly string[]): Omit<Slot, 'read'> | undefined {
  let container: unknown = value
  for (const token of tokens.slice(0, -1)) container = memberOf(container, token)
  const last = tokens.at(-1)
  if (last === undefined || typeof container !== 'object' || container === null || Array.isArray(container))
    return undefined
  const schemas = schemasFor(schema, tokens)?.map(part =>
    forgiving(api.schemas.at(part.pointer, part.value, 'response')),
  )
  if (schemas === undefined) return undefined
  return {
    tokens,
    shown: memberOf(container, last),
    accepts: candidate => schemas.every(each => each.accepts(candidate)),
  }
}

/** The schemas that a place has to match, or `undefined` when its validity hangs together with that of others. */
function schemasFor(schema: Part, tokens: readonly string[]): readonly Part[] | undefined {
  const [token, ...rest] = tokens
  if (token === undefined) return [schema]
  const { value } = schema
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  if (Object.keys(value).some(keyword => !separable.has(keyword) && !keyword.startsWith('x-'))) return undefined
  const found: Part[] = []
  const raw = memberOf(memberOf(value, 'properties'), token)
  if (raw !== undefined) {
    const member = schema.get('properties')?.get(token)
    const inner = member && !addsToReference(raw) ? schemasFor(member, rest) : undefined
    if (inner === undefined) return undefined
    found.push(...inner)
  } else if (![undefined, true].includes(memberOf(value, 'additionalProperties') as boolean | undefined)) {
    return undefined
  }
  for (const [at, branch] of schema.get('allOf')?.entries() ?? []) {
    const inner = addsToReference(memberOf(memberOf(value, 'allOf'), at)) ? undefined : schemasFor(branch, tokens)
    if (inner === undefined) return undefined
    found.push(...inner)
  }
  return found
}

function addsToReference(raw: unknown): boolean {
  if (memberOf(raw, '$ref') === undefined) return false
  return Object.keys(raw as object).some(
    keyword => keyword !== '$ref' && !annotations.has(keyword) && !keyword.startsWith('x-'),
  )
}

function compile(value: object, slots: readonly Slot[]): Template {
  const present = slots.filter(({ shown }) => shown !== undefined)
  const absent = slots.filter(({ shown }) => shown === undefined)
  const copy = structuredClone(value)
  const marks = present.map((_, at) => `\u0000slot ${at}\u0000`)
  for (const [at, { tokens }] of present.entries()) {
    let container: unknown = copy
    for (const token of tokens.slice(0, -1)) container = memberOf(container, token)
    ;(container as Record<string, unknown>)[tokens.at(-1) as string] = marks[at]
  }
  const text = JSON.stringify(copy)
  const inOrder = present
    .map((slot, at) => ({ slot, mark: JSON.stringify(marks[at]) }))
    .sort((a, b) => text.indexOf(a.mark) - text.indexOf(b.mark))
  const constants: string[] = []
  let rest = text
  for (const { mark } of inOrder) {
    const at = rest.indexOf(mark)
    constants.push(rest.slice(0, at))
    rest = rest.slice(at + mark.length)
  }
  const filled = inOrder.map(({ slot }) => ({ ...slot, text: JSON.stringify(slot.shown) }))
  return {
    fill: (scope, fresh) => {
      for (const slot of absent) if (slot.read(scope, fresh) !== undefined) return undefined
      let result = ''
      for (let at = 0; at < filled.length; at += 1) {
        const slot = filled[at] as (typeof filled)[number]
        const given = slot.read(scope, fresh)
        if (given !== undefined && !slot.accepts(given)) return undefined
        const text = given === undefined ? slot.text : stringify(given)
        if (text === undefined) return undefined
        result += constants[at] as string
        result += text
      }
      return result + rest
    },
  }
}

/** Texts that JSON writes as they are, which most are. */
const unescaped = /^[ !#-[\]-~]*$/

/** `undefined` for a value that is nested deeper than can be written. */
function stringify(value: unknown): string | undefined {
  if (typeof value === 'string' && unescaped.test(value)) return `"${value}"`
  try {
    return JSON.stringify(value)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return (value as Record<string, unknown>)[name]
}
