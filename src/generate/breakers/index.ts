import type { Part, Schema } from '../../model/index.ts'
import { bounds } from './bounds.ts'
import type { Broken } from './breaker.ts'
import { closed } from './closed.ts'
import { constant } from './constant.ts'
import { enumeration } from './enum.ts'
import { form } from './form.ts'
import { required } from './required.ts'
import { standIns } from './stand-in.ts'
import { type } from './type.ts'
import { uniqueness } from './uniqueness.ts'

/** Every way to break a clause. */
const breakers = [required, type, enumeration, constant, bounds, form, closed, uniqueness] as const

const maxDepth = 6

/** Members that the value lacks are put in down to this depth. */
const maxAbsent = 2

/** What tells of values whether they are right. */
export type Judge = Pick<Schema, 'accepts' | 'side'> & {
  /** Whether a value is wrong, which may be certain of less than what is not accepted. */
  readonly refuses: (value: unknown) => boolean
  /** The same for values between which there is no difference. */
  readonly keyOf: (value: unknown) => string
}

/** Of a body with hundreds of clauses not every one is broken. */
const maxBroken = 500

/**
 * Values with one clause broken each, nested ones too. Only what the schema refuses is returned, so a clause that
 * something else makes up for is never taken for broken.
 *
 * @param part the schema as a place in the document
 * @param value a value that the schema accepts
 */
export function breakEach(schema: Schema, part: Part, value: unknown): readonly Broken[] {
  return breakEachBy(judgeOf(schema), part, value)
}

/** The same, where something else than the schema alone tells what is refused. */
export function breakEachBy(judge: Judge, part: Part, value: unknown): readonly Broken[] {
  const kept: Broken[] = []
  const seen = new Set<string>()
  for (const proposal of breaksIn(judge, part, value)) {
    const key = judge.keyOf(proposal.value)
    if (seen.has(key) || !judge.refuses(proposal.value)) continue
    seen.add(key)
    kept.push(proposal)
    if (kept.length >= maxBroken) break
  }
  return kept
}

/**
 * One such value alone, which takes less time than all of them.
 *
 * @param where which of them, from 0 up to 1; one that is not refused is passed over for the next
 * @param clause what it says, where it is to be that one
 */
export function breakOneBy(
  judge: Judge,
  part: Part,
  value: unknown,
  where: number,
  clause?: string,
): Broken | undefined {
  const all = [...breaksIn(judge, part, value)]
  if (clause !== undefined) return all.find(({ says, value: broken }) => says === clause && judge.refuses(broken))
  const first = Math.floor(where * all.length)
  for (let at = 0; at < all.length; at += 1) {
    const proposal = all[(first + at) % all.length]
    if (proposal !== undefined && judge.refuses(proposal.value)) return proposal
  }
  return undefined
}

function judgeOf(schema: Schema): Judge {
  const { side } = schema
  return { side, accepts: schema.accepts, refuses: value => !schema.accepts(value), keyOf: JSON.stringify }
}

function breaksIn({ side, accepts }: Judge, part: Part, value: unknown): Generator<Broken> {
  return breaksAt(part, { value, name: '', depth: 0, side, fits: accepts })
}

/** A place of a value that is looked at. */
type Here = {
  readonly value: unknown
  readonly name: string
  readonly depth: number
  readonly side: Schema['side']
  /** Whether the whole is accepted with another value at the place. */
  readonly fits: (value: unknown) => boolean
}

function* breaksAt(schema: Part, here: Here): Generator<Broken> {
  const { value, name, depth, fits } = here
  if (depth > maxDepth) return
  for (const breaker of breakers) {
    for (const { says, value: broken } of breaker.breaks(schema, value)) {
      yield {
        says: breaker === required || name === '' ? prefixed(name, says) : `${name} ${joined(says)}`,
        value: broken,
      }
    }
  }
  for (const keyword of ['allOf', 'anyOf', 'oneOf']) {
    for (const [, one] of schema.get(keyword)?.entries() ?? []) yield* breaksAt(one, { ...here, depth: depth + 1 })
  }
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    const items = schema.get('items')
    if (items === undefined || value.length === 0) return
    yield* breaksBelow(items, here, value[0], `${name}[0]`, item => [item, ...value.slice(1)])
    return
  }
  for (const [property, member] of schema.get('properties')?.entries() ?? []) {
    const isThere = Object.hasOwn(value, property)
    // What only the other side sends may be anything.
    if (!isThere && (depth >= maxAbsent || member.is('readOnly'))) continue
    const put = (inner: unknown): unknown => ({ ...value, [property]: inner })
    // Only of a member that is right is one clause broken alone.
    const inner = isThere
      ? (value as Record<string, unknown>)[property]
      : standIns(member, here.side).find(candidate => fits(put(candidate)))
    if (inner === undefined) continue
    yield* breaksBelow(member, here, inner, name === '' ? property : `${name}.${property}`, put)
  }
}

/** What is broken in a member or an item, put into what is around it. */
function* breaksBelow(
  schema: Part,
  { depth, side, fits }: Here,
  value: unknown,
  name: string,
  put: (inner: unknown) => unknown,
): Generator<Broken> {
  const inside: Here = { value, name, depth: depth + 1, side, fits: inner => fits(put(inner)) }
  for (const broken of breaksAt(schema, inside)) yield { ...broken, value: put(broken.value) }
}

function prefixed(name: string, says: string): string {
  return name === '' ? `body ${joined(says)}` : `${name} ${says}`
}

function joined(says: string): string {
  return /^(without|with|beyond|beside) /.test(says) ? says : `as ${says}`
}
