import type { Document } from '../../document/index.ts'
import { openState as openNamed, type State } from '../../embed/index.ts'
import { makeStyle } from '../../report/index.ts'
import type { Terminal } from '../command.ts'
import type { Plan } from './plan.ts'

/**
 * Opens what `--state` names; `undefined` without it.
 *
 * @throws Trouble with exit code 3 when nobody answers there, with 4 when it cannot be used
 */
export async function openState(
  { state, mock, credentials, events, watch }: Plan,
  documents: readonly Document[],
  { err, colours }: Terminal,
): Promise<State | undefined> {
  if (state === undefined) return undefined
  const style = makeStyle(colours)
  const started = { ...mock, ...credentials, events, watch, clock: mock.now?.().toISOString() }
  return await openNamed(state, documents, started, text => err(`${style.yellow('state')} ${text}\n`))
}
