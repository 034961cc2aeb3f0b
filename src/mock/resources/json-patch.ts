import { isDeepStrictEqual } from 'node:util'
import { formatPointer, parsePointer } from '../../finding/index.ts'
import { isThing, type Thing } from './shown.ts'

export type JsonPatch = readonly { readonly op: string; readonly path: string }[]

/** What came of a patch; `why` it cannot be applied. */
export type Patched = { readonly value: Thing } | { readonly why: string }

/** Whether a body is a JSON Patch, of whatever media type. Source: RFC 6902, section 3. */
export function isJsonPatch(body: unknown): body is JsonPatch {
  return (
    Array.isArray(body) &&
    body.every(each => isThing(each) && typeof each.op === 'string' && typeof each.path === 'string')
  )
}

// Not a library: of json-patch-test-suite 1.1, rfc6902 5.4 fails two cases and writes `/__proto__/x` to `/x`; it and
// fast-json-patch 3.1 see what objects inherit (`/constructor`), and the latter refuses a member that is named `__proto__`.
class Unpatchable extends Error {}

/** A thing after a JSON Patch; it is applied whole or not at all. Source: RFC 6902, section 5. */
export function afterPatch(before: unknown, patch: JsonPatch): Patched {
  const holder: { root: unknown } = { root: structuredClone(before) }
  try {
    for (const [at, operation] of patch.entries()) apply(holder, operation, at)
    return isThing(holder.root) ? { value: holder.root } : { why: 'The patch leaves no object' }
  } catch (error) {
    if (error instanceof Unpatchable) return { why: error.message }
    throw error
  }
}

function apply(holder: { root: unknown }, operation: unknown, at: number): void {
  const { op, path, from, value } = Object(operation) as Readonly<Record<string, unknown>>
  const fail = (why: string): never => {
    throw new Unpatchable(`[${at}] (body): ${why}`)
  }
  const tokens = (pointer: unknown, name: string): string[] => {
    if (typeof pointer !== 'string' || !/^(\/|$)/.test(pointer)) return fail(`${name} is no JSON Pointer`)
    return ['root', ...parsePointer(pointer)]
  }
  const target = tokens(path, 'path')
  const source = (): string[] => tokens(from, 'from')
  const given = (): unknown => (Object.hasOwn(Object(operation), 'value') ? value : fail('value is missing'))
  const missing = (steps: readonly string[]): never => fail(`${formatPointer(steps.slice(1))} is not there`)
  const valueAt = (steps: readonly string[]): unknown => {
    let found: unknown = holder
    for (const step of steps) found = hasAt(found, step) ? Reflect.get(found, step) : missing(steps)
    return found
  }
  const add = (steps: readonly string[], added: unknown): void => {
    const container = valueAt(steps.slice(0, -1))
    const key = steps.at(-1) ?? ''
    if (Array.isArray(container)) {
      const index = key === '-' ? container.length : Number(key)
      if (key !== '-' && (!/^(0|[1-9]\d*)$/.test(key) || index > container.length)) missing(steps)
      container.splice(index, 0, added)
    } else if (isThing(container)) {
      Object.defineProperty(container, key, { value: added, configurable: true, enumerable: true, writable: true })
    } else missing(steps)
  }
  const remove = (steps: readonly string[]): unknown => {
    const removed = valueAt(steps)
    const container = valueAt(steps.slice(0, -1))
    const key = steps.at(-1) ?? ''
    if (Array.isArray(container)) container.splice(Number(key), 1)
    else delete (container as Record<string, unknown>)[key]
    return removed
  }
  if (op === 'add') add(target, given())
  else if (op === 'remove') remove(target)
  else if (op === 'replace') {
    const next = given()
    remove(target)
    add(target, next)
  } else if (op === 'move') {
    const start = source()
    if (start.every((step, index) => target[index] === step) && target.length > start.length)
      fail('path lies below from')
    add(target, remove(start))
  } else if (op === 'copy') add(target, structuredClone(valueAt(source())))
  else if (op === 'test') {
    // Source: RFC 6902, section 4.6.
    if (!isDeepStrictEqual(valueAt(target), given())) fail(`${path} is another value`)
  } else fail(`${JSON.stringify(op)} is no operation`)
}

function hasAt(value: unknown, step: string): value is object {
  if (Array.isArray(value)) return /^(0|[1-9]\d*)$/.test(step) && Number(step) < value.length
  return typeof value === 'object' && value !== null && Object.hasOwn(value, step)
}
