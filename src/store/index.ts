import { memoryStore } from './memory.ts'
import { addressIn } from './redis/address.ts'
import type { Store } from './store.ts'

export { refuseTooMuch } from './full.ts'
export { memoryStore } from './memory.ts'
export type { Recent } from './recent.ts'
export type { Shelves } from './shelves.ts'
export type { Doing, Job, Jobs, Reached, Settings, Shelf, Store, Tried } from './store.ts'

/** The state that is gone with this process. */
export const inMemory = 'memory'

/**
 * A state as people may read it, without its password.
 *
 * @throws Trouble with exit code 2 for one that is no address
 */
export function shownState(state: string): string {
  if (state === inMemory) return 'this process'
  return addressIn(state).shown
}

/**
 * Opens what a mock remembers in.
 *
 * @param state `memory`, or `redis:`, `rediss:` or `unix:` and where it is; by default this process remembers for itself
 * @param name whoever opens the same state under the same name remembers together
 * @param onWord told of what people should know while it is open
 * @throws Trouble with exit code 2 for a state that is no address, 3 when nobody answers there, 4 when it cannot be used
 */
export async function openStore(
  state: string | undefined,
  name: string,
  onWord: (text: string) => void = () => {},
): Promise<Store> {
  if (state === undefined || state === inMemory) return memoryStore()
  const { redisStore } = await import('./redis/store.ts')
  return await redisStore(state, name, onWord)
}
