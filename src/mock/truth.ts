import type { Fault, Schema } from '../model/index.ts'
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

/** Members that carry reasons, in the order in which one of them is chosen to carry them. */
const reasonMembers = [
  'errors',
  'details',
  'detail',
  'messages',
  'message',
  'error_description',
  'errorMessage',
  'description',
  'reason',
  'error',
  'msg',
]
const phraseMembers = ['error', 'title', 'statusText', 'reasonPhrase']
const statusMembers = ['statusCode', 'status', 'code', 'status_code', 'httpStatus']
const pathMembers = ['path', 'instance', 'uri']
const timeMembers = ['timestamp', 'time']

/** In an entry of a list of errors: what says why, and what says where. */
const entryReasons = ['message', 'detail', 'msg', 'reason', 'description', 'error', 'title']
const entryPlaces = ['field', 'property', 'path', 'pointer', 'param', 'parameter', 'name', 'location']

/**
 * Turns a documented error body into one that is true of this request, without leaving the schema: the status, the
 * phrase and the reasons are written where the body has a place for them, and each write stays only if the schema
 * accepts the whole.
 *
 * @returns `undefined` when no place can carry the reasons
 */
export function tellTruth(template: unknown, schema: Schema, truth: Truth): unknown {
  if (typeof template === 'string') return reasonsOf(truth).join('; ')
  if (typeof template !== 'object' || template === null || Array.isArray(template)) return undefined
  const body = structuredClone(template) as Body
  const accepts = (): boolean => schema.accepts(body)
  const told = fill(body, truth, accepts)
  return told && accepts() ? body : undefined
}

/** Fills one object of the body, and objects under `error` that many shapes wrap everything in. */
function fill(body: Body, truth: Truth, accepts: () => boolean): boolean {
  for (const name of statusMembers) {
    const value = body[name]
    if (typeof value === 'number') tryEach(body, name, [truth.status], accepts)
    else if (typeof value === 'string' && /^\d{3}$/.test(value)) tryEach(body, name, [String(truth.status)], accepts)
  }
  for (const name of phraseMembers)
    if (typeof body[name] === 'string') tryEach(body, name, [reasonPhrase(truth.status)], accepts)
  for (const name of pathMembers) if (typeof body[name] === 'string') tryEach(body, name, [truth.path], accepts)
  for (const name of timeMembers)
    if (typeof body[name] === 'string') tryEach(body, name, [truth.now().toISOString()], accepts)
  for (const name of reasonMembers) {
    if (!Object.hasOwn(body, name)) continue
    const inner = body[name]
    if (typeof inner === 'object' && inner !== null && !Array.isArray(inner)) {
      if (fill(inner as Body, truth, accepts)) return true
      continue
    }
    // A phrase stays a phrase where something else can carry the reasons.
    if (phraseMembers.includes(name) && reasonMembers.some(other => other !== name && Object.hasOwn(body, other)))
      continue
    if (tryEach(body, name, reasonForms(inner, truth), accepts)) return true
  }
  return false
}

/** The reasons in the form that stands in the example first, then in the other. */
function reasonForms(shown: unknown, truth: Truth): unknown[] {
  const reasons = reasonsOf(truth)
  const text = reasons.join('; ')
  if (!Array.isArray(shown)) return [text, reasons]
  const entry: unknown = shown[0]
  if (typeof entry !== 'object' || entry === null) return [reasons, text]
  return [reasons.map(reason => entryFor(entry as Body, reason)), reasons, text]
}

function entryFor(shown: Body, reason: string): Body {
  const entry = structuredClone(shown)
  const separator = reason.indexOf(': ')
  const place = entryPlaces.find(name => typeof entry[name] === 'string')
  const says = entryReasons.find(name => typeof entry[name] === 'string' && name !== place)
  if (place !== undefined) entry[place] = reason.slice(0, separator)
  if (says !== undefined) entry[says] = place === undefined ? reason : reason.slice(separator + 2)
  return entry
}

function reasonsOf(truth: Truth): string[] {
  return truth.faults.map(fault => fault.reason)
}

function tryEach(body: Body, name: string, values: readonly unknown[], accepts: () => boolean): boolean {
  const before = body[name]
  for (const value of values) {
    body[name] = value
    if (accepts()) return true
  }
  body[name] = before
  return false
}
