import { type HttpRequest, headerOf } from '../../http/index.ts'
import { cookiesOf } from '../cookies.ts'
import type { Part } from '../part.ts'
import type { Query } from '../query.ts'
import type { Fault } from '../reading.ts'
import { authorization } from './authorization.ts'

/** What is wrong with the credentials of a request, in the words of one scheme; `undefined` when they will do. */
export type SchemeCheck = (request: HttpRequest, query: () => Query) => string | undefined

/** A security scheme as one alternative needs it. */
export type SecurityScheme = {
  readonly name: string
  readonly pointer: string
  /** The challenge for a `WWW-Authenticate` field (RFC 9110, section 11.6.1), for schemes of HTTP. */
  readonly challenge: string | undefined
  readonly check: SchemeCheck
  /** Where a token of this scheme is put, and what is written there. */
  readonly credential: (token: string) => Credential | undefined
}

export type Credential = { readonly in: 'header' | 'query' | 'cookie'; readonly name: string; readonly value: string }

/** Alternatives, each a list of schemes that are needed together. Empty: open to everybody. */
export type Security = readonly (readonly SecurityScheme[])[]

/** Which credentials count as right beyond their form; by default all do. */
export type CredentialOptions = { readonly bearer?: readonly string[] }

/** The security of an operation, its own before the document's. Source: OpenAPI 3.1.1, section 4.8.30. */
export function readSecurity(root: Part, operation: Part, options: CredentialOptions = {}): Security {
  const requirements = operation.get('security') ?? root.get('security')
  const alternatives: SecurityScheme[][] = []
  for (const [, requirement] of requirements?.entries() ?? []) {
    const names = typeof requirement.value === 'object' ? Object.keys(requirement.value ?? {}) : []
    alternatives.push(names.map(name => readScheme(root, name, options) ?? undefinedScheme(name, requirement.pointer)))
  }
  return alternatives
}

/** What is wrong with the credentials of a request; nothing when one alternative is satisfied. */
export function credentialFaults(security: Security, request: HttpRequest, query: () => Query): readonly Fault[] {
  let closest: Fault[] | undefined
  for (const alternative of security) {
    const faults: Fault[] = []
    for (const scheme of alternative) {
      const says = scheme.check(request, query)
      if (says !== undefined) faults.push({ kind: 'credentials', reason: says, pointer: scheme.pointer })
    }
    if (faults.length === 0) return []
    if (closest === undefined || faults.length < closest.length) closest = faults
  }
  return closest ?? []
}

/**
 * A scheme that the document names and does not describe asks for an Authorization field of whatever kind: the operation
 * is not for everybody, and nothing else is known.
 */
function undefinedScheme(name: string, pointer: string): SecurityScheme {
  const says = `Authorization: is missing (the document does not describe the security scheme ${JSON.stringify(name)})`
  return {
    name,
    pointer,
    challenge: undefined,
    check: request => (headerOf(request.headers, 'authorization')?.trim() ? undefined : says),
    credential: token => ({ in: 'header', name: 'Authorization', value: `Bearer ${token}` }),
  }
}

function readScheme(root: Part, name: string, options: CredentialOptions): SecurityScheme | undefined {
  const part = root.get('components')?.get('securitySchemes')?.get(name)
  if (part === undefined) return undefined
  const { pointer } = part
  switch (part.text('type')) {
    case 'http':
      return { name, pointer, ...authorization(part.text('scheme') ?? 'bearer', options) }
    case 'oauth2':
    case 'openIdConnect':
      return { name, pointer, ...authorization('bearer', options) }
    case 'apiKey':
      return {
        name,
        pointer,
        challenge: undefined,
        ...apiKey(part.text('in'), part.text('name') ?? name),
      }
    default:
      // A client certificate (mutualTLS) is a matter of the connection and cannot be seen in the message.
      return { name, pointer, challenge: undefined, check: () => undefined, credential: () => undefined }
  }
}

function apiKey(documented: string | undefined, name: string): Pick<SecurityScheme, 'check' | 'credential'> {
  const place = documented === 'query' || documented === 'cookie' ? documented : 'header'
  const check: SchemeCheck = (request, query) => {
    const value = apiKeyIn(place, name, request, query)
    if (value === undefined) return `${name} (${place}): is missing`
    return value.trim() === '' ? `${name} (${place}): is empty` : undefined
  }
  return { check, credential: token => ({ in: place, name, value: token }) }
}

function apiKeyIn(place: Credential['in'], name: string, request: HttpRequest, query: () => Query): string | undefined {
  if (place === 'query') return query().first(name)
  return place === 'cookie' ? cookiesOf(request, name)[0] : headerOf(request.headers, name.toLowerCase())
}
