import { shown } from '../../check/index.ts'
import type { Exchange } from '../../http/index.ts'
import type { Operation } from '../../model/index.ts'
import type { LateSteps } from '../case.ts'
import { bodiesOf } from '../ground.ts'
import { bodyOf, calm, decodedOf, defaultsOf, describedBy, entriesOf, holderOf, same, type Thing } from '../thing.ts'
import { updatedLate, waitALittle } from './times.ts'
import { isGood, type Known, type Leg, type Way } from './way.ts'

/** So many of the documented bodies are sent to each operation that changes. */
const maxBodies = 2

/** Everything that changes the thing; what was created beside it stays as it is. */
export async function* changeAll(way: Way, known: Known, other: string | undefined): LateSteps {
  const { read, changes, parameter } = way.resource
  if (read === undefined || changes.length === 0) return
  const beside = other === undefined ? undefined : new Map(known).set(parameter, other)
  const [before] = beside === undefined ? [] : yield [way.ask('a reading of another before changes', read, beside)]
  for (const change of changes) {
    // What is sent twice alike may leave all as it is.
    const bodies = bodiesOf(change).slice(0, maxBodies)
    // The change before it may have touched the same instant.
    await waitALittle()
    for (const body of bodies.length > 0 ? bodies : [undefined])
      yield* changeOne(way, change, known, body?.bytes, body === bodies[0])
  }
  const [after] = beside === undefined ? [] : yield [way.ask('a reading of another after changes', read, beside)]
  const thing = isGood(before) ? bodyOf(before) : undefined
  if (thing === undefined || after === undefined) return
  way.compare(read, thing, after, calm(thing), ` before ${changes.map(({ id }) => id).join(' and ')} changed another`)
}

/** After a change, what was sent is there, and what the change does not speak of is as it was. */
function* changeOne(way: Way, change: Operation, known: Known, body: Uint8Array | undefined, isFirst: boolean): Leg {
  const { read } = way.resource
  if (read === undefined) return
  const [earlier] = yield [way.ask('a reading before a change', read, known)]
  const ask = way.ask('a change', change, known, way.mustSucceed(change))
  const [done] = yield [body === undefined ? ask : { ...ask, request: { ...ask.request, body } }]
  const [later] = yield [way.ask('a reading after a change', read, known)]
  if (earlier === undefined || later === undefined || !isGood(done)) return
  const [before, after] = [bodyOf(earlier), bodyOf(later)]
  const sent = decodedOf(done.request.body)
  if (before === undefined || after === undefined || sent === undefined) return
  const place = holderOf(after, sent)
  if (place !== undefined) keeps(way, change, sent, place.holder, later, place.name)
  // PATCH leaves alone what it is not sent; PUT may put anything in the place of what is missing. RFC 5789, section 2.
  const isPatch = change.method === 'PATCH'
  const spoken = new Set([
    ...Object.keys(sent),
    ...(isPatch ? defaultsOf(change) : describedBy(change)),
    ...(place?.name === undefined ? [] : [place.name]),
  ])
  const silent = calm(before).filter(name => !spoken.has(name))
  way.compare(read, before, later, silent, ` before ${change.id}`)
  const dropped = silent.find(name => isPatch && before[name] !== null && !Object.hasOwn(after, name))
  if (dropped !== undefined) {
    const message = `${read.id} answered without ${dropped}, which was ${shown(before[dropped])} before ${change.id}`
    way.complain('state-lost', message, 'Change only what was sent.', read, later)
  }
  if (isFirst) updatedLate(way, change, before, later)
}

function keeps(
  way: Way,
  change: Operation,
  sent: Thing,
  holder: Thing,
  later: Exchange,
  below: string | undefined,
): void {
  const { read } = way.resource
  for (const [name, value] of Object.entries(sent)) {
    if (read === undefined || !Object.hasOwn(holder, name) || same(holder[name], value)) continue
    const place = below === undefined ? name : `${below}.${name}`
    const message = `${read.id} answered ${place}: ${shown(holder[name])} after ${change.id} was sent ${name}: ${shown(value)}`
    way.complain('state-lost', message, 'Keep what was changed.', read, later)
    return
  }
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
  const [listed] = yield [way.ask('a list of what is left', list, parents)]
  const entries = isGood(listed) ? entriesOf(listed) : undefined
  if (listed !== undefined && entries?.some(entry => String(entry[way.resource.id]) === id)) {
    const message = `${list.id} listed ${way.resource.id} ${JSON.stringify(id)} after ${remove.id} had removed it`
    way.complain('state-leaked', message, 'Do not list what was removed.', list, listed)
  }
}
