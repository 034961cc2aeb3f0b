import { type Exchange, type HttpRequest, headerOf, withHeader } from '../http/index.ts'
import { decodeBody, type Operation } from '../model/index.ts'
import type { Ask } from './case.ts'
import { isGood, type Known, type Leg, type Way } from './journey/way.ts'
import { asThing, decodedOf } from './thing.ts'

/**
 * What was changed since it was read is not answered with 304 for the mark that it had: the thing and the list that it is
 * in. Source: RFC 9110, section 13.1.2.
 */
export function* askWhetherChanged(way: Way, parents: Known, known: Known): Leg {
  const { read, list, changes } = way.resource
  const change = changes.find(({ path, method }) => path === read?.path && (method === 'PUT' || method === 'PATCH'))
  const changed = change && changing(way, change, known)
  if (changed === undefined) return
  const readings = [...(read ? [way.ask('', read, known)] : []), ...(list ? [way.ask('', list, parents)] : [])]
  const before = yield readings.map(ask => ({ ...ask, says: 'a reading before a change' }))
  const marked = readings.flatMap((ask, at): Marked[] => {
    const exchange = before[at]
    const mark = isGood(exchange) ? headerOf(exchange.response.headers, 'etag') : undefined
    return exchange === undefined || mark === undefined ? [] : [{ ask, mark, before: exchange }]
  })
  if (marked.length === 0) return
  const [done] = yield [changed]
  if (!isGood(done)) return
  for (const each of marked) yield* askAgain(way, each)
}

type Marked = { readonly ask: Ask; readonly mark: string; readonly before: Exchange }

function* askAgain(way: Way, { ask, mark, before }: Marked): Leg {
  const { operation = way.resource.create } = ask
  const says = 'a reading of what was changed since, unless it is the same'
  const request = withHeader(ask.request, 'If-None-Match', mark)
  // Nobody has to document a 304.
  const unlessSame = { ...ask, says, request, outside: true }
  const [first] = yield [unlessSame]
  if (first?.response.status !== 304) return
  const [now] = yield [{ ...ask, says: 'a reading of what was changed since' }]
  if (!isGood(now) || isAlike(now, before)) return
  // The change may not have been everywhere yet.
  const [again] = yield [unlessSame]
  if (again?.response.status !== 304 || headerOf(now.response.headers, 'etag') === undefined) return
  const isWeak = mark.startsWith('W/')
  way.complain(
    'state-lost',
    `${operation.id} answered 304 to If-None-Match: ${mark}, with which it was read before it was changed`,
    `Give what has changed another ${isWeak ? 'weak ' : ''}ETag. Source: RFC 9110, section 8.8.1.`,
    operation,
    again,
  )
}

function isAlike(one: Exchange, other: Exchange): boolean {
  const [a, b] = [one, other].map(({ response }) => decodeBody('application/json', response.body))
  return a?.kind !== 'value' || b?.kind !== 'value' || JSON.stringify(a.value) === JSON.stringify(b.value)
}

/** A request that changes a text of the thing, as far as it takes one. */
function changing(way: Way, change: Operation, known: Known): Ask | undefined {
  const ask = way.ask('a change between two readings', change, known)
  const body = asThing(decodedOf(ask.request.body)) ?? {}
  const accepts = (value: unknown): boolean =>
    change.requestBody?.content.some(({ schema }) => schema?.accepts(value)) === true
  const others = Object.keys(body).flatMap(name => {
    const text = body[name]
    if (typeof text !== 'string') return []
    const value = { ...body, [name]: `${text}${/^https?:/.test(text) ? '/' : ' '}contrato` }
    return accepts(value) ? [value] : []
  })
  const [value] = others
  if (value === undefined) return undefined
  const request: HttpRequest = { ...ask.request, body: Buffer.from(JSON.stringify(value)) }
  return { ...ask, request }
}
