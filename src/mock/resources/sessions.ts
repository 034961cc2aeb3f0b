import type { Recent, Shelves } from '../../store/index.ts'

/** Sessions in which something is remembered. */
export const maxSessions = 1_000

/** How the names of the shelves of a session begin, and no others. */
export function shelvesOf(session: string): string {
  return `${JSON.stringify({ session })} `
}

/** How the names of the shelves of the session begin that a shelf is of; `undefined` for one that is of none. */
function sessionIn(shelf: string): string | undefined {
  return /^\{"session":"(?:[^"\\]|\\.)*"\} /.exec(shelf)?.[0]
}

/** Shelves whose sessions make room when there are too many: that which was used longest ago is forgotten. */
export function inSessions<Thing>(shelves: Shelves<Thing>, recent: Recent): Shelves<Thing> {
  const use = async (session: string, isNew: boolean): Promise<void> => {
    for (const gone of await recent.use(session, isNew)) await shelves.clear(gone)
  }
  const reading = async <T>(shelf: string, read: () => Promise<T>): Promise<T> => {
    const session = sessionIn(shelf)
    if (session === undefined) return await read()
    const [found] = await Promise.all([read(), use(session, false)])
    return found
  }
  return {
    get: (shelf, key) => reading(shelf, () => shelves.get(shelf, key)),
    all: shelf => reading(shelf, () => shelves.all(shelf)),
    change: async (shelf, key, how) => {
      const session = sessionIn(shelf)
      let isKept = false
      await shelves.change(shelf, key, before => {
        const thing = how(before)
        isKept = thing !== undefined
        return thing
      })
      if (session !== undefined) await use(session, isKept)
    },
    clear: start => shelves.clear(start),
  }
}
