import { shown } from '../../check/index.ts'
import type { Exchange } from '../../http/index.ts'
import { type Operation, propertiesOf } from '../../model/index.ts'
import type { LateSteps } from '../case.ts'
import { bodiesOf } from '../ground.ts'
import { asThing, bodyOf, calm, decodedOf, defaultsOf, describedBy, holderOf, type Thing } from '../thing.ts'
import { differenceOf, isOfKind, memberOf, type Sides, spokenOf, told } from './alike.ts'
import { listAll } from './pages.ts'
import { moving } from './reading.ts'
import { leftOutIn, turnedIn } from './switches.ts'
import { updatedLate, waitALittle } from './times.ts'
import { isGood, type Known, type Leg, type Way } from './way.ts'

/** So many of the documented bodies are sent to each operation that changes. */
const maxBodies = 2

/** As many members are changed at the same time, each by a request of its own. */
const maxAtOnce = 6

/** Everything that changes the thing; what was created beside it, and elsewhere, stays as it is. */
export async function* changeAll(way: Way, known: Known, other: string | undefined): LateSteps {
  const { read, changes, parameter } = way.resource
  if (read === undefined || changes.length === 0) return
  const isElsewhere = way.ground.known.has(parameter) && way.ground.known !== known
  const beside = [
    ...(other === undefined ? [] : [new Map(known).set(parameter, other)]),
    ...(isElsewhere ? [new Map(way.ground.known)] : []),
  ]
  const names = changes.map(({ id }) => id).join(' and ')
  yield* leavingAlone(way, beside, names, changeEach(way, known))
  // What the others are like by now may be what the thing itself became; so one change is certain to differ.
  for (const change of changes) {
    const [first] = bodiesOf(change)
    if (first === undefined) continue
    await waitALittle()
    yield* leavingAlone(way, beside, change.id, changeTurned(way, change, known, first.bytes))
    if (change.method === 'PATCH') yield* changeAtOnce(way, change, known, first.bytes)
  }
}

/** Compares other things before some steps with what they are afterwards. */
async function* leavingAlone(way: Way, beside: readonly Known[], names: string, steps: Leg | LateSteps): LateSteps {
  const { read } = way.resource
  if (read === undefined) return
  const before: Exchange[] = []
  for (const one of beside) before.push(...(yield [way.ask('a reading of another before changes', read, one)]))
  yield* steps
  for (const [at, one] of beside.entries()) {
    const [after] = yield [way.ask('a reading of another after changes', read, one)]
    const earlier = before[at]
    const thing = isGood(earlier) ? bodyOf(earlier) : undefined
    if (thing !== undefined && after !== undefined)
      way.compare(read, thing, after, calm(thing), ` before ${names} changed another`)
  }
}

async function* changeEach(way: Way, known: Known): LateSteps {
  for (const change of way.resource.changes) {
    // What is sent twice alike may leave all as it is.
    const bodies = bodiesOf(change).slice(0, maxBodies)
    // The change before it may have touched the same instant.
    await waitALittle()
    for (const body of bodies.length > 0 ? bodies : [undefined])
      yield* changeOne(way, change, known, body?.bytes, body === bodies[0])
    yield* changeLeftOut(way, change, known)
  }
}

/** The switches that no example turns, which are kept like the others. */
function* changeLeftOut(way: Way, change: Operation, known: Known): Leg {
  const { read } = way.resource
  const leftOut = leftOutIn(way, change)
  if (read === undefined || leftOut.length === 0) return
  const [now] = yield [way.ask('a reading before switches are turned that no example has', read, known)]
  const thing = isGood(now) ? bodyOf(now) : undefined
  if (thing === undefined) return
  const holder = holderOf(thing, Object.fromEntries(leftOut))?.holder ?? {}
  const turned = leftOut.map(([name, usual]) => [name, !(holder[name] ?? usual)] as const)
  const [first] = bodiesOf(change)
  const base = change.method === 'PATCH' || first === undefined ? {} : decodedOf(first.bytes)
  const body = { ...base, ...Object.fromEntries(turned) }
  if (change.requestBody?.content.some(({ schema }) => schema?.accepts(body)) !== true) return
  yield* changeOne(way, change, known, Buffer.from(JSON.stringify(body)), false)
}

/** Each switch of a body the other way round from how it is now, so that something changes for certain. */
function* changeTurned(way: Way, change: Operation, known: Known, body: Uint8Array): Leg {
  const { read } = way.resource
  if (read === undefined) return
  const [now] = yield [way.ask('a reading before switches are turned', read, known)]
  const turned = turnedIn(change, now, body)
  if (turned === undefined) return
  yield* changeOne(way, change, known, Buffer.from(JSON.stringify(turned)), true)
}

/** Changes of different members at the same time all hold. Source: RFC 5789, section 2. */
function* changeAtOnce(way: Way, change: Operation, known: Known, body: Uint8Array): Leg {
  const { read } = way.resource
  if (read === undefined) return
  const [now] = yield [way.ask('a reading before changes at the same time', read, known)]
  const turned = Object.entries(turnedIn(change, now, body) ?? {}).filter(([, value]) => typeof value === 'boolean')
  const accepts = (part: Thing): boolean =>
    change.requestBody?.content.some(({ schema }) => schema?.accepts(part)) === true
  const parts = turned.slice(0, maxAtOnce).map(([name, value]): Thing => ({ [name]: value }))
  if (parts.length < 2 || !parts.every(accepts)) return
  const done = yield parts.map(part => {
    const ask = way.ask('changes at the same time', change, known, way.mustSucceed(change))
    return { ...ask, request: { ...ask.request, body: Buffer.from(JSON.stringify(part)) } }
  })
  const [later] = yield [way.ask('a reading after changes at the same time', read, known)]
  const after = isGood(later) ? bodyOf(later) : undefined
  if (later === undefined || after === undefined || done.length < parts.length || !done.every(isGood)) return
  const all = Object.fromEntries(turned.slice(0, maxAtOnce))
  const place = holderOf(after, all)
  if (place !== undefined) keeps(way, change, all, place.holder, later, place.name, ' at the same time as others')
}

/** After a change, what was sent is there, and what the change does not speak of is as it was. */
function* changeOne(way: Way, change: Operation, known: Known, body: Uint8Array | undefined, isFirst: boolean): Leg {
  const { read } = way.resource
  if (read === undefined) return
  const [earlier] = yield [way.ask('a reading before a change', read, known)]
  const ask = way.ask('a change', change, known, way.mustSucceed(change))
  const [done] = yield [body === undefined ? ask : { ...ask, request: { ...ask.request, body } }]
  const [later] = yield [way.ask('a reading after a change', read, known)]
  if (!isGood(earlier) || later === undefined || !isGood(done)) return
  const [before, after] = [bodyOf(earlier), bodyOf(later)]
  const sent = decodedOf(done.request.body)
  if (before === undefined || after === undefined || sent === undefined) return
  const place = holderOf(after, sent)
  const isKept = place === undefined || keeps(way, change, sent, place.holder, later, place.name)
  if (isKept) answersAsRead(way, change, sent, done, later)
  // PATCH leaves alone what it is not sent; PUT may put anything in the place of what is missing. RFC 5789, section 2.
  const isPatch = change.method === 'PATCH'
  const spoken = new Set([
    ...Object.keys(sent),
    ...(isPatch ? defaultsOf(change) : describedBy(change)),
    ...(place?.name === undefined ? [] : [place.name]),
  ])
  const silent = calm(before).filter(name => !spoken.has(name))
  const { status } = done.response
  way.compare(read, before, later, silent, ` before ${change.id}`, { blamed: change, status })
  const dropped = silent.find(name => isPatch && before[name] !== null && !Object.hasOwn(after, name))
  if (dropped !== undefined) {
    const message = `${read.id} answered without ${dropped}, which was ${shown(before[dropped])} before ${change.id}`
    way.complain('state-lost', message, 'Change only what was sent.', change, later, status)
  }
  if (!isPatch && isUpdate(way, change)) keepsUnsent(way, change, sent, before, later)
  if (isFirst) updatedLate(way, change, before, after, later)
  if (isPatch && place !== undefined) leavesAlone(way, change, sent, { before, later, ...place })
  if (isFirst && place?.name !== undefined && asThing(before[place.name]) !== undefined)
    updatedLate(way, change, asThing(before[place.name]) ?? {}, place.holder, later, place.name)
}

/** What the document declares to update the thing itself, and not to replace it. */
function isUpdate({ resource }: Way, change: Operation): boolean {
  const { isDeclared, read, replacing } = resource
  return isDeclared && change.path === read?.path && !replacing.includes(change)
}

/** What is declared to update, and not to replace, leaves what it is not sent as it was, unless that has a default. */
function keepsUnsent(way: Way, change: Operation, sent: Thing, before: Thing, later: Exchange): void {
  const { read } = way.resource
  const after = bodyOf(later)
  const defaults = defaultsOf(change)
  const name = describedBy(change).find(
    each =>
      !Object.hasOwn(sent, each) &&
      !defaults.includes(each) &&
      Object.hasOwn(before, each) &&
      after !== undefined &&
      read !== undefined &&
      way.differing(before, after, way.sidesOf(read, read), [each]) !== undefined,
  )
  if (read === undefined || name === undefined) return
  const message = `${read.id} answered ${name}: ${shown(after?.[name])} after ${change.id}, which was not sent ${name}, and ${shown(before[name])} before it`
  way.suspect(message, 'Change only what was sent.', read, read.pointer, later)
}

type Kept = {
  readonly before: Thing
  readonly holder: Thing
  readonly name: string | undefined
  readonly later: Exchange
}

/** Beside what PATCH was sent, nothing has changed where it stands: neither what has a default, nor what it cannot set. */
function leavesAlone(way: Way, change: Operation, sent: Thing, { before, holder, name: below, later }: Kept): void {
  const { read } = way.resource
  const was = below === undefined ? before : asThing(before[below])
  if (read === undefined || was === undefined) return
  const defaults = new Set(defaultsOf(change))
  const sides = sidesBelow(way, read, below)
  for (const name of calm(was)) {
    if (Object.hasOwn(sent, name) || way.differing(was, holder, sides, [name]) === undefined) continue
    // At the top it is compared already.
    const isDefault = defaults.has(name)
    if (below === undefined && !isDefault) continue
    const place = below === undefined ? name : `${below}.${name}`
    const message = `${read.id} answered ${place}: ${shown(holder[name])} after ${change.id}, which was not sent ${name}, and ${shown(was[name])} before it`
    if (isDefault)
      way.suspect(message, 'Change only what was sent: a default is for what is new.', read, read.pointer, later)
    else way.complain('state-lost', message, 'Change only what was sent.', change, later)
    return
  }
}

/** What was sent is what is read. */
function keeps(
  way: Way,
  change: Operation,
  sent: Thing,
  holder: Thing,
  later: Exchange,
  below: string | undefined,
  when = '',
): boolean {
  const { read } = way.resource
  if (read === undefined) return true
  const sides = sidesBelow(way, read, below)
  for (const name of spokenOf(Object.keys(sent), sides, () => true)) {
    const place = below === undefined ? name : `${below}.${name}`
    const found = differenceOf(sent[name], holder[name], memberOf(sides, name), place, sent[name])
    if (found === undefined) continue
    const [, is] = told(found)
    const message = `${read.id} answered ${is} after ${change.id} was sent ${name}: ${shown(sent[name])}${when}`
    way.complain('state-lost', message, 'Keep what was changed.', change, later)
    return false
  }
  return true
}

/** What the document says of two readings, or of a member of these. */
function sidesBelow(way: Way, read: Operation, below: string | undefined): Sides {
  const sides = way.sidesOf(read, read)
  return below === undefined ? sides : memberOf(sides, below)
}

/** What a change answers is what is read next, where both are described as the same kind of thing. */
function answersAsRead(way: Way, change: Operation, sent: Thing, done: Exchange, later: Exchange): void {
  const { read, id, isDeclared } = way.resource
  const [answer, after] = [bodyOf(done), bodyOf(later)]
  if (read === undefined || answer === undefined || after === undefined || !isGood(later)) return
  const [kind, whole] = way.sidesOf(change, read)
  const isWhole = isOfKind(whole, kind)
  const below = isWhole ? undefined : [...propertiesOf(whole)].find(([, part]) => isOfKind(part, kind))?.[0]
  const holder = isWhole ? after : below === undefined ? undefined : asThing(after[below])
  if (holder === undefined || (isWhole && answer[id] !== after[id])) return
  const rest = isDeclared ? calm(answer).filter(name => !moving.test(name)) : []
  const sides: Sides = [kind, isWhole ? whole : memberOf([whole, whole], below ?? '')[1]]
  const found = way.differing(answer, holder, sides, [...Object.keys(sent), ...rest], sent)
  if (found === undefined) return
  const [was, is] = told(found)
  const message = `${change.id} answered ${was}, and ${read.id} then ${below === undefined ? '' : `${below}.`}${is}`
  way.complain('state-lost', message, 'Answer with what was stored.', change, later, done.response.status)
}

/** What was removed is neither found nor listed any more. */
export function* removeIt(way: Way, known: Known, id: string, other: string | undefined): Leg {
  const { remove, read, list, parameter } = way.resource
  if (remove === undefined) return
  const beside = read === undefined || other === undefined ? undefined : new Map(known).set(parameter, other)
  const [before] = read && beside ? yield [way.ask('a reading of another before a removal', read, beside)] : []
  const [gone] = yield [way.ask('a removal', remove, known, way.mustSucceed(remove))]
  if (!isGood(gone)) return
  if (read !== undefined) {
    const [found] = yield [way.ask('a reading of what was removed', read, known)]
    if (isGood(found)) {
      const message = `${read.id} answered ${found.response.status} for ${way.resource.id} ${JSON.stringify(id)} after ${remove.id} had removed it`
      way.complain('state-leaked', message, 'Do not find what was removed.', read, found)
    }
  }
  const [after] = read && beside ? yield [way.ask('a reading of another after a removal', read, beside)] : []
  if (read !== undefined && after !== undefined && isGood(before) && [404, 410].includes(after.response.status)) {
    const message = `${read.id} answered ${after.response.status} for ${way.resource.id} ${JSON.stringify(other)} after ${remove.id} had removed another`
    way.complain('state-lost', message, 'Remove only what was asked for.', read, after)
  }
  if (list === undefined) return
  const parents = new Map([...known].filter(([name]) => name !== parameter))
  const listed = yield* listAll(way, 'a list of what is left', list, parents)
  if (listed?.entries.some(entry => String(entry[way.resource.id]) === id) === true) {
    const message = `${list.id} listed ${way.resource.id} ${JSON.stringify(id)} after ${remove.id} had removed it`
    way.complain('state-leaked', message, 'Do not list what was removed.', list, listed.exchange)
  }
}
