import { negotiate } from '../http/index.ts'
import type { Content, Example, Operation, ResponseDescription } from '../model/index.ts'
import type { Wishes } from './prefer.ts'

/** Which of the documented answers is given, decided once. */
export type Choice = {
  readonly response: ResponseDescription
  readonly status: number
  /** The documented media type; `undefined` when the answer has no body. */
  readonly content: Content | undefined
  /** The example that was asked for by name. */
  readonly example: Example | undefined
  readonly dynamic: boolean
  readonly seed: string | undefined
  /** The preferences that were honoured, as in `Preference-Applied`. */
  readonly applied: readonly string[]
}

export type Choosing =
  | { readonly kind: 'chosen'; readonly choice: Choice }
  | { readonly kind: 'not-acceptable'; readonly offered: readonly string[] }
  | { readonly kind: 'not-possible'; readonly wish: string; readonly possible: readonly string[] }

/** Chooses among what an operation documents by what the client prefers and accepts. */
export function choose(
  operation: Operation,
  wishes: Wishes,
  accept: string | undefined,
  byDefault: { readonly dynamic: boolean },
): Choosing {
  const applied: string[] = []
  const wanted = wishes.code === undefined ? undefined : responseByCode(operation, wishes.code)
  if (wanted !== undefined) applied.push(`code=${wanted.status}`)
  else if (wishes.code !== undefined && wishes.strict) {
    return {
      kind: 'not-possible',
      wish: `code=${wishes.code}`,
      possible: operation.responses.map(response => response.status),
    }
  }
  const found = wanted ?? successOf(operation)
  if (found === undefined) return { kind: 'not-possible', wish: 'an answer', possible: [] }
  const { response, status } = found

  const named = wishes.example
  const withExample =
    named === undefined
      ? []
      : response.content.filter(content => content.examples.some(example => example.name === named))
  if (named !== undefined && withExample.length === 0 && wishes.strict) {
    const possible = response.content.flatMap(content => content.examples.map(example => example.name))
    return { kind: 'not-possible', wish: `example=${named}`, possible: [...new Set(possible)] }
  }
  const candidates = withExample.length > 0 ? withExample : response.content
  const mediaType = negotiate(
    accept,
    candidates.map(content => content.mediaType),
  )
  if (candidates.length > 0 && mediaType === undefined) {
    return { kind: 'not-acceptable', offered: candidates.map(content => content.mediaType) }
  }
  const content = bodyless(status) ? undefined : candidates.find(candidate => candidate.mediaType === mediaType)
  const example = named === undefined ? undefined : content?.examples.find(candidate => candidate.name === named)
  if (example !== undefined) applied.push(`example=${example.name}`)

  const asked = wishes.dynamic === 'true' || wishes.dynamic === 'false'
  if (asked) applied.push(`dynamic=${wishes.dynamic}`)
  const dynamic = example === undefined && (asked ? wishes.dynamic === 'true' : byDefault.dynamic)
  if (wishes.seed !== undefined) applied.push(`seed=${wishes.seed}`)
  return { kind: 'chosen', choice: { response, status, content, example, dynamic, seed: wishes.seed, applied } }
}

type Found = { readonly response: ResponseDescription; readonly status: number }

function responseByCode(operation: Operation, code: string): Found | undefined {
  const status = Number(code)
  if (!/^[1-5]\d\d$/.test(code) || status < 200) return undefined
  const response = operation.responseFor(status)
  return response && { response, status }
}

/** The lowest documented success, else a range or `default` read as success, else whatever is documented first. */
export function successOf(operation: Operation): Found | undefined {
  const exact = operation.responses
    .filter(({ status }) => /^[23]\d\d$/.test(status))
    .sort((a, b) => Number(a.status) - Number(b.status))[0]
  if (exact !== undefined) return { response: exact, status: Number(exact.status) }
  for (const [name, status] of [
    ['2XX', 200],
    ['DEFAULT', 200],
    ['3XX', 300],
  ] as const) {
    const response = operation.responses.find(candidate => candidate.status.toUpperCase() === name)
    if (response !== undefined) return { response, status }
  }
  const [first] = operation.responses
  return first && { response: first, status: Number(first.status.replace(/XX$/i, '00')) || 200 }
}

/** Statuses that never carry content. Source: RFC 9110, sections 15.3.5, 15.3.6 and 15.4.5. */
export function bodyless(status: number): boolean {
  return status === 204 || status === 205 || status === 304
}
