import { breakEach } from '../../generate/index.ts'
import { type HttpRequest, isJson, parseMediaType } from '../../http/index.ts'
import { type Operation, Part } from '../../model/index.ts'
import { withoutCredentials } from '../credential.ts'
import { bodiesOf } from '../ground.ts'
import { bodyOf, calm, decodedOf, holderOf, type Thing } from '../thing.ts'
import { type Listing, listAll } from './pages.ts'
import { isGood, type Known, type Leg, type Way } from './way.ts'

/** What is refused is not done: neither for who lacks credentials, nor the right half of a body that is wrong. */
export function* refuseEach(way: Way, parents: Known, known: Known): Leg {
  yield* createsNothing(way, parents)
  yield* changesNothing(way, known)
}

function* createsNothing(way: Way, parents: Known): Leg {
  const { list, create, id: name } = way.resource
  if (list === undefined) return
  const ask = way.create('something to be refused', parents)
  let before = idsIn(way, yield* listAll(way, 'a list before refusals', list, parents))
  for (const [says, request] of wrongly(way, create, ask.request)) {
    const [refused] = yield [{ ...ask, says, request, tells: 'nothing' }]
    const listed = yield* listAll(way, 'a list after a refusal', list, parents)
    const after = idsIn(way, listed)
    const { status = 0 } = refused?.response ?? {}
    const stray = after?.find(id => before?.includes(id) === false)
    before = after
    if (status < 400 || stray === undefined || listed === undefined) continue
    const message = `${list.id} listed ${name} ${JSON.stringify(stray)} after ${create.id} had answered ${status} to ${says}`
    way.complain('state-lost', message, 'Refuse before anything is stored, or take it back.', list, listed.exchange)
    return
  }
}

function* changesNothing(way: Way, known: Known): Leg {
  const { read, changes } = way.resource
  if (read === undefined) return
  for (const change of changes) {
    const [body] = bodiesOf(change)
    const ask = way.ask('a change to be refused', change, known)
    if (body === undefined) continue
    const [first] = yield [way.ask('a reading before refusals', read, known)]
    const before = isGood(first) ? bodyOf(first) : undefined
    const request = { ...ask.request, body: otherwise(change, body.bytes, before) }
    for (const [says, wrong] of wrongly(way, change, request)) {
      const [refused] = yield [{ ...ask, says, request: wrong, tells: 'nothing' }]
      const [later] = yield [way.ask('a reading after a refusal', read, known)]
      const { status = 0 } = refused?.response ?? {}
      if (before === undefined || later === undefined || status < 400) continue
      way.compare(read, before, later, calm(before), ` before ${change.id} answered ${status} to ${says}`, {
        blamed: change,
        status,
      })
    }
  }
}

/** Every text in a body is another one than the example has, and every switch than an answer shows, so that a change would show. */
function otherwise(change: Operation, body: Uint8Array, now: Thing | undefined): Uint8Array {
  const sent = decodedOf(body) ?? {}
  const holder = (now && holderOf(now, sent)?.holder) ?? {}
  const accepts = (value: unknown): boolean =>
    change.requestBody?.content.some(({ schema }) => schema?.accepts(value)) === true
  let made: Readonly<Record<string, unknown>> = sent
  for (const [name, value] of Object.entries(sent)) {
    const other =
      typeof value === 'string' ? `${value} refused` : typeof value === 'boolean' ? !(holder[name] ?? value) : value
    if (accepts({ ...made, [name]: other })) made = { ...made, [name]: other }
  }
  return Buffer.from(JSON.stringify(made))
}

/** The request without credentials, and with one clause of its body broken, as far as the document refuses these. */
function wrongly({ ground }: Way, operation: Operation, request: HttpRequest): (readonly [string, HttpRequest])[] {
  const { security } = operation
  const isGuarded = security.length > 0 && security.every(schemes => schemes.length > 0)
  const bare = withoutCredentials(request, security.flat())
  const isBare = isGuarded && bare.headers.length < request.headers.length
  const content = operation.requestBody?.content.find(({ mediaType }) =>
    isJson(parseMediaType(mediaType)?.essence ?? ''),
  )
  const part = content?.schema && Part.of(ground.api.document.root).at(content.schema.pointer)
  const broken =
    content?.schema === undefined || part === undefined
      ? []
      : // What stands last in the body is looked at last.
        breakEach(content.schema, part, decodedOf(request.body)).filter(({ says }) => / as (a|an) /.test(says))
  const last = broken.at(-1)
  return [
    ...(isBare ? [['no credentials', bare] as const] : []),
    ...(last === undefined
      ? []
      : [[last.says, { ...request, body: Buffer.from(JSON.stringify(last.value)) }] as const]),
  ]
}

function idsIn(way: Way, listed: Listing | undefined): string[] | undefined {
  return listed?.isCut === false ? listed.entries.map(entry => String(entry[way.resource.id])) : undefined
}

/** What is changed below another parent is another thing, if there is one at all. */
export function* changeElsewhere(way: Way, known: Known, elsewhere: Known): Leg {
  const { read, changes, parameter } = way.resource
  const id = known.get(parameter)
  if (read === undefined || id === undefined) return
  for (const change of changes) {
    const [body] = bodiesOf(change)
    const [first] = yield [way.ask('a reading before changes elsewhere', read, known)]
    const ask = way.ask('a change below another parent', change, new Map([...elsewhere, [parameter, id]]))
    const before = isGood(first) ? bodyOf(first) : undefined
    if (body === undefined || before === undefined) continue
    const request = { ...ask.request, body: otherwise(change, body.bytes, before) }
    const [done] = yield [{ ...ask, request, tells: 'nothing' }]
    const [later] = yield [way.ask('a reading after changes elsewhere', read, known)]
    if (later === undefined || done === undefined) continue
    const where = `${change.method} ${done.request.target}`
    way.compare(read, before, later, calm(before), ` before ${where}, which names another parent`)
    if (![404, 410].includes(later.response.status)) continue
    const message = `${read.id} answered ${later.response.status} for ${parameter} ${JSON.stringify(id)} after ${where}, which names another parent`
    way.complain('state-lost', message, 'Change a thing only where it was created.', read, later)
    return
  }
}
