import { variers } from '../generate/index.ts'
import type { Equality, Expression, Relations, ResponseDescription, Scope } from '../model/index.ts'
import { fieldText, isFieldText, isToken } from './fields.ts'
import { forgiving } from './forgive.ts'
import type { Fresh } from './uniques.ts'

/** Takes back everything that was written, so that a body that is kept can serve the next request. */
export type Undo = () => void

type Container = Record<string, unknown>
type Place = { readonly container: Container; readonly key: string }

/**
 * Makes the answer in `scope` keep the relations of its response by writing into its body: what is to be equal is
 * copied, what is to be unique is varied, what is to be ordered is put in order.
 *
 * @param accepts when given, each write stays only if this says yes to the outcome
 */
export function relate(relations: Relations, scope: Scope, fresh: Fresh, accepts?: () => boolean): Undo {
  const writes: { place: Place; before: PropertyDescriptor | undefined }[] = []
  const write = (place: Place, value: unknown): boolean => {
    const { container, key } = place
    const before = Object.getOwnPropertyDescriptor(container, key)
    // Assigning to `__proto__` would not make a member of that name.
    Object.defineProperty(container, key, { value, configurable: true, enumerable: true, writable: true })
    if (accepts !== undefined && !accepts()) {
      restore(place, before)
      return false
    }
    writes.push({ place, before })
    return true
  }
  for (const equality of relations.equal) {
    const { left, right } = equality
    const target = left.inResponseBody === undefined ? right : left
    const value = target === left ? expected(equality, scope) : left.read(scope)
    if (value !== undefined) for (const place of placesFor(target, scope)) write(place, value)
  }
  for (const { place: expression, pointer } of relations.unique) {
    for (const place of placesFor(expression, scope)) {
      const value = place.container[place.key]
      if (typeof value === 'string' || typeof value === 'number')
        variers(value).some(varier => write(place, fresh(pointer, varier)))
    }
  }
  for (const { first, second } of relations.ordered) {
    const [earlier, later] = [first.read(scope), second.read(scope)]
    if (earlier === undefined || later === undefined || !isAfter(earlier, later)) continue
    for (const place of placesFor(second, scope)) write(place, earlier)
  }
  return () => {
    for (const { place, before } of writes.reverse()) restore(place, before)
  }
}

/** The same for header fields: what is to be equal is put in, where the schema of the field accepts it. */
export function relateFields({ relations, headers }: ResponseDescription, scope: Scope, fields: string[]): void {
  for (const equality of relations.equal) {
    const name = equality.left.inResponseHeader
    if (name === undefined) continue
    const value = expected(equality, scope)
    const header = headers.find(header => header.name.toLowerCase() === name)
    const text = value === undefined || value === null ? undefined : (header?.write(value) ?? fieldText(value))
    const schema = header?.schema
    const isRefused = schema !== undefined && !forgiving(schema).accepts(value)
    if (text === undefined || !isToken(name) || !isFieldText(text) || isRefused) continue
    const at = fields.findIndex((field, index) => index % 2 === 0 && field === name)
    if (at === -1) fields.push(name, text)
    else fields[at + 1] = text
  }
}

/** What the left side of an equality is to be; `undefined` when the right side leaves that open. */
export function expected({ right, fallback }: Equality, scope: Scope): unknown {
  const value = right.read(scope)
  return value === undefined || (value === null && fallback !== undefined) ? fallback?.value : value
}

/** Puts a kept body in order once and for all, as far as that concerns the body alone. */
export function putInOrder({ ordered }: Relations, body: unknown, accepts: () => boolean): void {
  const within = ordered.filter(
    ({ first, second }) => first.inResponseBody !== undefined && second.inResponseBody !== undefined,
  )
  const request = { path: {}, query: {}, headers: [], body: undefined }
  const scope = { method: '', url: '', request, response: { status: 0, headers: [], body } }
  relate({ equal: [], unique: [], ordered: within }, scope, () => 0, accepts)
}

function restore({ container, key }: Place, before: PropertyDescriptor | undefined): void {
  if (before === undefined) delete container[key]
  else Object.defineProperty(container, key, before)
}

/** Where an expression would write in the response body: its last token need not be there yet, what is above it must. */
function placesFor(expression: Expression, scope: Scope): Place[] {
  const tokens = expression.inResponseBody ?? []
  const last = tokens.at(-1)
  if (last === undefined) return []
  let containers: unknown[] = [scope.response.body]
  for (const token of tokens.slice(0, -1)) {
    containers = containers.flatMap(container => {
      if (typeof container !== 'object' || container === null) return []
      if (token === '*') return Array.isArray(container) ? container : []
      return Object.hasOwn(container, token) ? [(container as Container)[token]] : []
    })
  }
  return containers
    .filter((container): container is Container => typeof container === 'object' && container !== null)
    .flatMap(container => {
      if (!Array.isArray(container)) return [{ container, key: last }]
      // An array has no members to add, only items to change.
      return Object.keys(container)
        .filter(key => last === '*' || last === key)
        .map(key => ({ container: container as unknown as Container, key }))
    })
}

/** Whether two instants, numbers or texts stand in the wrong order; what cannot be compared does not. */
function isAfter(earlier: unknown, later: unknown): boolean {
  if (typeof earlier === 'number' && typeof later === 'number') return earlier > later
  if (typeof earlier !== 'string' || typeof later !== 'string') return false
  const [a, b] = [Date.parse(earlier), Date.parse(later)]
  return Number.isNaN(a) || Number.isNaN(b) ? earlier > later : a > b
}
