import { exampleRequest } from '../generate/index.ts'
import type { HttpRequest } from '../http/index.ts'
import { type Api, type Callback, encodeBody, type Operation, type Scope } from '../model/index.ts'
import type { Payload } from './payload.ts'
import type { Profile } from './profiles/index.ts'

/** A call as every attempt makes it, before it is signed. */
export type Call = { readonly url: URL; readonly request: HttpRequest }

/** The request of an event to one receiver. Throws when the address is no URL. */
export function callFor(
  api: Api,
  { operation }: Callback,
  payload: Payload | undefined,
  profile: Profile,
  address: string,
  scope: Scope | undefined,
): Call {
  const url = new URL(address)
  const value = scope === undefined ? payload?.value : (profile.address?.(payload?.value, scope) ?? payload?.value)
  const known = new Map(Object.entries(profile.fields?.(value) ?? {}))
  const named = new Map(
    operation.parameters.flatMap(({ name }) => {
      const text = known.get(name.toLowerCase())
      return text === undefined ? [] : [[name, text] as const]
    }),
  )
  const example = exampleRequest(api, operation, '', named)
  const [, query = ''] = example.target.split('?', 2)
  for (const pair of query === '' ? [] : query.split('&')) url.search += `${url.search === '' ? '?' : '&'}${pair}`
  url.hash = ''
  const credentials = basicIn(url)
  url.username = ''
  url.password = ''
  const secret = new Set(operation.security.flat().flatMap(scheme => scheme.credential('')?.name.toLowerCase() ?? []))
  const headers = (profile.stated ?? []).flatMap(name => statedIn(operation, name))
  for (let at = 0; at < example.headers.length; at += 2) {
    const [name, text] = [example.headers[at] as string, example.headers[at + 1] as string]
    if (profile.stated?.includes(name.toLowerCase())) continue
    // Nobody gave us credentials of the receiver but its address; a parameter named Authorization is none. Source: OpenAPI 3.1.1,
    // section 4.8.12.1.
    if (name.toLowerCase() !== 'content-type' && !secret.has(name.toLowerCase())) headers.push(name, text)
  }
  if (credentials !== undefined) headers.push('Authorization', credentials)
  if (payload === undefined)
    return { url, request: { method: operation.method, target: '', headers, body: Buffer.alloc(0) } }
  const { mediaType, shape } = payload.content
  const { contentType, bytes } = encodeBody(mediaType.includes('*') ? 'application/json' : mediaType, value, shape)
  headers.push('Content-Type', contentType)
  return { url, request: { method: operation.method, target: '', headers, body: bytes } }
}

/** A header field with what the document says is in it; nothing where somebody would have to make it up. */
function statedIn({ parameters }: Operation, name: string): string[] {
  const parameter = parameters.find(each => each.in === 'header' && each.name.toLowerCase() === name)
  const [example] = parameter?.examples ?? []
  return parameter === undefined || example === undefined ? [] : [parameter.name, String(example.value)]
}

/**
 * User and password of an address as Basic credentials, which is what curl and axios make of them. Source: RFC 7617, section 2;
 * RFC 3986, section 3.2.1.
 */
function basicIn({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined
  return `Basic ${Buffer.from(`${plain(username)}:${plain(password)}`).toString('base64')}`
}

/** A percent sign that stands for nothing stands for itself. */
function plain(encoded: string): string {
  try {
    return decodeURIComponent(encoded)
  } catch {
    return encoded
  }
}
