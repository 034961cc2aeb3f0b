import { exitCodes, Trouble } from '../finding/index.ts'
import type { Api, Operation } from '../model/index.ts'
import type { ContractOptions, Skipped } from './options.ts'
import { type PhaseId, phases } from './phases/index.ts'

/** Cases of one operation and phase that are to be run without the others. */
export type ChosenCases = { readonly operation: Operation; readonly phase: PhaseId; readonly ids: ReadonlySet<string> }

/** What is said of a case that there is not, where many were asked for. */
export const goneCase = 'the document has no such case any more'

/**
 * The cases that options ask for alone, by operation and phase; `undefined` where all are to be run.
 *
 * @param skip told of a case of several that the document has no more
 * @throws Trouble with exit code 2 where a single case is asked for that no document can have
 */
export function chosenCases(
  api: Api,
  options: Pick<ContractOptions, 'case' | 'cases'>,
  skip: (skipped: Skipped) => void,
): ChosenCases[] | undefined {
  if (options.case !== undefined) return grouped([oneCase(api, options.case)])
  return options.cases && grouped(options.cases.flatMap(id => caseOrNone(api, id, skip)))
}

type OneCase = { readonly id: string; readonly operation: Operation; readonly phase: PhaseId }

function grouped(cases: readonly OneCase[]): ChosenCases[] {
  const groups = new Map<string, OneCase & { readonly ids: Set<string> }>()
  for (const each of cases) {
    const key = `${each.operation.id}/${each.phase}`
    const group = groups.get(key) ?? { ...each, ids: new Set() }
    group.ids.add(each.id)
    groups.set(key, group)
  }
  const inOrder = phases.map(({ id }) => id)
  return [...groups.values()].toSorted((a, b) => inOrder.indexOf(a.phase) - inOrder.indexOf(b.phase))
}

function caseOrNone(api: Api, id: string, skip: (skipped: Skipped) => void): OneCase[] {
  try {
    return [oneCase(api, id)]
  } catch (error) {
    if (!(error instanceof Trouble)) throw error
    skip({ what: id, why: goneCase })
    return []
  }
}

/** @throws Trouble with exit code 2 for an id that no case can have */
function oneCase(api: Api, id: string): OneCase {
  const help = 'Copy the id from a finding, such as createWebhook/invalid/name-as-a-number.'
  for (const { id: phase } of phases) {
    // The id of an operation without a name is its method and path.
    const at = id.endsWith(`/${phase}`) ? id.length - phase.length - 1 : id.lastIndexOf(`/${phase}/`)
    if (at < 0) continue
    const operation = api.operation(id.slice(0, at))
    if (operation !== undefined) return { id, operation, phase }
    throw new Trouble(exitCodes.unusable, `There is no operation ${id.slice(0, at)} for the case ${id}`, help)
  }
  throw new Trouble(exitCodes.unusable, `${id} is not the id of a case`, help)
}
