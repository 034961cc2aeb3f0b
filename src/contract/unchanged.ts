import { isWebUrl } from '../generate/index.ts'
import { type Exchange, type HttpRequest, headerOf, withHeader } from '../http/index.ts'
import { decodeBody, type Operation } from '../model/index.ts'
import type { Ask, LateSteps } from './case.ts'
import { isGood, type Known, type Leg, type Way } from './journey/way.ts'
import { asThing, decodedOf } from './thing.ts'

/** Milliseconds after which whoever marks by the second has another mark. */
const resolution = 1_100

type Marked = { readonly ask: Ask; readonly mark: string; readonly before: Exchange }

/** A 304 that was not right. */
type Stale = { readonly operation: Operation; readonly mark: string; readonly exchange: Exchange }

/**
 * What was changed since it was read is not answered with 304 for the mark that it had: the thing and the list that it is
 * in. Source: RFC 9110, section 13.1.2.
 */
export async function* askWhetherChanged(way: Way, parents: Known, known: Known): LateSteps {
  const first = yield* changeMarked(way, parents, known, 'once')
  if (first === undefined) return
  // Marks of a second may be weak, and are right in the next one. Source: RFC 9110, section 8.8.1.
  await new Promise(resolve => setTimeout(resolve, resolution))
  const again = yield* changeMarked(way, parents, known, 'twice')
  if (again === undefined) return
  const { operation, mark, exchange } = again
  way.complain(
    'state-lost',
    `${operation.id} answered 304 to If-None-Match: ${mark}, with which it was read before it was changed`,
    'Give what has changed another ETag. Source: RFC 9110, section 8.8.1.',
    operation,
    exchange,
  )
}

function* changeMarked(way: Way, parents: Known, known: Known, word: string): Leg<Stale | undefined> {
  const { read, list, changes } = way.resource
  const change = changes.find(({ path, method }) => path === read?.path && (method === 'PUT' || method === 'PATCH'))
  const changed = change && changing(way, change, known, word)
  if (changed === undefined) return undefined
  const readings = [...(read ? [way.ask('', read, known)] : []), ...(list ? [way.ask('', list, parents)] : [])]
  const before = yield readings.map(ask => ({ ...ask, says: 'a reading before a change' }))
  const marked = readings.flatMap((ask, at): Marked[] => {
    const exchange = before[at]
    const mark = isGood(exchange) ? headerOf(exchange.response.headers, 'etag') : undefined
    return exchange === undefined || mark === undefined ? [] : [{ ask, mark, before: exchange }]
  })
  if (marked.length === 0) return undefined
  const [done] = yield [changed]
  if (!isGood(done)) return undefined
  for (const each of marked) {
    const stale = yield* askAgain(way, each)
    if (stale !== undefined) return stale
  }
  return undefined
}

function* askAgain(way: Way, { ask, mark, before }: Marked): Leg<Stale | undefined> {
  const { operation = way.resource.create } = ask
  const says = 'a reading of what was changed since, unless it is the same'
  const request = withHeader(ask.request, 'If-None-Match', mark)
  // Nobody has to document a 304.
  const unlessSame = { ...ask, says, request, outside: true }
  const [first] = yield [unlessSame]
  if (first?.response.status !== 304) return undefined
  const [now] = yield [{ ...ask, says: 'a reading of what was changed since' }]
  if (!isGood(now) || isAlike(now, before)) return undefined
  // The change may not have been everywhere yet.
  const [again] = yield [unlessSame]
  return again?.response.status === 304 ? { operation, mark, exchange: again } : undefined
}

function isAlike(one: Exchange, other: Exchange): boolean {
  const [a, b] = [one, other].map(({ response }) => decodeBody('application/json', response.body))
  return a?.kind !== 'value' || b?.kind !== 'value' || JSON.stringify(a.value) === JSON.stringify(b.value)
}

/** A request that changes a text of the thing, as far as it takes one. */
function changing(way: Way, change: Operation, known: Known, word: string): Ask | undefined {
  const ask = way.ask('a change between two readings', change, known)
  const body = asThing(decodedOf(ask.request.body)) ?? {}
  const accepts = (value: unknown): boolean =>
    change.requestBody?.content.some(({ schema }) => schema?.accepts(value)) === true
  const others = Object.keys(body).flatMap(name => {
    const text = body[name]
    if (typeof text !== 'string') return []
    const value = { ...body, [name]: `${text}${isWebUrl(text) ? '/' : ' '}${word}` }
    return accepts(value) ? [value] : []
  })
  const [value] = others
  if (value === undefined) return undefined
  const request: HttpRequest = { ...ask.request, body: Buffer.from(JSON.stringify(value)) }
  return { ...ask, request }
}
