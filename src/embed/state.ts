import type { Document } from '../document/index.ts'
import { type Share, thingsIn } from '../mock/index.ts'
import { openStore, type Store } from '../store/index.ts'
import { type Started, settingsOf } from './settings.ts'

/** What several mocks have in common, be they in one process or in many. */
export type State = {
  readonly store: Store
  /** Where they remember what is created. */
  readonly things: ReturnType<typeof thingsIn>
  /** What falls to this mock of the values that never come twice, where there may be others. */
  readonly share?: Share
}

/** Parts into which values are divided of which there are few; with more mocks than that, two may share one. */
const parts = 8

/** Characters of a title that tell mocks apart. */
const maxTitle = 60

/**
 * Opens where mocks remember together. Those that serve documents of the same titles are one.
 *
 * @param state `memory` for this process alone, or `redis:`, `rediss:` or `unix:` and where it is
 * @param started how the mock was started, which is held against how the others were
 * @param onWord told of what people should know while it is open
 * @throws Trouble with exit code 2 for a state that is no address, 3 when nobody answers there, 4 when it cannot be used
 */
export async function openState(
  state: string,
  documents: readonly Document[],
  started: Started,
  onWord?: (text: string) => void,
): Promise<State> {
  const store = await openStore(state, nameOf(documents), onWord)
  const things = thingsIn(store)
  if (!store.isShared) return { store, things }
  try {
    const part = await store.numbers('process', 1)
    store.present(settingsOf(documents, started))
    return { store, things, share: { part, index: part % parts, of: parts } }
  } catch (error) {
    await store.close()
    throw error
  }
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
