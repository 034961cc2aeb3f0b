import type { Exchange } from '../../http/index.ts'
import { type Operation, Part } from '../../model/index.ts'
import { entriesOf, type Thing } from '../thing.ts'
import { isGood, type Known, type Leg, type Way } from './way.ts'

/** Names of parameters that cut a list into pages, so that a thing may stand on another one. */
const paging = /^(limit|page|per_?page|page_?size|offset|cursor|after|before|starting_after|skip|take|top)$/i
const sizes = /^(limit|per_?page|page_?size|take|top)$/i
const skips = /^(offset|skip)$/i

/** So many entries are asked for where the document states no most, and so many pages are turned. */
const usualSize = 100
const maxPages = 8

/** A list, as far as it could be seen. */
export type Listing = {
  /** The answer that was judged last. */
  readonly exchange: Exchange
  readonly entries: readonly Thing[]
  /** Whether there may be more. */
  readonly isCut: boolean
}

/** All that a list holds, page by page where it has pages. */
export function* listAll(way: Way, says: string, list: Operation, parents: Known): Leg<Listing | undefined> {
  const [size, skip] = [parameterOf(list, sizes), parameterOf(list, skips)]
  const most = size === undefined ? undefined : (mostOf(way, list, size) ?? usualSize)
  const isPaged = list.parameters.some(({ name }) => paging.test(name))
  const entries: Thing[] = []
  for (let page = 0; ; page += 1) {
    const cut = new Map(parents)
    if (size !== undefined) cut.set(size, String(most))
    if (skip !== undefined && page > 0) cut.set(skip, String(entries.length))
    const ask = way.ask(says, list, cut)
    const [exchange] = yield [size !== undefined && isOdd(way, ask.request) ? way.ask(says, list, parents) : ask]
    const found = isGood(exchange) ? entriesOf(exchange) : undefined
    if (exchange === undefined || found === undefined) return undefined
    entries.push(...found)
    const isLast = most !== undefined && found.length < most
    if (isLast || skip === undefined || found.length === 0 || page + 1 >= maxPages)
      return { exchange, entries, isCut: isPaged && !isLast && !(skip !== undefined && found.length === 0) }
  }
}

/** A page holds no more than was asked for, and begins where it was asked to. */
export function* judgePages(way: Way, parents: Known): Leg {
  const { list, id: name } = way.resource
  const size = list && parameterOf(list, sizes)
  const skip = list && parameterOf(list, skips)
  if (list === undefined || size === undefined) return
  const page = (length: number, from?: number): Known => {
    const known = new Map(parents).set(size, String(length))
    return skip === undefined || from === undefined ? known : known.set(skip, String(from))
  }
  const ask = (length: number, from?: number) => way.ask('a page of a list', list, page(length, from))
  if (isOdd(way, ask(1).request) || isOdd(way, ask(3, 1).request)) return
  const [one] = yield [ask(1)]
  const entries = isGood(one) ? entriesOf(one) : undefined
  const [parameter] = list.parameters.filter(each => each.name === size)
  if (one === undefined || entries === undefined || parameter === undefined) return
  if (entries.length > 1) {
    const message = `${list.id} listed ${entries.length} with ${size}=1`
    way.suspect(message, `List no more than ${size} says.`, list, parameter.pointer, one)
    return
  }
  const from = list.parameters.find(each => each.name === skip)
  if (from === undefined) return
  const ids = (exchange: Exchange | undefined): string | undefined =>
    isGood(exchange) ? JSON.stringify(entriesOf(exchange)?.map(entry => entry[name])) : undefined
  const [three] = yield [ask(3, 0)]
  const [later] = yield [ask(2, 1)]
  const [again] = yield [ask(3, 0)]
  const expected = isGood(three) ? entriesOf(three)?.slice(1, 3) : undefined
  // Who lists in no order of its own, or while others create, says nothing.
  if (later === undefined || expected?.length !== 2 || ids(three) !== ids(again)) return
  const wanted = JSON.stringify(expected.map(entry => entry[name]))
  const shown = ids(later)
  if (shown === undefined || shown === wanted) return
  const message = `${list.id} listed ${shown} with ${size}=2 and ${skip}=1, where ${wanted} follow the first of ${size}=3`
  way.suspect(message, `Begin after so many entries as ${skip} says.`, list, from.pointer, later)
}

function parameterOf(list: Operation, names: RegExp): string | undefined {
  return list.parameters.find(({ in: place, name }) => place === 'query' && names.test(name))?.name
}

function mostOf({ ground }: Way, list: Operation, name: string): number | undefined {
  const schema = list.parameters.find(parameter => parameter.name === name)?.schema
  const most = schema && Part.of(ground.api.document.root).at(schema.pointer)?.get('maximum')?.value
  return typeof most === 'number' && most > 0 ? Math.min(most, 1_000) : undefined
}

/** Whether the document refuses the request. */
function isOdd({ ground }: Way, request: Exchange['request']): boolean {
  const match = ground.api.match(request.method, request.target)
  return match.kind !== 'found' || match.operation.read(request, match.params, { credentials: false }).faults.length > 0
}
