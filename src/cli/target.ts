import { exitCodes, Trouble } from '../finding/index.ts'
import type { HttpRequest } from '../http/index.ts'
import type { Api } from '../model/index.ts'
import { curlLine } from '../report/index.ts'
import type { Flag, Typed } from './command.ts'

const defaultTimeout = 10_000

/** Flags that say where an implementation is and how it is asked. */
export const targetFlags: Readonly<Record<string, Flag>> = {
  url: { short: 'u', value: 'URL', help: 'where the implementation is (required)' },
  'confirm-host': { value: 'HOST', many: true, help: 'this host is meant, though it is out in the internet' },
  'bearer-env': { value: 'NAME', help: 'environment variable that holds the bearer token' },
  header: { short: 'H', value: 'FIELD', many: true, help: "field of every request, as 'Name: value'" },
  timeout: { value: 'MS', help: `milliseconds until an answer is given up (default ${defaultTimeout})` },
}

export function urlOf(text: string | undefined): URL {
  if (text === undefined)
    throw new Trouble(
      exitCodes.unusable,
      '--url is missing',
      'Say where the implementation is: --url http://127.0.0.1:3000',
    )
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && (url.username !== '' || url.password !== '')) {
    throw new Trouble(
      exitCodes.unusable,
      '--url holds credentials, which would stand in every report',
      "Leave them out of the URL and give -H 'Authorization: …' or --bearer-env NAME.",
    )
  }
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  throw new Trouble(exitCodes.unusable, `${text} is not an http or https URL`, 'Give it as http://127.0.0.1:3000')
}

export function tokenOf(
  name: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (name === undefined) return undefined
  const token = env[name]
  if (token !== undefined && token !== '') return token
  throw new Trouble(exitCodes.unusable, `The environment variable ${name} is not set`, `Set it: export ${name}=…`)
}

/**
 * A field that carries the credential of the document's security is taken for the token, so that requests without it can be
 * made too.
 */
export function withCredential(
  api: Api,
  fields: readonly string[],
  token: string | undefined,
): { readonly token: string | undefined; readonly headers: readonly string[] } {
  const schemes = api.operations.flatMap(({ security }) => security.flat())
  for (let at = 0; at < fields.length; at += 2) {
    const [name, value] = [fields[at] as string, fields[at + 1] as string]
    const scheme = schemes.find(({ credential }) => credential('')?.name.toLowerCase() === name.toLowerCase())
    const shown = scheme?.credential('')
    if (shown === undefined || shown.in !== 'header') continue
    const prefix = shown.value.trim()
    const isOfScheme = prefix === '' || value.toLowerCase().startsWith(`${prefix.toLowerCase()} `)
    if (!isOfScheme) continue
    const given = prefix === '' ? value : value.slice(prefix.length + 1)
    const plain = prefix === 'Basic' ? Buffer.from(given, 'base64').toString() : given
    return { token: plain.trim(), headers: fields.filter((_, index) => index !== at && index !== at + 1) }
  }
  return { token, headers: fields }
}

export function headersOf(typed: Typed): string[] {
  return typed.texts('header').flatMap(field => {
    const [, name, value] = /^([!#$%&'*+.^`|~\w-]+):\s*(.*)$/s.exec(field) ?? []
    if (name !== undefined && value !== undefined) return [name, value]
    throw new Trouble(exitCodes.unusable, `"${field}" is not a header field`, "Give it as -H 'Name: value'.")
  })
}

export function timeoutOf(text: string | undefined): number {
  const milliseconds = Number(text ?? defaultTimeout)
  if (Number.isInteger(milliseconds) && milliseconds > 0) return milliseconds
  throw new Trouble(exitCodes.unusable, `${text} is not a number of milliseconds`, 'Give a whole number above 0.')
}

/** Names of fields whose values are secrets more often than not. */
export const secretNames = /auth|token|key|secret|session|cookie|passw|credential/i

/** The variable of a shell that stands for the value of a field. */
export function variableOf(name: string): string {
  return name.toUpperCase().replace(/\W/g, '_')
}

/**
 * The line that repeats a request, with the fields that every request gets. Secrets are left for the shell: the token under
 * the name of its environment variable, other fields under their own, in upper case.
 *
 * @param fields name, value, name, value, …
 */
export function curlFor(
  origin: string,
  fields: readonly string[],
  variable = 'TOKEN',
): (request: HttpRequest) => string {
  const shown = fields.map((value, at) => {
    const name = at % 2 === 1 ? (fields[at - 1] as string) : ''
    return secretNames.test(name) ? `$${variableOf(name)}` : value
  })
  const variables = shown.filter((value, at) => at % 2 === 1 && value !== fields[at]).map(value => value.slice(1))
  return request => {
    const named = request.headers.map((value, at) =>
      at % 2 === 1 ? value.replace('$TOKEN', () => `$${variable}`) : value,
    )
    const target = request.target.replaceAll('=$TOKEN', `=$${variable}`)
    const whole = { ...request, target, headers: [...named, ...shown] }
    return curlLine(origin, whole, { variables: [variable, ...variables] })
  }
}
