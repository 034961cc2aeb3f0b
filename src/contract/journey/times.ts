import { shown } from '../../check/index.ts'
import { type Exchange, headerOf } from '../../http/index.ts'
import { type Operation, Part } from '../../model/index.ts'
import { asThing, bodyOf, calm, decodedOf, type Thing } from '../thing.ts'
import { memberOf } from './alike.ts'
import type { Way } from './way.ts'

const created = ['createdAt', 'created_at', 'created']
const updated = ['updatedAt', 'updated_at', 'modifiedAt', 'updated']

/** Clocks of servers may differ by some minutes, in milliseconds; a wrong time zone is a quarter of an hour at least. */
const tolerance = 10 * 60_000

/** The coarsest that an instant is told, in milliseconds. */
const second = 1_000

/** Milliseconds that lie between two creations, so that their instants differ. */
const pause = 20

/** The instant of a last change, of the thing or of a part of it, that two readings tell differently. */
export function touchedIn(one: Exchange, other: Exchange): string | undefined {
  const [before, after] = [bodyOf(one) ?? {}, bodyOf(other) ?? {}]
  const parts = Object.keys(before).map(name => [`${name}.`, asThing(before[name]), asThing(after[name])] as const)
  for (const [place, was = {}, is = {}] of [['', before, after] as const, ...parts]) {
    const moved = updated.find(name => {
      const [earlier, later] = [instantOf(was[name]), instantOf(is[name])]
      return earlier !== undefined && later !== undefined && later > earlier
    })
    if (moved !== undefined) return `${place}${moved}`
  }
  return undefined
}

/** Lets so much time pass that what happens next happens at another instant. */
export async function waitALittle(): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, pause))
}

/** What was created just now says so, and what was created later says another instant. */
export function judgeCreation(way: Way, first: Exchange, second: Exchange | undefined): void {
  const { create } = way.resource
  for (const name of [...created, ...updated]) tooFarOff(way, create, name, first)
  const [one, other] = [first, second].map(exchange => exchange && bodyOf(exchange))
  const name = created.find(each => one !== undefined && Object.hasOwn(one, each))
  if (name === undefined || one === undefined || other === undefined || second === undefined) return
  // Where seconds or tenths of them are told, two in a row may well be the same.
  const isFine = granuleOf(way, name, one[name], other[name]) <= pause
  if (!isFine || one[name] !== other[name] || wasSent(first, name)) return
  const message = `${create.id} answered ${name}: ${shown(one[name])} to two requests that were ${pause} ms apart`
  way.suspect(message, 'Say when it was created.', create, pointerOf(way, create, name, first), second)
}

/**
 * A change of the thing itself moves the instant of its last change, and never back.
 *
 * @param below the member that was changed, where that has an instant of its own
 */
export function updatedLate(
  way: Way,
  change: Operation,
  before: Thing,
  after: Thing,
  later: Exchange,
  below?: string,
): void {
  const { read } = way.resource
  const name = updated.find(each => Object.hasOwn(before, each))
  // The change of a part need not count as one of the whole.
  if (read === undefined || name === undefined || (below === undefined && change.path !== read.path)) return
  const [was, is] = [instantOf(before[name]), instantOf(after[name])]
  const sides = way.sidesOf(read, read)
  const described = below === undefined ? sides : memberOf(sides, below)
  const isChanged = way.differing(before, after, described, calm(before)) !== undefined
  if (was === undefined || is === undefined || !isChanged) return
  if (is > was || (is === was && granuleOf(way, name, before[name], after[name]) > pause)) return
  const place = below === undefined ? name : `${below}.${name}`
  const message = `${read.id} answered ${place}: ${shown(after[name])} after ${change.id}, and ${shown(before[name])} before it`
  way.suspect(message, 'Say when it was last changed.', read, pointerOf(way, read, below ?? name, later), later)
}

function tooFarOff(way: Way, operation: Operation, name: string, exchange: Exchange): void {
  const instant = instantOf(bodyOf(exchange)?.[name])
  const date = headerOf(exchange.response.headers, 'date')
  const now = date === undefined ? Number.NaN : Date.parse(date)
  if (instant === undefined || Number.isNaN(now) || exchange.response.status !== 201 || wasSent(exchange, name)) return
  if (Math.abs(instant - now) <= tolerance) return
  const message = `${operation.id} answered ${name}: ${shown(bodyOf(exchange)?.[name])} to what it created at ${new Date(now).toISOString()}, as its field Date says`
  way.suspect(
    message,
    'Say when it was created, in the right time zone.',
    operation,
    pointerOf(way, operation, name, exchange),
    exchange,
  )
}

function wasSent({ request }: Exchange, name: string): boolean {
  return Object.hasOwn(decodedOf(request.body) ?? {}, name)
}

/** Milliseconds since 1970, of a text, or of a number of seconds or milliseconds. */
function instantOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value < 1e11 ? value * 1000 : value
  const instant = typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(instant) ? undefined : instant
}

/** Milliseconds that instants of a member are apart at least, by the digits of all values that were seen of it. */
function granuleOf({ granules }: Way, name: string, ...values: readonly unknown[]): number {
  const granule = Math.min(granules.get(name) ?? second, ...values.map(finenessOf))
  granules.set(name, granule)
  return granule
}

/** Milliseconds that the last digit of an instant stands for which is not zero, one second at most. */
function finenessOf(value: unknown): number {
  if (typeof value === 'number') {
    const zeros = /0*$/.exec(String(Math.trunc(value)))?.[0].length ?? 0
    return value < 1e11 ? second : Math.min(second, 10 ** zeros)
  }
  const digits = typeof value === 'string' ? /\.(\d*[1-9])/.exec(value)?.[1]?.length : undefined
  return second / 10 ** (digits ?? 0)
}

/** Where the document describes the member of an answer. */
function pointerOf({ ground }: Way, operation: Operation, name: string, { response }: Exchange): string {
  const schema = operation.responseFor(response.status)?.content[0]?.schema
  const part = schema && Part.of(ground.api.document.root).at(schema.pointer)?.get('properties')?.get(name)
  return part?.pointer ?? schema?.pointer ?? operation.pointer
}
