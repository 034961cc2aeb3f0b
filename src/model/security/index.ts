import { type HttpRequest, headerOf } from '../../http/index.ts'
import { cookiesOf } from '../parameters.ts'
import type { Part } from '../part.ts'
import type { Fault } from '../reading.ts'
import { authorization } from './authorization.ts'

/** What is wrong with the credentials of a request, in the words of one scheme; `undefined` when they will do. */
export type SchemeCheck = (request: HttpRequest, query: () => URLSearchParams) => string | undefined

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
    const schemes = [...requirement.entries()].map(([name]) => readScheme(root, name, options))
    alternatives.push(schemes.filter(scheme => scheme !== undefined))
  }
  return alternatives
}

/** What is wrong with the credentials of a request; nothing when one alternative is satisfied. */
export function credentialFaults(
  security: Security,
  request: HttpRequest,
  query: () => URLSearchParams,
): readonly Fault[] {
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

function apiKeyIn(
  place: Credential['in'],
  name: string,
  request: HttpRequest,
  query: () => URLSearchParams,
): string | undefined {
  if (place === 'query') return query().get(name) ?? undefined
  return place === 'cookie' ? cookiesOf(request, name)[0] : headerOf(request.headers, name.toLowerCase())
}
