import { compileExpression, type Expression } from './expression.ts'
import type { Part } from './part.ts'

/** Left equals right in every exchange in which both are present. */
export type Equality = {
  readonly left: Expression
  readonly right: Expression
  /** What the right side counts as when it is absent. */
  readonly fallback: { readonly value: unknown } | undefined
  readonly pointer: string
}

export type Order = { readonly first: Expression; readonly second: Expression; readonly pointer: string }
export type Uniqueness = { readonly place: Expression; readonly pointer: string }

/** What a response promises about its request, beyond what a schema can say. */
export type Relations = {
  readonly equal: readonly Equality[]
  readonly unique: readonly Uniqueness[]
  readonly ordered: readonly Order[]
}

/** A part of an `x-contract` that cannot be read. */
export type RelationFault = { readonly pointer: string; readonly says: string }

/** The relations of a response, and what could not be read of them. */
export function readRelations(response: Part): { relations: Relations; faults: readonly RelationFault[] } {
  const contract = response.get('x-contract')
  const equal: Equality[] = []
  const unique: Uniqueness[] = []
  const ordered: Order[] = []
  const faults: RelationFault[] = []

  const expression = (text: unknown, pointer: string): Expression | undefined => {
    const compiled = typeof text === 'string' ? compileExpression(text) : undefined
    if (compiled === undefined) faults.push({ pointer, says: `${JSON.stringify(text)} is not a runtime expression` })
    return compiled
  }
  const list = (name: string): [unknown, string][] => {
    const part = contract?.get(name)
    if (part === undefined) return []
    if (Array.isArray(part.value)) return part.value.map((item, at) => [item, `${part.pointer}/${at}`])
    faults.push({ pointer: part.pointer, says: `"${name}" must be a list` })
    return []
  }

  for (const [name, part] of contract?.entries() ?? []) {
    if (!['equal', 'unique', 'ordered'].includes(name)) {
      faults.push({ pointer: part.pointer, says: `"${name}" is unknown here; known are equal, unique and ordered` })
    }
  }
  for (const [pair, pointer] of list('equal')) {
    if (!Array.isArray(pair) || pair.length < 2 || pair.length > 3) {
      faults.push({ pointer, says: 'must be [left, right] or [left, right, default: value]' })
      continue
    }
    const [left, right] = [expression(pair[0], pointer), expression(pair[1], pointer)]
    const extra: unknown = pair[2]
    const hasDefault = typeof extra === 'object' && extra !== null && Object.keys(extra).join() === 'default'
    if (pair.length === 3 && !hasDefault) faults.push({ pointer, says: 'the third item must be `default: value`' })
    const fallback = hasDefault ? { value: (extra as { default: unknown }).default } : undefined
    if (left !== undefined && right !== undefined) equal.push({ left, right, fallback, pointer })
  }
  for (const [text, pointer] of list('unique')) {
    const place = expression(text, pointer)
    if (place !== undefined) unique.push({ place, pointer })
  }
  for (const [pair, pointer] of list('ordered')) {
    if (!Array.isArray(pair) || pair.length !== 2) {
      faults.push({ pointer, says: 'must be [earlier, later]' })
      continue
    }
    const [first, second] = [expression(pair[0], pointer), expression(pair[1], pointer)]
    if (first !== undefined && second !== undefined) ordered.push({ first, second, pointer })
  }
  return { relations: { equal, unique, ordered }, faults }
}
