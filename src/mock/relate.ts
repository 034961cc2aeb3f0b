import { varier } from '../generate/index.ts'
import type { Expression, Relations, Scope } from '../model/index.ts'

/** Takes back everything that was written, so that a body that is kept can serve the next request. */
export type Undo = () => void

type Container = Record<string, unknown>

/**
 * Makes the answer in `scope` keep the relations of its response by writing into its body: what is to be equal is
 * copied, what is to be unique is varied, what is to be ordered is put in order.
 *
 * @param seed chance for values that are to be unique, in turn
 */
export function relate(relations: Relations, scope: Scope, seed: () => number): Undo {
  const writes: { container: Container; key: string; had: boolean; before: unknown }[] = []
  const write = (container: Container, key: string, value: unknown): void => {
    writes.push({ container, key, had: Object.hasOwn(container, key), before: container[key] })
    container[key] = value
  }
  for (const { left, right, fallback } of relations.equal) {
    const [target, source] = left.inResponseBody === undefined ? [right, left] : [left, right]
    if (target.inResponseBody === undefined) continue
    const value = source.read(scope) ?? (source === right ? fallback?.value : undefined)
    if (value !== undefined) for (const place of placesFor(target, scope)) write(place.container, place.key, value)
  }
  for (const { place } of relations.unique) {
    for (const { container, key } of placesFor(place, scope)) {
      const value = container[key]
      if (typeof value === 'string' || typeof value === 'number') write(container, key, varier(value)(seed()))
    }
  }
  for (const { first, second } of relations.ordered) {
    const [earlier, later] = [first.read(scope), second.read(scope)]
    if (earlier === undefined || later === undefined || !isAfter(earlier, later)) continue
    for (const { container, key } of placesFor(second, scope)) write(container, key, earlier)
  }
  return () => {
    for (const { container, key, had, before } of writes.reverse()) {
      if (had) container[key] = before
      else delete container[key]
    }
  }
}

/** Puts a kept body in order once and for all, as far as that concerns the body alone. */
export function putInOrder({ ordered }: Relations, body: unknown): void {
  const within = ordered.filter(
    ({ first, second }) => first.inResponseBody !== undefined && second.inResponseBody !== undefined,
  )
  const request = { path: {}, query: {}, headers: [], body: undefined }
  const scope = { method: '', url: '', request, response: { status: 0, headers: [], body } }
  relate({ equal: [], unique: [], ordered: within }, scope, () => 0)
}

/** Where an expression would write in the response body: its last token need not be there yet, what is above it must. */
function placesFor(expression: Expression, scope: Scope): { container: Container; key: string }[] {
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
    .map(container => ({ container, key: last }))
}

/** Whether two instants, numbers or texts stand in the wrong order; what cannot be compared does not. */
function isAfter(earlier: unknown, later: unknown): boolean {
  if (typeof earlier === 'number' && typeof later === 'number') return earlier > later
  if (typeof earlier !== 'string' || typeof later !== 'string') return false
  const [a, b] = [Date.parse(earlier), Date.parse(later)]
  return Number.isNaN(a) || Number.isNaN(b) ? earlier > later : a > b
}
