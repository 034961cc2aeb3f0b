import { same as sameJson } from '../check/index.ts'
import { type Exchange, headerOf, isJson, parseMediaType } from '../http/index.ts'
import { decodeBody, type Operation } from '../model/index.ts'

/** What an API keeps, as it shows it. */
export type Thing = Readonly<Record<string, unknown>>

/** Members that may differ from one reading to the next, whoever asks. */
const restless =
  /updat|modif|chang|version|revision|etag|last|access|seen|count|expire|token|signature|request_?id|trace|correlation|nonce/i

/** The thing that an answer shows. */
export function bodyOf({ response }: Exchange): Thing | undefined {
  const type = parseMediaType(headerOf(response.headers, 'content-type') ?? 'application/json')
  return isJson(type?.essence ?? '') ? decodedOf(response.body) : undefined
}

/** The thing that these bytes of JSON are; `undefined` when they are none. */
export function decodedOf(bytes: Uint8Array): Thing | undefined {
  return asThing(jsonIn(bytes))
}

/** What was decoded, as long as the bytes are there: several parts of a run look at the same answer. */
const values = new WeakMap<Uint8Array, { readonly value: unknown }>()

/** The value that these bytes of JSON are; `undefined` when they are none. */
function jsonIn(bytes: Uint8Array): unknown {
  const known = values.get(bytes)
  if (known !== undefined) return known.value
  const decoded = bytes.length === 0 ? undefined : decodeBody('application/json', bytes)
  const value = decoded?.kind === 'value' ? decoded.value : undefined
  values.set(bytes, { value })
  return value
}

/** A value that is an object. */
export function asThing(value: unknown): Thing | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Thing) : undefined
}

/** The entries of a list: the body itself, or the one array it holds. */
export function entriesOf({ response }: Exchange): readonly Thing[] | undefined {
  const value = jsonIn(response.body)
  const array: readonly unknown[] | undefined = Array.isArray(value)
    ? value
    : Object.values(asThing(value) ?? {}).find(Array.isArray)
  return array?.map(asThing).filter(entry => entry !== undefined)
}

/** Where what was sent is to be seen: at the top, or in the one member that has the same names. */
export function holderOf(
  thing: Thing,
  sent: Thing,
): { readonly holder: Thing; readonly name: string | undefined } | undefined {
  const names = Object.keys(sent)
  const hasMost = (holder: Thing): boolean =>
    names.filter(name => Object.hasOwn(holder, name)).length * 2 > names.length
  if (hasMost(thing)) return { holder: thing, name: undefined }
  for (const [name, member] of Object.entries(thing)) {
    const holder = asThing(member)
    if (holder !== undefined && hasMost(holder)) return { holder, name }
  }
  return undefined
}

/** The properties that a change may speak of. */
export function describedBy(change: Operation): string[] {
  return (change.requestBody?.content ?? []).flatMap(({ schema }) =>
    Object.keys(Object(Object(schema?.value).properties)),
  )
}

/** The properties that a change may set where it is not sent any. */
export function defaultsOf(change: Operation): string[] {
  return (change.requestBody?.content ?? []).flatMap(({ schema }) =>
    Object.entries(Object(Object(schema?.value).properties)).flatMap(([name, property]) =>
      Object.hasOwn(Object(property), 'default') ? [name] : [],
    ),
  )
}

/** The members that stay as they are until somebody changes them; a switch may be about updates. */
export function calm(thing: Thing): string[] {
  return Object.keys(thing).filter(
    name => !restless.test(name) || (typeof thing[name] === 'boolean' && /update$/i.test(name)),
  )
}

/** Whether two values are equal, apart from what may differ each time. */
export function same(a: unknown, b: unknown): boolean {
  return sameJson(a, b, name => restless.test(name))
}

/** A shorter id may well be that of another thing once a letter is another one or gone. */
export const shortId = 8

/** Ids of nearly the same form that nothing is likely to have, the best ones first. */
export function unlikes(id: string): string[] {
  if (/^\d+$/.test(id)) return ['987654321', '876543219']
  const as = (letter: string, digit: string): string =>
    id.replace(/[a-z0-9]/gi, each => (/\d/.test(each) ? digit : /[a-f]/i.test(each) ? letter : each))
  const others = [as('f', '9'), as('e', '8'), id.replace(/[^\s\p{P}]/gu, 'f')]
  const long = others.map(other => other.repeat(Math.ceil(shortId / Math.max(1, other.length))))
  return [...new Set(id.length < shortId ? [...long, ...others] : others)].filter(other => other !== id)
}
