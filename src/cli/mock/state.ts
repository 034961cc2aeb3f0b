import type { Document } from '../../document/index.ts'
import type { Share } from '../../mock/index.ts'
import { makeStyle } from '../../report/index.ts'
import { openStore, type Store } from '../../store/index.ts'
import type { Terminal } from '../command.ts'
import type { Plan } from './plan.ts'

/** What the processes of one mock have in common. */
export type State = {
  readonly store: Store
  /** What falls to this process of the values that never come twice. */
  readonly share: Share
}

/** Parts into which values are divided of which there are few; with more processes than that, two may share one. */
const parts = 8

/** Characters of a title that tell mocks apart. */
const maxTitle = 60

/**
 * Opens what `--state` names; `undefined` without it. Mocks that serve documents of the same titles are one.
 *
 * @throws Trouble with exit code 3 when nobody answers there, with 4 when it cannot be used
 */
export async function openState(
  { state }: Plan,
  documents: readonly Document[],
  { err, colours }: Terminal,
): Promise<State | undefined> {
  if (state === undefined) return undefined
  const style = makeStyle(colours)
  const store = await openStore(state, nameOf(documents), text => err(`${style.yellow('state')} ${text}\n`))
  const part = await store.numbers('process', 1)
  return { store, share: { part, index: part % parts, of: parts } }
}

function nameOf(documents: readonly Document[]): string {
  return documents.map(({ root }) => plain(titleIn(root))).join('+')
}

function titleIn(root: unknown): string {
  const info = typeof root === 'object' && root !== null && 'info' in root ? root.info : undefined
  const title = typeof info === 'object' && info !== null && 'title' in info ? info.title : undefined
  return typeof title === 'string' ? title : ''
}

function plain(title: string): string {
  const name = title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-')
  return name.replace(/^-|-$/g, '').slice(0, maxTitle) || 'untitled'
}
