import { same, shown } from '../../check/index.ts'
import { isJson, parseMediaType } from '../../http/index.ts'
import { type Api, itemOf, type Operation, Part, propertiesOf } from '../../model/index.ts'
import { asThing, calm } from '../thing.ts'

/** What the document says of a value in one answer and in another, as far as it says anything. */
export type Sides = readonly [Part | undefined, Part | undefined]

/** Where two answers differ, and what stands there in each. */
export type Difference = { readonly place: string; readonly was: unknown; readonly is: unknown }

/** So deep schemas are looked through for what they are made of. */
const maxDepth = 8

/** What an operation answers when it succeeds, as the document describes it. */
export function describedAnswer(api: Api, operation: Operation): Part | undefined {
  const answer = operation.responses.find(({ status }) => /^2/.test(status))
  const content = answer?.content.find(({ mediaType }) => isJson(parseMediaType(mediaType)?.essence ?? ''))
  return content?.schema && Part.of(api.document.root).at(content.schema.pointer)
}

/** What the document says of the entries of a list: of the items of the body, or of the one array that it holds. */
export function describedEntry(list: Part | undefined): Part | undefined {
  return itemOf(list) ?? [...propertiesOf(list).values()].map(itemOf).find(Boolean)
}

/** The names among these that the document speaks of; where it names none at all, those that are sent. */
export function spokenOf(names: readonly string[], sides: Sides, isSent: (name: string) => boolean): string[] {
  const named = sides.map(propertiesOf).filter(({ size }) => size > 0)
  return names.filter(name => (named.length === 0 ? isSent(name) : named.every(properties => properties.has(name))))
}

/** What the document says of a member. */
export function memberOf([before, after]: Sides, name: string): Sides {
  return [propertiesOf(before).get(name), propertiesOf(after).get(name)]
}

/**
 * The first place in which two values tell something else. What only one of them has may be left out by the other, and so may
 * be what the document does not name, and `null` where that is another way to say nothing. Instants may be written in
 * several ways (RFC 3339, section 5.6).
 *
 * @param sent what was sent of it, which is kept to the letter
 */
export function differenceOf(
  was: unknown,
  is: unknown,
  sides: Sides,
  place: string,
  sent?: unknown,
): Difference | undefined {
  if (was === undefined || is === undefined || same(was, is)) return undefined
  const differs = { place, was, is }
  if (was === null || is === null) return sent === undefined && sides.some(isNullable) ? undefined : differs
  if (typeof was === 'string' && typeof is === 'string') return isOneInstant(was, is, sides) ? undefined : differs
  if (Array.isArray(was) && Array.isArray(is)) {
    if (was.length !== is.length) return differs
    return unlikeItems(was, is, sides, sent) ? differs : undefined
  }
  const [left, right] = [asThing(was), asThing(is)]
  if (left === undefined || right === undefined) return differs
  const given = asThing(sent) ?? {}
  for (const name of spokenOf(calm(left), sides, each => Object.hasOwn(given, each))) {
    const below = `${place}.${name}`
    const found = differenceOf(left[name], right[name], memberOf(sides, name), below, given[name])
    if (found !== undefined) return found
  }
  return undefined
}

/** Items in their order; those that are a set in any. */
function unlikeItems(was: readonly unknown[], is: readonly unknown[], sides: Sides, sent: unknown): boolean {
  const items: Sides = [itemOf(sides[0]), itemOf(sides[1])]
  const given = Array.isArray(sent) ? sent : []
  const isLike = (one: unknown, other: unknown, at: number): boolean =>
    differenceOf(one, other, items, '', given[at]) === undefined
  if (!sides.some(side => side?.is('uniqueItems'))) return was.some((item, at) => !isLike(item, is[at], at))
  return was.some((item, at) => !is.some(other => isLike(item, other, at)))
}

/** Both sides of a difference, as a message tells them. */
export function told({ place, was, is }: Difference): readonly [was: string, is: string] {
  return [`${place}: ${shown(was)}`, `${place}: ${shown(is)}`]
}

/** Whether a value is described by the very schema that describes another one. */
export function isOfKind(one: Part | undefined, kind: Part | undefined): boolean {
  return kind !== undefined && branchesOf(one).some(({ pointer }) => pointer === kind.pointer)
}

function isNullable(part: Part | undefined): boolean {
  return branchesOf(part).some(branch => {
    const types = [branch.get('type')?.value].flat()
    const listed = branch.get('enum')?.value
    return types.includes('null') || branch.is('nullable') || (Array.isArray(listed) && listed.includes(null))
  })
}

function isOneInstant(one: string, other: string, sides: Sides): boolean {
  const formats = new Set(sides.flatMap(side => branchesOf(side)).map(branch => branch.text('format')))
  const read = formats.has('date-time') ? instantOf : formats.has('time') ? hourOf : undefined
  const [left, right] = [read?.(one), read?.(other)]
  if (left === undefined || right === undefined) return false
  const apart = left.at > right.at ? left.at - right.at : right.at - left.at
  // A store may keep less than a clock tells, as long as it keeps the milliseconds.
  return apart === 0n || (left.digits !== right.digits && apart < 1_000_000n)
}

/** Nanoseconds since 1970, and how many digits of a second are told. */
type Instant = { readonly at: bigint; readonly digits: number }

/** A date with time and offset, in letters of either case. Source: RFC 3339, section 5.6. */
function instantOf(text: string): Instant | undefined {
  const found = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)$/.exec(text)
  const [, date = '', time = '', fraction = '', offset = ''] = found ?? []
  const milliseconds = Date.parse(`${date}T${time}${offset.toUpperCase()}`)
  if (found === null || Number.isNaN(milliseconds)) return undefined
  const at = BigInt(milliseconds) * 1_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, '0'))
  return { at, digits: fraction.length }
}

/** The same of a time of any day. */
function hourOf(text: string): Instant | undefined {
  const instant = instantOf(`2000-01-02T${text}`)
  return instant && { ...instant, at: instant.at % 86_400_000_000_000n }
}

/** A schema with all that it is made of. */
function branchesOf(part: Part | undefined, depth = 0): readonly Part[] {
  if (part === undefined || depth > maxDepth) return []
  const below = ['allOf', 'anyOf', 'oneOf'].flatMap(name => [...(part.get(name)?.entries() ?? [])])
  return [part, ...below.flatMap(([, each]) => branchesOf(each, depth + 1))]
}
