import type { Finding } from '../finding/index.ts'
import type { Api, Operation } from '../model/index.ts'
import type { Case } from './case.ts'

/**
 * What is wrong with a target that answered and then does not any more.
 *
 * @param last the last case whose request reached it
 * @param fault why there is no answer since then
 */
export function targetGone(api: Api, { id, operation }: Case, fault: string): Finding {
  return {
    code: 'target-gone',
    severity: 'error',
    check: 'answered',
    operation: operation.id,
    message: `the target was there and is not any more: the last request that reached it is ${id}; since then ${fault}`,
    help: 'Look into its log for what that request did to it, then start it and run again.',
    pointer: operation.pointer,
    position: api.document.locate(operation.pointer),
  }
}

/** What is wrong with an operation whose valid requests were all answered with statuses such as this one. */
export function successUnreached(api: Api, { id, pointer }: Operation, status: number): Finding {
  return {
    code: 'success-unreached',
    severity: 'error',
    check: 'success-reached',
    operation: id,
    message: `${id} never succeeded: it answered ${status} to the requests that the document calls valid`,
    help: 'Give ids that exist with --param NAME=VALUE, so that success can be asked for.',
    pointer,
    position: api.document.locate(pointer),
    status,
  }
}
