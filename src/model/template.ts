import { type Headers, headerOf } from '../http/index.ts'
import { decodeQuery, Query } from './query.ts'
import { percentEncoded } from './styles/encode.ts'

/** What a request has to carry for an operation that shares path and method with others. */
type Condition = {
  readonly name: string
  /** The value that it has to have; `undefined` for any. */
  readonly value: string | undefined
  /** The path parameter that the value stands for. */
  readonly parameter: string | undefined
  /** A fragment names what is sent in the query or in a header; a query says where it is sent itself. */
  readonly inHeader: boolean
}

/**
 * A path template in its parts. OpenAPI knows no query and no fragment in a template, and real documents have both, to
 * tell operations of one path apart: `/rest?method=photos.get`, `/#X-Amz-Target=Service.Action`, `/tags/{arn}#tagKeys`.
 */
export type Template = {
  /** What requests are routed by. */
  readonly path: string
  readonly conditions: readonly Condition[]
}

const unconditional: readonly Condition[] = []

/** Splits a template at its query and its fragment. */
export function readTemplate(template: string): Template {
  const end = template.search(/[?#]/)
  if (end === -1) return { path: template, conditions: unconditional }
  const rest = template.slice(end)
  const hash = rest.indexOf('#')
  const query = hash === -1 ? rest.slice(1) : rest.slice(1, Math.max(1, hash))
  const fragment = hash === -1 ? '' : rest.slice(hash + 1)
  return {
    path: template.slice(0, end),
    conditions: [...conditionsIn(query, false), ...conditionsIn(fragment, true)],
  }
}

function conditionsIn(text: string, inHeader: boolean): Condition[] {
  return Query.of(text).pairs.map(([name, written]) => {
    const parameter = /^\{([^{}]+)\}$/.exec(written)?.[1]
    return {
      name,
      value: written === '' || parameter !== undefined ? undefined : (decodeQuery(written) ?? written),
      parameter,
      inHeader,
    }
  })
}

/** Whether a request carries what a template asks for beyond its path. */
export function meets({ conditions }: Template, query: Query, headers: Headers): boolean {
  return conditions.every(condition => isMet(condition, query, headers))
}

export function isMet({ name, value, inHeader }: Condition, query: Query, headers: Headers): boolean {
  const sent = query.all(name).map(text => decodeQuery(text) ?? text)
  const field = inHeader ? headerOf(headers, name.toLowerCase()) : undefined
  if (value === undefined) return sent.length > 0 || field !== undefined
  return sent.includes(value) || field === value
}

/** The values of the path parameters that stand in the query of a template, as sent. */
export function capturesIn({ conditions }: Template, query: Query): [name: string, value: string][] {
  return conditions.flatMap(({ name, parameter }): [string, string][] => {
    const value = query.all(name)[0]
    return parameter === undefined || value === undefined || value === '' ? [] : [[parameter, value]]
  })
}

/** The target that fits a template, with its parameters still in it: a fragment is not sent. */
export function targetOf(template: string): { readonly path: string; readonly query: readonly string[] } {
  const { path, conditions } = readTemplate(template)
  const sent = conditions.filter(({ inHeader }) => !inHeader)
  return {
    path,
    query: sent.map(
      ({ name, value, parameter }) =>
        `${percentEncoded(name)}=${parameter === undefined ? percentEncoded(value ?? '') : `{${parameter}}`}`,
    ),
  }
}
