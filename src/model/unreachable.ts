import { isReceived } from '../http/index.ts'
import type { Operation } from './operation.ts'
import { covers, isTold } from './overloads.ts'
import { readTemplate } from './template.ts'

/** An operation that no request leads to, and why. */
export type Unreachable = { readonly operation: Operation; readonly why: string; readonly help: string }

/**
 * The operations that no request leads to.
 *
 * @param replaced operations with those that took their place
 * @param crowded operations whose paths ask for more, with those of the same path and method
 */
export function unreachableOf(
  operations: readonly Operation[],
  replaced: readonly (readonly [Operation, Operation])[],
  crowded: readonly (readonly [Operation, readonly Operation[]])[],
): Unreachable[] {
  return [
    ...replaced.map(([operation, by]) => ({
      operation,
      why: `its path ${operation.path} is the same as ${by.path} of ${by.id}, which answers`,
      help: 'Put both into one operation, or give one of them another path.',
    })),
    ...crowded.flatMap(([operation, besides]) => untold(operation, besides)),
    ...operations
      .filter(({ method }) => !isReceived(method))
      .map(operation => ({
        operation,
        why: `no server made with Node.js takes the method ${operation.method}`,
        help: 'Choose a method that is registered, or test it against another implementation.',
      })),
  ]
}

/** A fragment is never sent; where it names no parameter that is, the rest of the request has to tell. */
function untold(operation: Operation, besides: readonly Operation[]): Unreachable[] {
  const unsent = unsentBy(operation)
  if (unsent === undefined) return []
  const before = besides.slice(0, besides.indexOf(operation))
  const by = before.find(other => isOpen(other) && covers(other, operation))
  if (by === undefined) return []
  return [
    {
      operation,
      why: `#${unsent} of its path ${operation.path} is not sent, and ${by.id} takes the same requests and answers`,
      help: 'Put both into one operation, name a parameter of the query or a header after the #, or have them demand different things.',
    },
  ]
}

function unsentBy(operation: Operation): string | undefined {
  const named = readTemplate(operation.path).conditions.filter(({ inHeader }) => inHeader)
  return named.find(({ name }) => !isTold(operation, name))?.name
}

/** Whether requests lead to it that show nothing of what its path asks for. */
function isOpen(operation: Operation): boolean {
  return readTemplate(operation.path).conditions.every(({ name, inHeader }) => inHeader && !isTold(operation, name))
}
