import type { Exchange } from '../../http/index.ts'
import { bodyOf, calm, decodedOf, entriesOf } from '../thing.ts'
import { holds, parent } from './listing.ts'
import { listAll } from './pages.ts'
import { followLocation, moving } from './reading.ts'
import { isGood, type Known, type Leg, type Way } from './way.ts'

/** So many things are created at the same time. */
const atOnce = 4

/** What is created at the same time is all there afterwards. */
export function* createAtOnce(way: Way): Leg {
  const { list } = way.resource
  const parents = way.parents(`${parent}-at-once`)
  if (list === undefined || parents === way.ground.known) return
  const says = 'things created at the same time'
  const made = yield Array.from({ length: atOnce }, (_, at) => way.create(says, parents, at))
  const ids = made.flatMap(exchange => way.idIn(exchange) ?? [])
  holds(way, yield* listAll(way, 'a list of what was created at the same time', list, parents), [...new Set(ids)])
}

/** What is created below a parent whose name has to be encoded is listed and found there. */
export function* createBelowOdd(way: Way): Leg {
  const { list, read, parameter } = way.resource
  const parents = way.parents('contrato journéy 1')
  if (parents === way.ground.known) return
  const [made] = yield [way.create('a thing created below a parent of an unusual name', parents)]
  const id = way.idIn(made)
  // Not every name has to be one of a parent.
  if (made === undefined || id === undefined) return
  yield* followLocation(way, made)
  if (list !== undefined)
    holds(way, yield* listAll(way, 'a list below a parent of an unusual name', list, parents), [id])
  if (read === undefined) return
  const known = new Map(parents).set(parameter, id)
  yield [way.ask('a reading below a parent of an unusual name', read, known, way.mustSucceed(read))]
}

/** Lists below two parents that are asked for at the same time are not taken for one another. */
export function* listTogether(way: Way, parents: Known, id: string): Leg {
  const { list, id: name } = way.resource
  const { known } = way.ground
  if (list === undefined || parents === known) return
  const ask = (where: Known) => way.ask('lists below two parents at the same time', list, where)
  const [alone] = yield [way.ask('a list below another parent alone', list, known)]
  // Where each parent counts for itself, there is one of that id as well.
  if (!isGood(alone) || entriesOf(alone)?.some(entry => String(entry[name]) === id) === true) return
  for (const listed of yield [ask(parents), ask(known), ask(parents), ask(known)]) {
    const entries = isGood(listed) ? entriesOf(listed) : undefined
    if (listed.request.target === ask(parents).request.target) continue
    if (entries?.some(entry => String(entry[name]) === id) !== true) continue
    const message = `${list.id} listed ${name} ${JSON.stringify(id)} below ${listed.request.target}, where it was not created, while it was listed below another parent`
    way.complain('state-leaked', message, 'Keep what belongs to one request apart from others.', list, listed)
    return
  }
}

/** What was created like another thing is read as it was created. */
export function* readTwin(way: Way, parents: Known, made: Exchange | undefined): Leg {
  const { read, create, isDeclared, parameter } = way.resource
  const [id, thing] = [way.idIn(made), isGood(made) ? bodyOf(made) : undefined]
  if (read === undefined || made === undefined || thing === undefined || id === undefined) return
  const sent = decodedOf(made.request.body) ?? {}
  const [found] = yield [way.ask('a reading of one of two that are alike', read, new Map(parents).set(parameter, id))]
  const rest = isDeclared ? calm(thing).filter(name => !moving.test(name)) : []
  if (found !== undefined) way.compare(create, thing, found, [...Object.keys(sent), ...rest], '', { sent })
}
