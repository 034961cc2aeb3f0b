import type { Exchange } from '../../http/index.ts'
import { calm, entriesOf, type Thing } from '../thing.ts'
import { describedAnswer, describedEntry, type Sides, told } from './alike.ts'
import { type Listing, listAll } from './pages.ts'
import { changeElsewhere } from './refused.ts'
import { isGood, type Known, type Leg, type Way } from './way.ts'

/** The value that names the parent of what a journey creates, and those that it is not to be taken for, be they patterns. */
export const parent = 'contrato-journey-1'
const others = ['contrato-journey-2', 'contrato-journey-', 'contrato-journey-11', 'contrato_journey_1', '%']

/** What is known once two things were created. */
export type Both = { readonly other: string | undefined; readonly listed: Listing | undefined }

/** What was created is in the list, with what else was created there, and once. Returns the other one, and that list. */
export function* listBoth(way: Way, parents: Known, id: string): Leg<Both> {
  const { list } = way.resource
  const one = list && (yield* listAll(way, 'a list of it', list, parents))
  holds(way, one, [id])
  const [next] = yield [way.create('another thing created', parents, 1)]
  const other = way.idIn(next)
  const both = list && (yield* listAll(way, 'a list of both', list, parents))
  holds(way, both, other === undefined ? [id] : [id, other])
  if (parents !== way.ground.known) growsByOne(way, one, both)
  return { other, listed: both }
}

/** Where much was created in this run, the list still holds the first and the last of it. */
export function* listMany(way: Way, parents: Known): Leg {
  const { list, read, remove, parameter } = way.resource
  const { known } = way.ground
  if (list === undefined || read === undefined || parents === known) return
  const id = known.get(parameter)
  const [found] = id === undefined ? [] : yield [way.ask('a reading of what was created first', read, known)]
  const [made] = yield [way.create('a thing created where many are', known)]
  const listed = yield* listAll(way, 'a list of many', list, known)
  const last = way.idIn(made)
  // What a run removes is not in the list any more.
  const first = id !== undefined && isGood(found) && remove === undefined ? [id] : []
  holds(way, listed, [...first, ...(last === undefined ? [] : [last])])
}

/** The same below another parent: neither there, nor listed there, nor changed from there. */
export function* lookElsewhere(way: Way, id: string, known: Known): Leg {
  const { read, list, parameter } = way.resource
  for (const [at, name] of others.entries()) {
    const other = way.parents(name)
    if (other === way.ground.known) return
    if (list !== undefined) {
      const [listed] = yield [way.ask('a list below another parent', list, other)]
      const entries = isGood(listed) ? entriesOf(listed) : undefined
      if (listed !== undefined && entries?.some(entry => String(entry[way.resource.id]) === id)) {
        const message = `${list.id} listed ${way.resource.id} ${JSON.stringify(id)} below ${listed.request.target}, where it was not created`
        way.complain('state-leaked', message, 'List only what belongs there.', list, listed)
      }
    }
    if (read === undefined || at > 0) continue
    yield* changeElsewhere(way, known, other)
    const [found] = yield [way.ask('a reading below another parent', read, new Map([...other, [parameter, id]]))]
    if (!isGood(found)) continue
    const message = `${read.id} answered ${found.response.status} to ${found.request.target}, where nothing of that ${way.resource.id} was created`
    way.complain('state-leaked', message, 'Find a thing only where it was created.', read, found)
  }
  // Some take names in capitals for the same; then the relations of the document tell whether it says otherwise.
  if (list !== undefined && way.resource.isDeclared)
    yield [way.ask('a list below the parent in capitals', list, way.parents(parent.toUpperCase()))]
}

/** The list shows a thing as a reading of it does. */
export function* listLikeReading(way: Way, parents: Known, known: Known): Leg {
  const { list, read, id, parameter } = way.resource
  if (list === undefined || read === undefined) return
  const [found] = yield [way.ask('a reading before a list', read, known)]
  const [listed] = yield [way.ask('a list after changes', list, parents)]
  const thing = isGood(found) ? thingIn(found) : undefined
  const entries = isGood(listed) ? entriesOf(listed) : undefined
  const entry = entries?.find(each => String(each[id]) === known.get(parameter))
  if (listed === undefined || thing === undefined || entry === undefined) return
  const { api } = way.ground
  const sides: Sides = [describedAnswer(api, read), describedEntry(describedAnswer(api, list))]
  // A list may say less of a thing than a reading, `null` in the place of an object as well.
  const isLess = (name: string): boolean => entry[name] === null && typeof thing[name] === 'object'
  const names = calm(thing).filter(name => !isLess(name))
  const unlike = way.differing(thing, entry, sides, names)
  if (unlike === undefined) return
  const [was, is] = told(unlike)
  const message = `${list.id} answered ${is} where ${read.id} answers ${was} for ${id} ${JSON.stringify(entry[id])}`
  way.complain('state-lost', message, 'List things as they are now.', list, listed)
}

function thingIn({ response }: Exchange): Thing | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(response.body).toString())
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Thing) : undefined
  } catch {
    return undefined
  }
}

/** What was created twice alike is listed twice, and once more than before. */
export function* listTwins(way: Way, parents: Known, ids: readonly string[], before: Listing | undefined): Leg {
  const { list } = way.resource
  if (list === undefined) return
  const listed = yield* listAll(way, 'a list of two that are alike', list, parents)
  holds(way, listed, ids)
  if (parents !== way.ground.known) growsByOne(way, before, listed)
}

/** Each of these once, where the whole list was seen. */
export function holds(way: Way, listed: Listing | undefined, ids: readonly string[]): void {
  const { list, id: name } = way.resource
  if (listed === undefined || list === undefined) return
  for (const id of ids) {
    const times = listed.entries.filter(entry => String(entry[name]) === id).length
    if (times === 1 || (times === 0 && listed.isCut)) continue
    const message = `${list.id} listed ${name} ${JSON.stringify(id)} ${times === 0 ? 'not at all' : `${times} times`}, though it was created once`
    const help = times === 0 ? 'Store what is created, and list it.' : 'List each thing once.'
    way.complain('state-lost', message, help, list, listed.exchange)
  }
}

/** One request creates one thing: below a parent of its own a list grows by one. */
function growsByOne(way: Way, before: Listing | undefined, after: Listing | undefined): void {
  const { create, list } = way.resource
  if (list === undefined || before === undefined || after === undefined || before.isCut || after.isCut) return
  const more = after.entries.length - before.entries.length
  if (more <= 1) return
  const message = `${list.id} listed ${more} more after one ${create.id}`
  way.complain('state-lost', message, 'Create one thing for each request.', create, after.exchange)
}
