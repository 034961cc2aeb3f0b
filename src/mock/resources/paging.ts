import { headerOf } from '../../http/index.ts'
import type { Operation, Reading } from '../../model/index.ts'
import { isThing, put } from './shown.ts'

/** Names of query parameters that say which part of a list is wanted, compared without case, `_`, `-` and brackets. */
const sizes = /^(limit|perpage|pagesize|pagelimit|size|itemsperpage|resultsperpage|maxresults|take|top)$/
const offsets = /^(offset|skip|startindex|pageoffset)$/
const pages = /^(page|pagenumber|pageno|pageindex|currentpage)$/
const afters = /^(startingafter|after|pageafter)$/

/** A part of a list. */
export type Page<Item> = {
  readonly items: readonly Item[]
  /** Things before it, and altogether. */
  readonly from: number
  readonly total: number
  /** The most that it may hold, where that was said. */
  readonly size: number | undefined
  /** Its number as the client counts, where the list is asked for by pages. */
  readonly number: number | undefined
  /** The target of the request for the part that follows; `undefined` where the client cannot ask so, or there is none. */
  readonly next: string | undefined
}

type Wish = { readonly name: string; readonly value: number; readonly isSent: boolean }

/**
 * The part of a list that a request asks for, with the parameters that its document describes for that: a size and an offset or
 * the number of a page, or the id that it comes after. One that is not sent is as its `default` says.
 *
 * @param idOf what names a thing
 */
export function pageOf<Item>(
  all: readonly Item[],
  { parameters }: Operation,
  { query, request }: Reading,
  idOf: (item: Item) => string,
): Page<Item> {
  const described = parameters.filter(parameter => parameter.in === 'query')
  const wish = (names: RegExp): Wish | undefined => {
    const found = described.find(({ name }) => names.test(plain(name)))
    if (found === undefined) return undefined
    const { default: fallback } = Object(found.schema?.value) as { readonly default?: unknown }
    const sent = query[found.name]
    const value = sent ?? fallback
    return isCount(value) ? { name: found.name, value, isSent: sent !== undefined } : undefined
  }
  const [size, offset, page] = [wish(sizes), wish(offsets), wish(pages)]
  const after = described.find(({ name }) => afters.test(plain(name)))?.name
  const most = size === undefined || size.value === 0 ? undefined : size.value
  const first = page === undefined ? 1 : firstPage(parameters.find(({ name }) => name === page.name)?.schema?.value)
  const isPaged = page !== undefined && (page.isSent || offset === undefined)
  const from = Math.min(all.length, startOf())
  const until = most === undefined ? all.length : from + most
  const items = all.slice(from, size?.isSent === true && size.value === 0 ? from : until)
  const next = until >= all.length ? undefined : nextTarget()
  return { items, from, total: all.length, size: most, number: isPaged ? page.value : undefined, next }

  function startOf(): number {
    const last = after === undefined ? undefined : query[after]
    const at = last === undefined ? -1 : all.findIndex(item => idOf(item) === String(last))
    if (at >= 0) return at + 1
    if (isPaged) return most === undefined ? (page.value > first ? all.length : 0) : (page.value - first) * most
    return offset?.value ?? 0
  }

  function nextTarget(): string | undefined {
    const [path = '', sent = ''] = request.target.split('?', 2)
    const params = new URLSearchParams(sent)
    const lastItem = items.at(-1)
    const offsetName = described.find(({ name }) => offsets.test(plain(name)))?.name
    const pageName = described.find(({ name }) => pages.test(plain(name)))?.name
    if (isPaged) params.set(page.name, String(page.value + 1))
    else if (after !== undefined && lastItem !== undefined) params.set(after, idOf(lastItem))
    else if (offsetName !== undefined) params.set(offsetName, String(until))
    else if (pageName !== undefined) params.set(pageName, String(first + 1))
    else return undefined
    const host = headerOf(request.headers, 'host')
    return `${host === undefined ? '' : `http://${host}`}${path}?${params}`
  }
}

/** Members that say how many there are altogether, in the form of {@link plain}; `count` and `size` may be of this part. */
const totals = /^(total|count|size|(total|item|result)s?(count|items|results|elements|entries|records)?)$/
const pageTotals = /^(totalpages?|pagecount|pages|lastpage|numpages)$/
const [nexts, previous] = [/^next(page|url|link|href)?$/, /^prev(ious)?(page|url|link|href)?$/]
const mores = /^(hasmore|hasnext|hasnextpage)$/

/** How deep beside a list something is told of it, as in `links.pages.next`. */
const deepest = 2

/** Makes what stands beside a list true of it: how many there are, which part it is, and whether there are more. */
export function tellPage<Item>(
  holder: Record<string, unknown>,
  page: Page<Item>,
  accepts: () => boolean,
  depth = 0,
): void {
  const { items, from, total, size, number, next } = page
  const hasMore = from + items.length < total
  const names = Object.keys(holder).map(plain)
  const hasTotal = names.some(name => /^total/.test(name) && totals.test(name))
  for (const [name, value] of Object.entries(holder)) {
    const said = plain(name)
    const tell = (told: unknown): void => {
      if (told !== undefined) put(holder, name, told, accepts)
    }
    if (isThing(value) && depth < deepest) tellPage(value as Record<string, unknown>, page, accepts, depth + 1)
    else if (nexts.test(said)) tell(hasMore ? nextLike(value, page) : null)
    else if (previous.test(said) && from === 0) tell(null)
    else if (typeof value === 'boolean' && mores.test(said)) tell(hasMore)
    else if (typeof value === 'boolean' && /^has(prev|previous|previouspage)$/.test(said)) tell(from > 0)
    else if (typeof value !== 'number') continue
    else if (sizes.test(said) && said !== 'size') tell(size ?? Math.max(value, items.length))
    else if (said === 'size' && size !== undefined) tell(size)
    else if (said === 'count' && hasTotal) tell(items.length)
    else if (totals.test(said)) tell(total)
    else if (offsets.test(said)) tell(from)
    else if (pages.test(said)) tell(number)
    else if (pageTotals.test(said)) tell(size === undefined ? 1 : Math.max(1, Math.ceil(total / size)))
  }

  function nextLike(value: unknown, { next: target }: Page<Item>): unknown {
    if (typeof value === 'number') return number === undefined ? from + items.length : number + 1
    if (typeof value === 'string' && !/^(https?:\/\/|\/)/.test(value)) return undefined
    return target === undefined || typeof value !== 'string' || /^https?:/.test(value) ? next : pathOf(target)
  }
}

function pathOf(target: string): string {
  return target.replace(/^https?:\/\/[^/]*/, '')
}

/** The number that pages are counted from: 0 where the schema says that there is such a page, else 1. */
function firstPage(schema: unknown): number {
  const { minimum, default: fallback } = Object(schema) as { readonly minimum?: unknown; readonly default?: unknown }
  return fallback === 0 || (minimum === 0 && fallback !== 1) ? 0 : 1
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

/** A name without what APIs write in different ways. */
function plain(name: string): string {
  return name.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase()
}
