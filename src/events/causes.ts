import { compileExpression, type Expression, holds, type Operation, type Part, type Scope } from '../model/index.ts'

/** What an exchange of an operation makes happen, as `x-contract.causes` says. */
export type Cause = {
  /** A key of `callbacks` or `webhooks`. */
  readonly event: string
  /** What has to hold in the exchange. */
  readonly when: readonly Expression[]
  /** Places of the payload, with what the exchange has for them. */
  readonly set: readonly (readonly [path: string, from: Expression])[]
}

/** An event that happens now. */
export type Caused = {
  readonly event: string
  readonly set: readonly { readonly path: string; readonly value: unknown }[]
}

/** What the exchanges of an operation cause. What cannot be read of it is left out; `contrato lint` names it. */
export function causesOf({ part }: Operation): Cause[] {
  return [...(part.get('x-contract')?.get('causes')?.entries() ?? [])].flatMap(([, cause]) => {
    const event = cause.text('event')
    return event === undefined ? [] : [{ event, when: conditionsOf(cause), set: placesOf(cause) }]
  })
}

/** The events that an exchange causes. An answer that is no success causes none. */
export function causedBy(causes: readonly Cause[], operation: Operation, scope: Scope): Caused[] {
  const { status } = scope.response
  if (status < 200 || status > 299) return []
  return causes
    .filter(({ when }) => when.every(condition => holds(condition, scope, operation)))
    .map(({ event, set }) => ({
      event,
      set: set.flatMap(([path, from]) => {
        const value = from.read(scope)
        return value === undefined ? [] : [{ path, value }]
      }),
    }))
}

function conditionsOf(cause: Part): Expression[] {
  const texts = cause.get('when')?.value
  return (Array.isArray(texts) ? texts : []).flatMap(text => expressionIn(text) ?? [])
}

function placesOf(cause: Part): (readonly [string, Expression])[] {
  return [...(cause.get('set')?.entries() ?? [])].flatMap(([path, { value }]) => {
    const from = expressionIn(value)
    return from === undefined ? [] : [[path, from] as const]
  })
}

function expressionIn(text: unknown): Expression | undefined {
  return typeof text === 'string' ? compileExpression(text) : undefined
}
