import { exitCodes, Trouble } from '../finding/index.ts'
import type { HttpRequest } from '../http/index.ts'
import type { Api, SecurityScheme } from '../model/index.ts'
import { curlLine } from '../report/index.ts'
import type { Flag, Typed } from './command.ts'

const defaultTimeout = 10_000

/** Flags that say where an implementation is and how it is asked. */
export const targetFlags: Readonly<Record<string, Flag>> = {
  url: { short: 'u', value: 'URL', help: 'where the implementation is (required)' },
  'confirm-host': { value: 'HOST', many: true, help: 'this host is meant, though it is out in the internet' },
  'bearer-env': { value: 'NAME', help: 'environment variable that holds the bearer token' },
  header: {
    short: 'H',
    value: 'FIELD',
    many: true,
    help: "field of every request, as 'Name: value'; a credential is sent where the document wants it",
  },
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

/** What is known of the credentials of a document. */
type Credentials = {
  /** By the name of the security scheme. */
  readonly tokens: ReadonlyMap<string, string>
  /** For the schemes that {@link tokens} does not name. */
  readonly token: string | undefined
  /** The other fields, which every request gets. */
  readonly headers: readonly string[]
  /** The variables of the shell that stand for the fields that hold tokens, by the names of these in small letters. */
  readonly variables: ReadonlyMap<string, string>
}

/**
 * Fields that carry credentials of the document's security are taken for these, so that requests without them can be made
 * too. The token of --bearer-env is that of the bearer schemes which no field is given for, and of all others in a document
 * without any.
 */
export function credentialsOf(api: Api, fields: readonly string[], bearer: string | undefined): Credentials {
  const schemes = api.operations.flatMap(({ security }) => security.flat())
  const pairs = fields.flatMap((name, at) => (at % 2 === 0 ? [[name, fields[at + 1] as string] as const] : []))
  const tokens = new Map<string, string>()
  const taken = new Set<readonly [string, string]>()
  for (const scheme of schemes) {
    const pair = pairs.find(([name, value]) => tokenIn(scheme, name, value) !== undefined)
    const token = pair && tokenIn(scheme, ...pair)
    if (pair === undefined || token === undefined) continue
    tokens.set(scheme.name, token)
    taken.add(pair)
  }
  const isBearer = ({ challenge }: SecurityScheme): boolean => challenge?.startsWith('Bearer') === true
  const isFree = ({ name }: SecurityScheme): boolean => !tokens.has(name)
  const own = schemes.filter(isBearer).filter(isFree)
  if (bearer !== undefined) for (const { name } of own) tokens.set(name, bearer)
  const isAlone = taken.size + (bearer !== undefined && own.length > 0 ? 1 : 0) <= 1
  return {
    tokens,
    token: schemes.some(isBearer) ? undefined : bearer,
    headers: pairs.filter(pair => !taken.has(pair)).flat(),
    variables: new Map(isAlone ? [] : [...taken].map(([name]) => [name.toLowerCase(), variableOf(name)])),
  }
}

/** The token that a field carries for a scheme. */
function tokenIn(scheme: SecurityScheme, name: string, value: string): string | undefined {
  const shown = scheme.credential('')
  if (shown?.in === 'cookie' && name.toLowerCase() === 'cookie') {
    const [key, token] = value.split('=', 2)
    return key === shown.name && !/[;=]/.test(token ?? ';') ? token : undefined
  }
  if (shown?.in !== 'header' || shown.name.toLowerCase() !== name.toLowerCase()) return undefined
  const prefix = shown.value.trim()
  if (prefix !== '' && !value.toLowerCase().startsWith(`${prefix.toLowerCase()} `)) return undefined
  const given = prefix === '' ? value : value.slice(prefix.length + 1)
  return (prefix === 'Basic' ? Buffer.from(given, 'base64').toString() : given).trim()
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
 * @param own variables of fields that hold tokens of their own
 */
export function curlFor(
  origin: string,
  fields: readonly string[],
  variable = 'TOKEN',
  own: Credentials['variables'] = new Map(),
): (request: HttpRequest) => string {
  const shown = fields.map((value, at) => {
    const name = at % 2 === 1 ? (fields[at - 1] as string) : ''
    return secretNames.test(name) ? `$${variableOf(name)}` : value
  })
  const variables = shown.filter((value, at) => at % 2 === 1 && value !== fields[at]).map(value => value.slice(1))
  return request => {
    const named = request.headers.map((value, at) => {
      const name = at % 2 === 1 ? (request.headers[at - 1] as string).toLowerCase() : ''
      return name === '' ? value : value.replace('$TOKEN', () => `$${own.get(name) ?? variable}`)
    })
    const target = request.target.replaceAll('=$TOKEN', `=$${variable}`)
    const whole = { ...request, target, headers: [...named, ...shown] }
    return curlLine(origin, whole, { variables: [variable, ...own.values(), ...variables] })
  }
}
