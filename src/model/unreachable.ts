import { isReceived } from '../http/index.ts'
import type { Operation } from './operation.ts'
import { readTemplate } from './template.ts'

/** An operation that no request leads to, and why. */
export type Unreachable = { readonly operation: Operation; readonly why: string; readonly help: string }

/**
 * The operations that no request leads to.
 *
 * @param replaced operations with those that took their place
 * @param crowded operations that share path and method with others
 */
export function unreachableOf(
  operations: readonly Operation[],
  replaced: readonly (readonly [Operation, Operation])[],
  crowded: readonly Operation[],
): Unreachable[] {
  return [
    ...replaced.map(([operation, by]) => ({
      operation,
      why: `its path ${operation.path} is the same as ${by.path} of ${by.id}, which answers`,
      help: 'Put both into one operation, or give one of them another path.',
    })),
    ...crowded.flatMap(operation => untold(operation)),
    ...operations
      .filter(({ method }) => !isReceived(method))
      .map(operation => ({
        operation,
        why: `no server made with Node.js takes the method ${operation.method}`,
        help: 'Choose a method that is registered, or test it against another implementation.',
      })),
  ]
}

/** A fragment is never sent; what it names has to be a parameter that is. */
function untold(operation: Operation): Unreachable[] {
  const { path, parameters } = operation
  const names = readTemplate(path).conditions.filter(({ inHeader }) => inHeader)
  const isSent = (name: string): boolean =>
    parameters.some(
      parameter =>
        parameter.name === name || (parameter.in === 'header' && parameter.name.toLowerCase() === name.toLowerCase()),
    )
  const unsent = names.find(({ name }) => !isSent(name))
  if (unsent === undefined) return []
  return [
    {
      operation,
      why: `#${unsent.name} of its path ${path} is not sent with a request, and another operation has the same path`,
      help: 'Put both into one operation, or name a parameter of the query or a header after the #.',
    },
  ]
}
