import type { Operation } from '../../model/index.ts'
import type { Passing } from './sabotage.ts'

/** Whether a request to the operation was refused, and its credentials will not do. */
export function isRefusedFor({ operation: asked, response, credentials }: Passing, operation: Operation): boolean {
  return asked?.id === operation.id && response.status >= 400 && !credentials()
}

/** Where the document says who may. */
export function securityOf(operation: Operation): string {
  return operation.part.get('security') === undefined ? '#/security' : `${operation.pointer}/security`
}
