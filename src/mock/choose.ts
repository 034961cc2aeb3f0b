import { acceptedWithin, negotiate } from '../http/index.ts'
import { type Content, type Example, isFitting, type Operation, type ResponseDescription } from '../model/index.ts'
import { word } from './fields.ts'
import { names, type Wishes, yesOrNo } from './prefer.ts'

/** Which of the documented answers is given, decided once. */
export type Choice = {
  readonly response: ResponseDescription
  readonly status: number
  /** The documented media type; `undefined` when the answer has no body. */
  readonly content: Content | undefined
  /** The type that the client named inside the range that is documented. */
  readonly within: string | undefined
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
  | { readonly kind: 'nothing-promised' }
  | { readonly kind: 'not-possible'; readonly wish: string; readonly possible: readonly string[] }

export type ChoiceOptions = {
  /** What happens without a wish for either. */
  readonly dynamic: boolean
  /** The content as far as it can be used. */
  readonly usable: (content: Content) => Content
}

/** Chooses among what an operation documents by what the client prefers and accepts. */
export function choose(
  operation: Operation,
  wishes: Wishes,
  accept: string | undefined,
  options: ChoiceOptions,
): Choosing {
  const applied: string[] = []
  const [unknown] = wishes.unknown
  if (unknown !== undefined && wishes.strict) return { kind: 'not-possible', wish: unknown, possible: names }
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
  if (found === undefined) return { kind: 'nothing-promised' }
  const { response, status } = found
  const documented = bodyless(status) ? [] : response.content.map(options.usable)

  const named = wishes.example
  const withExample = documented.filter(content => exampleOf(content, named) !== undefined)
  if (named !== undefined && withExample.length === 0 && wishes.strict) {
    const possible = documented.flatMap(content => content.examples.filter(example => isFitting(content, example)))
    return { kind: 'not-possible', wish: `example=${named}`, possible: [...new Set(possible.map(({ name }) => name))] }
  }
  const candidates = withExample.length > 0 ? withExample : documented
  const mediaType = negotiate(
    accept,
    candidates.map(content => content.mediaType),
  )
  if (candidates.length > 0 && mediaType === undefined) {
    return { kind: 'not-acceptable', offered: candidates.map(content => content.mediaType) }
  }
  const content = candidates.find(candidate => candidate.mediaType === mediaType)
  const within = content?.mediaType.includes('*') ? acceptedWithin(accept, content.mediaType) : undefined
  const example = content && exampleOf(content, named)
  if (example !== undefined) applied.push(`example=${word(example.name)}`)

  for (const name of ['dynamic', 'validate', 'auth'] as const) {
    const wish = wishes[name]
    if (yesOrNo(wish) !== undefined) applied.push(`${name}=${wish}`)
    else if (wish !== undefined && wishes.strict) {
      return { kind: 'not-possible', wish: `${name}=${wish}`, possible: ['true', 'false'] }
    }
  }
  const dynamic = example === undefined && (yesOrNo(wishes.dynamic) ?? options.dynamic)
  if (wishes.server !== undefined) applied.push(`server=${word(wishes.server)}`)
  if (wishes.seed !== undefined) applied.push(`seed=${word(wishes.seed)}`)
  if (wishes.strict) applied.push('handling=strict')
  return { kind: 'chosen', choice: { response, status, content, within, example, dynamic, seed: wishes.seed, applied } }
}

/** The example of this name, if its schema accepts it. */
function exampleOf(content: Content, name: string | undefined): Example | undefined {
  if (name === undefined) return undefined
  return content.examples.find(example => example.name === name && isFitting(content, example))
}

type Found = { readonly response: ResponseDescription; readonly status: number }

function responseByCode(operation: Operation, code: string): Found | undefined {
  const status = Number(code)
  if (!/^[1-5]\d\d$/.test(code) || status < 200) return undefined
  const response = operation.responseFor(status)
  return response && { response, status }
}

/**
 * The lowest documented success, else its range, else the lowest redirection, else `default` or the range of
 * redirections, else whatever final answer is documented first.
 */
function successOf(operation: Operation): Found | undefined {
  const lowest = (codes: RegExp): Found | undefined => {
    const found = operation.responses
      .filter(({ status }) => codes.test(status))
      .sort((a, b) => Number(a.status) - Number(b.status))[0]
    return found && { response: found, status: Number(found.status) }
  }
  const named = (name: string, status: number): Found | undefined => {
    const response = operation.responses.find(candidate => candidate.status.toUpperCase() === name)
    return response && { response, status }
  }
  return (
    lowest(/^2\d\d$/) ??
    named('2XX', 200) ??
    lowest(/^3\d\d$/) ??
    named('DEFAULT', 200) ??
    named('3XX', 300) ??
    lowest(/^[45]\d\d$/) ??
    named('4XX', 400) ??
    named('5XX', 500)
  )
}

/** Statuses that never carry content. Source: RFC 9110, sections 15.3.5, 15.3.6 and 15.4.5. */
function bodyless(status: number): boolean {
  return status === 204 || status === 205 || status === 304
}
