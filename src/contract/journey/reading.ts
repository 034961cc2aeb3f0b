import { shown } from '../../check/index.ts'
import { type Exchange, headerOf } from '../../http/index.ts'
import { Part } from '../../model/index.ts'
import { type Ask, type Played, refusal } from '../case.ts'
import { bodyOf, calm, decodedOf, entriesOf, same, shortId, type Thing } from '../thing.ts'
import { touchedIn, waitALittle } from './times.ts'
import { isGood, type Known, type Leg, type Way } from './way.ts'

/**
 * Whether the target makes up what is read. A real one that loses things does not find what never was; one that finds
 * the wrong thing still lists what was created, and gives the next one another id.
 */
export function* isForgetful(way: Way, known: Known, thing: Thing, again: Ask): Leg<boolean> {
  const { read, list, id, parameter } = way.resource
  if (read === undefined) return false
  const strange = way.strangeId(known)
  if (strange === undefined) return false
  const nowhere = new Map(known).set(parameter, strange)
  const [found] = yield [way.ask('a reading of what is there', read, known)]
  const [imagined] = yield [way.ask('a reading of what is not there', read, nowhere)]
  if (found === undefined || imagined === undefined || imagined.response.status >= 300) return false
  const body = bodyOf(found)
  const names = Object.keys(thing).filter(
    name => name !== id && name !== parameter && body !== undefined && Object.hasOwn(body, name),
  )
  const other = bodyOf(imagined)
  if (body === undefined || other === undefined) return false
  const isListed = yield* lists(way, known, known.get(parameter) ?? '')
  if (list !== undefined && isListed) return false
  if (names.some(name => !same(body[name], thing[name]))) return true
  const [next] = yield [again]
  return way.idIn(next) === known.get(parameter)
}

function* lists(way: Way, known: Known, id: string): Leg<boolean> {
  const { list, parameter, id: name } = way.resource
  if (list === undefined) return false
  const parents = new Map([...known].filter(([name]) => name !== parameter))
  const [listed] = yield [way.ask('a list of what is there', list, parents)]
  return isGood(listed) && entriesOf(listed)?.some(entry => String(entry[name]) === id) === true
}

/** Where `Location` leads there has to be something. Source: RFC 9110, section 10.2.2. */
export function* followLocation(way: Way, { request, response }: Exchange): Leg {
  const location = headerOf(response.headers, 'location')
  if (location === undefined || response.status !== 201) return
  const { ground, resource } = way
  const { base } = ground
  const place = placeOf(location, `${base}${request.target}`)
  if (place === undefined) return
  const isFull = /^([a-z][a-z0-9+.-]*:)?\/\//i.test(location)
  if (!`${place}/`.startsWith(`${base}/`)) {
    // Under which name others reach the target is not known.
    if (!isFull)
      way.suspect(
        `${resource.create.id} answered with Location: ${location}, which leads out of ${base}`,
        'Name the place as those who ask see it, with what stands before all paths.',
        resource.create,
        resource.create.pointer,
        { request, response },
      )
    return
  }
  const target = place.slice(base.length)
  if (target === request.target && resource.read !== undefined) {
    const message = `${resource.create.id} answered with Location: ${location}, where it was asked to create, and not where ${resource.read.id} finds what it created`
    way.complain('state-lost', message, 'Name the place of what was created.', resource.create, { request, response })
    return
  }
  const match = ground.api.match('GET', target)
  const isDescribed = match.kind === 'found'
  // A full URL may lead to somebody else.
  if (!isDescribed && isFull) return
  const operation = isDescribed ? match.operation : resource.read
  if (operation === undefined) return
  const made = ground.requestOf(operation, ground.known)
  const says = 'a request to where Location leads'
  const [found] = yield [{ says, operation, request: { ...made, target }, expects: [], outside: !isDescribed }]
  if (found === undefined || found.response.status === 401) return
  const [mine, there] = [way.idIn({ request, response }), operation === resource.read ? way.idIn(found) : undefined]
  if (mine !== undefined && there !== undefined && mine !== there) {
    const message = `${resource.create.id} answered with Location: ${location}, where ${resource.id} ${JSON.stringify(there)} is and not ${JSON.stringify(mine)}, which it created`
    way.complain('state-lost', message, 'Name the place of what was created.', resource.create, found)
  }
  if (found.response.status < 400) return
  const who = isDescribed ? operation.id : `GET ${target}`
  const message = `${resource.create.id} answered with Location: ${location}, where ${who} answered ${found.response.status}`
  way.complain('state-lost', message, 'Name the place of what was created.', resource.create, found)
}

/** Of what was not sent, these members tell how far something has come, and may go on by themselves. */
export const moving = /^(state|status|phase|stage|progress)$|(State|Status|Phase|Stage|_state|_status|_phase|_stage)$/

/** What was created is what is read, each time. Returns whether it was at first. */
export async function* readBack(
  way: Way,
  known: Known,
  made: Exchange,
  thing: Thing,
): AsyncGenerator<readonly Ask[], boolean, readonly Played[]> {
  const { read, create, id, isDeclared } = way.resource
  if (read === undefined) return false
  const ask = (says: string): Ask => way.ask(says, read, known, way.mustSucceed(read))
  const [first] = yield [ask('a reading of what was created')]
  await waitALittle()
  const [second] = yield [ask('a second reading')]
  const before = first === undefined ? undefined : bodyOf(first)
  if (first === undefined || before === undefined) return false
  const sent = decodedOf(made.request.body) ?? {}
  // Who reads the same each time and something else than was answered broke the promise before.
  const isUneven = second !== undefined && way.compare(read, before, second, calm(before))
  // What a document does not declare to be kept may still be on its way.
  const rest = isDeclared ? calm(thing).filter(name => !moving.test(name)) : []
  const names = [...Object.keys(sent), id, 'createdAt', 'created_at', 'created', ...rest]
  const isOther = way.compare(create, thing, first, names, '', {
    sent,
    ...(!isUneven && { blamed: create, status: made.response.status }),
  })
  missesNothing(way, sent, thing, first)
  if (second === undefined || touchedIn(first, second) === undefined) return !isOther
  await waitALittle()
  const [third] = yield [ask('a third reading')]
  const place = third && touchedIn(second, third)
  if (third === undefined || place === undefined) return !isOther
  const message = `${read.id} answered another ${place} to each of three readings, between which nothing was changed`
  way.complain('state-lost', message, 'Say when it was last changed, not when it was read.', read, third)
  return !isOther
}

/** What was sent and has a place in the answer is there. */
function missesNothing(way: Way, sent: Thing, thing: Thing, first: Exchange): void {
  const { read, create } = way.resource
  const body = bodyOf(first) ?? {}
  const schema = read?.responseFor(first.response.status)?.content[0]?.schema
  const properties = Object(Object(schema?.value).properties) as Readonly<Record<string, unknown>>
  if (read === undefined || schema === undefined) return
  for (const [name, value] of Object.entries(sent)) {
    const isPlain = typeof value !== 'object' && Object.hasOwn(properties, name)
    if (!isPlain || Object.hasOwn(thing, name) || Object.hasOwn(body, name)) continue
    if (Object(properties[name]).writeOnly === true) continue
    const message = `${read.id} answered without ${name}, which ${create.id} was sent as ${shown(value)}`
    way.suspect(message, 'Keep what was sent, and answer with it.', read, `${schema.pointer}/properties/${name}`, first)
    return
  }
}

/** A thing that is not there is found by nobody, be its id quite another one or nearly that of one that is. */
export function* askForNothing(way: Way, known: Known): Leg {
  const { read, changes, remove, parameter } = way.resource
  const { ground } = way
  const id = known.get(parameter) ?? ''
  const strange = way.strangeId(known)
  for (const operation of [read, ...changes, remove]) {
    if (operation === undefined || strange === undefined) continue
    const there = new Map(known).set(parameter, strange)
    const ask = way.ask('a request for a thing that is not there', operation, there)
    if (ground.isRefused(ask.request)) continue
    yield [{ ...ask, ...refusal(operation, ['404', '410', '400', '403', '422']), outside: false }]
  }
  for (const [says, near] of nearly(id)) if (!ground.seen.has(near)) yield* readNearly(way, known, says, near)
  for (const name of inherited) yield* readInherited(way, known, name)
}

/** Names that every object of JavaScript has, so that a plain one that is searched by id finds them. */
const inherited = ['constructor', '__proto__']

function* readInherited(way: Way, known: Known, name: string): Leg {
  const { ground, resource } = way
  const { read, parameter } = resource
  if (read === undefined) return
  const asked = way.ask(`a reading of the id ${name}`, read, new Map(known).set(parameter, name))
  const match = ground.api.match(asked.request.method, asked.request.target)
  if (match.kind !== 'found' || read.read(asked.request, match.params, { credentials: false }).faults.length > 0) return
  yield [{ ...asked, ...refusal(read, ['404', '410', '400', '403', '422']), outside: false }]
}

/** Ids that a server may take for this one, though they are others. */
function nearly(id: string): (readonly [says: string, near: string])[] {
  if (/^\d{1,15}$/.test(id)) {
    const beyond = [2 ** 8, 2 ** 16, 2 ** 32].map(size => [`that is ${size} more`, String(Number(id) + size)] as const)
    return [...beyond, ['with a letter behind it', `${id}x`]]
  }
  const swapped = id.replace(/[a-z]/gi, letter =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  )
  return [
    ...(id.length < shortId
      ? []
      : ([
          ['with a letter less', [...id].slice(0, -1).join('')],
          ['with a letter more', `${id}x`],
        ] as const)),
    ['with a space behind it', `${id} `],
    ...(swapped === id ? [] : [['in other case', swapped] as const]),
  ]
}

/** What is found under another id is another thing. */
function* readNearly(way: Way, known: Known, says: string, near: string): Leg {
  const { ground, resource } = way
  const { read, id: name, parameter } = resource
  if (read === undefined) return
  const ask = way.ask(`a reading of an id ${says}`, read, new Map(known).set(parameter, near))
  const match = ground.api.match(ask.request.method, ask.request.target)
  const reading = match.kind === 'found' ? read.read(ask.request, match.params, { credentials: false }) : undefined
  if (match.kind !== 'found' || match.operation !== read || reading?.faults.length !== 0) return
  // UUIDs are the same in either case. Source: RFC 9562, section 4.
  if (says === 'in other case' && isUuid(way)) return
  const [found] = yield [{ ...ask, tells: 'nothing' }]
  const shownId = way.idIn(found)
  if (!isGood(found) || (shownId !== undefined && shownId !== known.get(parameter) && shownId !== near)) return
  // One that counts may well have come so far.
  if (shownId === near && /^\d+$/.test(near)) return
  const message = `${read.id} answered ${found.response.status} for ${parameter} ${JSON.stringify(near)}, where a thing has the ${name} ${JSON.stringify(known.get(parameter))}`
  way.complain('state-leaked', message, 'Compare the whole id, letter by letter.', read, found)
}

function isUuid({ resource, ground }: Way): boolean {
  const parameter = resource.read?.parameters.find(({ name }) => name === resource.parameter)
  const part = parameter?.schema && Part.of(ground.api.document.root).at(parameter.schema.pointer)
  return part?.text('format') === 'uuid' || part?.text('format') === 'guid'
}

/** Path and query that a reference leads to. Source: RFC 9110, section 10.2.2. */
function placeOf(location: string, base: string): string | undefined {
  try {
    const { pathname, search } = new URL(location, new URL(base, 'http://target.invalid'))
    return `${pathname}${search}`
  } catch {
    return undefined
  }
}
