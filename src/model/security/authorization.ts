import { Buffer } from 'node:buffer'
import { createHash, timingSafeEqual } from 'node:crypto'
import { headerOf, parameterOf } from '../../http/index.ts'
import type { CredentialOptions, SchemeCheck, SecurityScheme } from './index.ts'

/** Checks the Authorization field of one scheme: presence, scheme and form. Source: RFC 9110, section 11.6.2. */
export function authorization(
  scheme: string,
  options: CredentialOptions,
): Pick<SecurityScheme, 'challenge' | 'check' | 'credential'> {
  const shown = scheme.charAt(0).toUpperCase() + scheme.slice(1).toLowerCase()
  const wanted = scheme.toLowerCase()
  const known = wanted === 'bearer' ? options.bearer?.map(digest) : undefined
  const check: SchemeCheck = request => {
    const value = headerOf(request.headers, 'authorization')
    if (value === undefined) return 'Authorization: is missing'
    const space = value.indexOf(' ')
    const given = (space === -1 ? value : value.slice(0, space)).toLowerCase()
    if (given === '') return 'Authorization: is empty'
    // Other schemes may hold a secret in the place of their name, so what was sent is not repeated.
    if (given !== wanted) return `Authorization: must use the ${shown} scheme`
    const credentials = space === -1 ? '' : value.slice(space + 1).trim()
    if (credentials === '')
      return `Authorization: has no ${wanted === 'bearer' ? 'token' : 'credentials'} after ${shown}`
    if (wanted === 'basic' && !isBasic(credentials)) return 'Authorization: must carry base64 of user:password'
    // RFC 6750, section 2.1: a bearer token is one token68.
    if (wanted === 'bearer' && !/^[A-Za-z0-9\-._~+/]+=*$/.test(credentials))
      return 'Authorization: the token is malformed'
    if (wanted === 'digest' && !isDigest(credentials)) {
      return `Authorization: must carry ${digestFields.join(', ')} of Digest`
    }
    if (known !== undefined && !known.some(token => timingSafeEqual(token, digest(credentials)))) {
      return 'Authorization: the token is not accepted'
    }
    return undefined
  }
  const encode = (token: string): string => {
    if (wanted === 'basic') return Buffer.from(token).toString('base64')
    return wanted === 'digest' ? digestCredentials(token) : token
  }
  return {
    challenge: wanted === 'digest' ? digestChallenge : `${shown} realm="contrato"`,
    check,
    credential: token => ({ in: 'header', name: 'Authorization', value: `${shown} ${encode(token)}` }),
  }
}

/** Digests have one length, which the comparison in constant time needs. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** Source: RFC 7616, section 3.4. */
const digestFields = ['username', 'realm', 'nonce', 'uri', 'response'] as const

/** The nonce says nothing: whether the response is right cannot be known without the password. */
const digestChallenge = 'Digest realm="contrato", qop="auth", algorithm=SHA-256, nonce="contrato"'

function isDigest(credentials: string): boolean {
  return digestFields.every(name => parameterOf(`;${credentials.replaceAll(',', ';')}`, name))
}

/** Credentials of the right form; a server that knows the password will refuse them. */
function digestCredentials(token: string): string {
  const response = digest(token).toString('hex')
  return `username="contrato", realm="contrato", nonce="contrato", uri="/", response="${response}"`
}

/** Source: RFC 7617, section 2. */
function isBasic(credentials: string): boolean {
  return /^[A-Za-z0-9+/]+=*$/.test(credentials) && Buffer.from(credentials, 'base64').toString('utf8').includes(':')
}
