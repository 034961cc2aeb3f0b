import type { FindingCode, Severity } from '../finding/index.ts'
import { type Exchange, headerOf } from '../http/index.ts'
import type { Operation, Reading, Relations, ResponseDescription } from '../model/index.ts'
import type { Answer } from './answers.ts'

/** One exchange as the checks see it. */
export type Evidence = {
  readonly exchange: Exchange
  readonly operation: Operation
  /** The request as the document understands it. */
  readonly reading: Reading
  /** What the document says of the status that came; `undefined` when it says nothing. */
  readonly description: ResponseDescription | undefined
  /** The bytes that came, and what they are by their type. */
  readonly answer: Answer
  /** Relations that names and types suggest where the document declares none. */
  readonly inferred: Relations
  /** Credentials that are known to be accepted. */
  readonly tokens: readonly string[]
}

/** What a check has to say; the judge adds severity, operation and position. */
export type Objection = {
  readonly code: FindingCode
  readonly message: string
  readonly help: string
  readonly pointer: string | undefined
  /** `error` unless stated. */
  readonly severity?: Severity
}

/** One question put to an exchange. */
export type Check<Id extends string = string> = {
  readonly id: Id
  readonly asks: string
  judge(evidence: Evidence): readonly Objection[]
}

/** Keeps the id a literal, so that the list of ids is a type. */
export function defineCheck<const Id extends string>(check: Check<Id>): Check<Id> {
  return check
}

/** The operation and status as they stand at the beginning of a message. */
export function answered(evidence: Pick<Evidence, 'exchange' | 'operation'>): string {
  const { status, headers } = evidence.exchange.response
  const location = status >= 300 && status < 400 ? headerOf(headers, 'location') : undefined
  return `${evidence.operation.id} answered ${status}${location === undefined ? '' : ` (Location: ${location})`}`
}

/** The first half of a character whose second half was cut off. */
const halfAtEnd = /[\ud800-\udbff]$/

/** A value as it is shown in a message: JSON, and no longer than a line. */
export function shown(value: unknown): string {
  const text = written(value)
  return text.length > 80 ? `${text.slice(0, 77).replace(halfAtEnd, '')}…` : text
}

/** Characters up to which a text is shown whole beside another. */
const maxWhole = 120

/** Characters of a long text that are shown before and behind the place where it parts from another. */
const around = { before: 20, behind: 50 }

/** Two values that differ, so shown that the difference can be seen: where it begins, when it is far inside. */
export function shownApart(one: unknown, other: unknown): readonly [string, string] {
  const [left, right] = [written(one), written(other)]
  if (left.length <= maxWhole && right.length <= maxWhole)
    return isAlike(left, right) ? [spelt(left), spelt(right)] : [left, right]
  const at = partingOf(left, right)
  const place = typeof one === 'string' && typeof other === 'string' ? partingOf([...one], [...other]) : at
  const part = (text: string, value: unknown): string => {
    if (text.length <= maxWhole) return text
    const [from, to] = [Math.max(0, at - around.before), at + around.behind]
    const shownPart = `${from > 0 ? '…' : ''}${text
      .slice(from, to)
      .replace(/^[\udc00-\udfff]/, '')
      .replace(halfAtEnd, '')}${to < text.length ? '…' : ''}`
    // A text is as long as its schema counts it, without quotes and escapes.
    const length = [...(typeof value === 'string' ? value : text)].length
    return `${shownPart} (${length} characters, different from character ${place + 1} on)`
  }
  return [part(left, one), part(right, other)]
}

/** How far two texts are the same. */
function partingOf(one: ArrayLike<string>, other: ArrayLike<string>): number {
  let at = 0
  while (at < one.length && one[at] === other[at]) at += 1
  return at
}

function written(value: unknown): string {
  return value === undefined ? 'nothing' : (JSON.stringify(value) ?? String(value))
}

/** Whether the eye takes two texts for one: they differ in characters without a width, in blanks, or in composition. */
function isAlike(left: string, right: string): boolean {
  const seen = (text: string): string => text.normalize('NFKC').replace(/[\p{Cf}\p{Cc}\p{Z}]/gu, '')
  return left !== right && seen(left) === seen(right)
}

/** With everything that is no plain ASCII as its code. */
function spelt(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, letter => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
