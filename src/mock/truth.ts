import { isJson } from '../http/index.ts'
import type { Fault } from '../model/index.ts'
import { reasonPhrase } from './problem.ts'

/** What an error answer has to say. */
export type Truth = {
  readonly status: number
  readonly faults: readonly Fault[]
  /** The request path. */
  readonly path: string
  readonly now: () => Date
}

type Body = Record<string, unknown>

/** The members of error bodies by what they are for; names are compared without case, `_` and `-`. */
const members = {
  /** Lists of single errors, and maps of them by place. */
  lists: [
    'errors',
    'details',
    'messages',
    'invalidparams',
    'violations',
    'issues',
    'validationerrors',
    'fielderrors',
    'fields',
  ],
  /** Texts, in the order in which one of them is chosen to carry the reasons. */
  texts: [
    'detail',
    'message',
    'errordescription',
    'errormessage',
    'description',
    'reason',
    'msg',
    'details',
    'errors',
    'messages',
    'error',
    'title',
  ],
  phrases: ['error', 'title', 'statustext', 'reasonphrase'],
  statuses: ['statuscode', 'status', 'code', 'httpstatus'],
  paths: ['path', 'instance', 'uri'],
  times: ['timestamp', 'time'],
  /** In one error of a list: what says why, and what says where. */
  entryTexts: ['message', 'detail', 'msg', 'reason', 'description', 'error', 'title'],
  entryPlaces: [
    ...['field', 'property', 'path', 'pointer', 'param', 'parameter', 'name', 'location', 'loc'],
    ...['propertypath', 'propertyname', 'fieldname', 'instancepath', 'datapath', 'attribute', 'target', 'key'],
  ],
  /** In an error that stands alone: what says where, and nothing else. */
  places: [
    'param',
    'parameter',
    'field',
    'fieldname',
    'property',
    'propertypath',
    'propertyname',
    'pointer',
    'attribute',
  ],
} as const

/** Whether the whole body is still one that the schema accepts. */
type Accepts = () => boolean

/**
 * Turns a documented error body into one that is true of this request, without leaving the schema: the status, the
 * phrase and the reasons are written where the body has a place for them, and each write stays only if the schema
 * accepts the whole.
 *
 * @param essence the media type of the body
 * @returns `undefined` when no place can carry the reasons
 */
export function tellTruth(
  template: unknown,
  essence: string,
  accepts: (body: unknown) => boolean,
  truth: Truth,
): unknown {
  const holder: Body = { body: structuredClone(template) }
  const accepted: Accepts = () => accepts(holder.body)
  const { body } = holder
  let told = false
  if (typeof body === 'string') {
    // Markup around a text cannot be told from the text, so only plain text is replaced.
    told = (isJson(essence) || essence === 'text/plain') && tryEach(holder, 'body', textForms(truth), accepted)
  } else if (Array.isArray(body)) told = tryEach(holder, 'body', listForms(body, truth), accepted)
  else if (isBody(body)) told = fill(body, truth, accepted)
  return told && accepted() ? holder.body : undefined
}

/** Each reason once: two credentials that are missing may be missing in the same field. */
export function reasonsOf({ faults }: Pick<Truth, 'faults'>): string[] {
  return [...new Set(faults.map(fault => fault.reason))]
}

/** Fills an object of the body, and the objects inside it that carry the reasons in its stead. */
function fill(body: Body, truth: Truth, accepts: Accepts): boolean {
  fillStatus(body, truth, accepts)
  for (const name of named(body, members.phrases))
    if (typeof body[name] === 'string') tryEach(body, name, [reasonPhrase(truth.status)], accepts)
  for (const name of named(body, members.paths))
    if (typeof body[name] === 'string') tryEach(body, name, [truth.path], accepts)
  for (const name of named(body, members.times))
    if (typeof body[name] === 'string') tryEach(body, name, [truth.now().toISOString()], accepts)
  const listed = fillLists(body, truth, accepts)
  if (fillTexts(body, truth, accepts, listed)) {
    fillPlaces(body, truth, accepts)
    return true
  }
  return Object.values(body).some(inner => isBody(inner) && fill(inner, truth, accepts))
}

function fillStatus(body: Body, truth: Truth, accepts: Accepts): void {
  for (const name of named(body, members.statuses)) {
    const value = body[name]
    if (typeof value === 'number') tryEach(body, name, [truth.status], accepts)
    else if (typeof value === 'string' && /^\d{3}$/.test(value)) tryEach(body, name, [String(truth.status)], accepts)
  }
}

/** What an error that stands alone is about: the place of its first reason, or nothing. */
function fillPlaces(body: Body, truth: Truth, accepts: Accepts): void {
  const [reason = ''] = reasonsOf(truth)
  const { place } = splitReason(reason)
  for (const name of named(body, members.places)) {
    const value = body[name]
    if (typeof value === 'string' || value === null) tryEach(body, name, [placeLike(value, name, place), null], accepts)
  }
}

/** All lists and inner objects are made true: what a documented one says is true of another request. */
function fillLists(body: Body, truth: Truth, accepts: Accepts): boolean {
  let told = false
  for (const name of named(body, [...new Set([...members.lists, ...members.texts])])) {
    const value = body[name]
    if (Array.isArray(value)) told = tryEach(body, name, listForms(value, truth), accepts) || told
    else if (isBody(value) && isMap(value)) told = tryEach(body, name, mapForms(value, truth), accepts) || told
    else if (isBody(value)) told = fill(value, truth, accepts) || told
  }
  return told
}

/** One text carries the reasons; `error` and `title` name the status where anything else carries them. */
function fillTexts(body: Body, truth: Truth, accepts: Accepts, listed: boolean): boolean {
  for (const name of named(body, members.texts)) {
    const value = body[name]
    if (typeof value !== 'string' && value !== null) continue
    if (listed && ['error', 'title'].includes(plain(name))) continue
    if (tryEach(body, name, [...textForms(truth), reasonsOf(truth)], accepts)) return true
  }
  return listed
}

function textForms(truth: Truth): string[] {
  const reasons = reasonsOf(truth)
  return [reasons.join('; '), reasons[0] as string]
}

/** The reasons as a list in the form that is shown, then in others. */
function listForms(shown: readonly unknown[], truth: Truth): unknown[] {
  const reasons = reasonsOf(truth)
  const [first] = shown
  const [text, alone] = textForms(truth)
  if (!isBody(first)) return [reasons, [text], [alone], text]
  const entries = reasons.map(reason => entryFor(first, reason, truth))
  // An entry without a place for a reason would tell nothing.
  return entries.includes(undefined) ? [] : [entries, entries.slice(0, 1)]
}

/** One error of a list, in the form of the one that is shown. */
function entryFor(shown: Body, reason: string, truth: Truth): Body | undefined {
  const entry = structuredClone(shown)
  fillStatus(entry, truth, () => true)
  const { place, says } = splitReason(reason)
  const where = named(entry, members.entryPlaces).find(
    name => typeof entry[name] === 'string' || Array.isArray(entry[name]),
  )
  const why = named(entry, members.entryTexts).find(name => typeof entry[name] === 'string' && name !== where)
  if (why === undefined) return undefined
  if (plain(why) !== 'title' && typeof entry.title === 'string') entry.title = reasonPhrase(truth.status)
  const { source } = entry
  const pointed = isBody(source) && typeof source.pointer === 'string'
  if (pointed) source.pointer = pointerTo(place)
  if (where !== undefined) entry[where] = placeLike(entry[where], where, place)
  entry[why] = where === undefined && !pointed ? reason : says
  return entry
}

/** A place in the form that is shown: a list of steps, a JSON Pointer, or as people write it. */
function placeLike(shown: unknown, name: string, place: string): unknown {
  const [, parameter = '', from = ''] = /^(.*) \((path|query|header|cookie)\)$/.exec(place) ?? []
  if (Array.isArray(shown)) return from === '' ? ['body', ...stepsOf(place)] : [from, parameter]
  if (plain(name) === 'pointer' || (typeof shown === 'string' && shown.startsWith('/'))) return pointerTo(place)
  return place
}

function pointerTo(place: string): string {
  return place === 'body' ? '' : `/${stepsOf(place).join('/')}`
}

function stepsOf(place: string): string[] {
  return place === 'body' ? [] : place.replace(/\[(\d+)\]/g, '.$1').split('.')
}

/** Reasons stand under the place they are about. */
function mapForms(shown: Body, truth: Truth): Body[] {
  const byPlace = new Map<string, string[]>()
  for (const { place, says } of reasonsOf(truth).map(splitReason))
    byPlace.set(place, [...(byPlace.get(place) ?? []), says])
  const lists = Object.fromEntries(byPlace)
  const texts = Object.fromEntries([...byPlace].map(([place, all]) => [place, all.join('; ')]))
  return Array.isArray(Object.values(shown)[0]) ? [lists, texts] : [texts, lists]
}

/** Whether an object lists reasons by place, as `{ email: ['is required'] }` does. */
function isMap(value: Body): boolean {
  const values = Object.values(value)
  if (values.length === 0 || named(value, [...members.texts, ...members.statuses]).length > 0) return false
  return values.every(Array.isArray) || values.every(item => typeof item === 'string')
}

function splitReason(reason: string): { place: string; says: string } {
  const [place = '', ...says] = reason.split(': ')
  return says.length === 0 ? { place: 'body', says: reason } : { place, says: says.join(': ') }
}

/** The members of a body that have one of these names, in the order of the names. */
function named(body: Body, names: readonly string[]): string[] {
  const present = Object.keys(body)
  return names.flatMap(name => present.filter(key => plain(key) === name))
}

function plain(name: string): string {
  return name.replace(/[_-]/g, '').toLowerCase()
}

function isBody(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function tryEach(body: Body, name: string, values: readonly unknown[], accepts: Accepts): boolean {
  const before = body[name]
  for (const value of values) {
    body[name] = value
    if (accepts()) return true
  }
  body[name] = before
  return false
}
