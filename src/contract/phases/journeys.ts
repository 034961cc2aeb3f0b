import type { Resource } from '../../model/index.ts'
import type { Ground, LateSteps, Phase, Played } from '../case.ts'
import { changeAll, removeIt } from '../journey/changing.ts'
import { createAtOnce, createBelowOdd, listTogether, readTwin } from '../journey/crowd.ts'
import { judgeFilters } from '../journey/filters.ts'
import { followLinks } from '../journey/links.ts'
import { listBoth, listLikeReading, listMany, listTwins, lookElsewhere, parent } from '../journey/listing.ts'
import { keepOddThings } from '../journey/odd.ts'
import { judgePages } from '../journey/pages.ts'
import { askForNothing, followLocation, isForgetful, readBack } from '../journey/reading.ts'
import { refuseEach } from '../journey/refused.ts'
import { replaceBarely } from '../journey/replacing.ts'
import { judgeCreation, waitALittle } from '../journey/times.ts'
import { isGood, type Known, Way } from '../journey/way.ts'
import { bodyOf, type Thing } from '../thing.ts'
import { askWhetherChanged } from '../unchanged.ts'

export const journeys: Phase<'journeys'> = {
  id: 'journeys',
  says: 'a thing created, read, listed, changed and removed, which must stay the same thing on the way, and the links of answers',
  async *plan(ground) {
    const { resource } = ground
    if (resource !== undefined) yield* travel(ground, resource)
    yield* followLinks(ground)
  },
}

type Made = { readonly exchange: Played; readonly thing: Thing; readonly id: string; readonly parents: Known }

async function* travel(ground: Ground, resource: Resource): LateSteps {
  const way = new Way(ground, resource)
  // Whoever remembers that a list was empty shows it so later on.
  if (resource.list !== undefined && way.parents(parent) !== ground.known)
    yield [way.ask('a list before anything is there', resource.list, way.parents(parent))]
  const made = yield* createOne(way)
  if (made === undefined) return
  const { exchange, thing, id, parents } = made
  const known = new Map(parents).set(resource.parameter, id)
  if (yield* isForgetful(way, known, thing, way.create('the same thing created again', parents))) {
    const why = `${resource.read?.id} answers for a ${resource.parameter} that was never created and forgets what was: the target keeps nothing, as a mock`
    ground.skip(`journeys of ${resource.name}`, why)
    return
  }
  yield* followLocation(way, exchange)
  const isKept = yield* readBack(way, known, exchange, thing)
  const { other, listed } = yield* listBoth(way, parents, id)
  await waitALittle()
  const [third] = yield [way.create('a thing created a little later', parents)]
  judgeCreation(way, exchange, isGood(third) ? third : undefined)
  const twin = way.idIn(third)
  if (twin !== undefined) yield* listTwins(way, parents, [id, twin], listed)
  if (isKept) yield* readTwin(way, parents, third)
  yield* keepOddThings(way, parents)
  yield* listMany(way, parents)
  yield* judgePages(way, parents)
  yield* judgeFilters(way, parents, thing)
  yield* lookElsewhere(way, id, known)
  yield* createAtOnce(way)
  yield* createBelowOdd(way)
  yield* listTogether(way, parents, id)
  yield* refuseEach(way, parents, known)
  yield* changeAll(way, known, other)
  yield* replaceBarely(way, known)
  yield* listLikeReading(way, parents, known)
  yield* askWhetherChanged(way, parents, known)
  yield* askForNothing(way, known)
  yield* removeIt(way, known, id, other)
}

/** Creates a thing, below a parent that nobody has used where that is possible. */
async function* createOne(way: Way): AsyncGenerator<ReturnType<Way['ask']>[], Made | undefined, readonly Played[]> {
  const { ground, resource } = way
  let parents = way.parents(parent)
  let [exchange] = yield [way.create('a thing created', parents)]
  if (exchange !== undefined && exchange.response.status >= 300 && parents !== ground.known) {
    // Where only some parents exist, a new one is not to be had.
    parents = ground.known
    ;[exchange] = yield [way.create('a thing created where another is known', parents)]
  }
  const id = way.idIn(exchange)
  const status = exchange?.response.status ?? 'nothing'
  const thing = isGood(exchange) ? bodyOf(exchange) : undefined
  if (isGood(exchange) && thing !== undefined && id !== undefined) return { exchange, thing, id, parents }
  const why = isGood(exchange)
    ? `${resource.create.id} answered without ${resource.id}, so that nothing can be asked of what it created`
    : `${resource.create.id} answered ${status}, so that there is nothing to go on with`
  ground.skip(`journeys of ${resource.name}`, why)
  return undefined
}
