import { exitCodes, Trouble } from '../finding/index.ts'
import type { Api, Operation } from '../model/index.ts'
import type { PhaseId } from './phases/index.ts'

/** A case that is to be run alone. */
export type OneCase = { readonly id: string; readonly operation: Operation; readonly phase: PhaseId }

/** @throws Trouble with exit code 2 for an id that no case can have */
export function oneCase(api: Api, id: string, phases: readonly PhaseId[]): OneCase {
  const help = 'Copy the id from a finding, such as createWebhook/invalid/name-as-a-number.'
  for (const phase of phases) {
    // The id of an operation without a name is its method and path.
    const at = id.endsWith(`/${phase}`) ? id.length - phase.length - 1 : id.lastIndexOf(`/${phase}/`)
    if (at < 0) continue
    const operation = api.operation(id.slice(0, at))
    if (operation !== undefined) return { id, operation, phase }
    throw new Trouble(exitCodes.unusable, `There is no operation ${id.slice(0, at)} for the case ${id}`, help)
  }
  throw new Trouble(exitCodes.unusable, `${id} is not the id of a case`, help)
}
