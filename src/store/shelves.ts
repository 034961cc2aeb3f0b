/**
 * Things on many shelves that share their room. A thing is kept as the JSON that it is written as, so that nobody can change
 * it but here.
 */
export type Shelves<Thing> = {
  get(shelf: string, key: string): Promise<Thing | undefined>
  /** What stands on one shelf, in the order in which it came. */
  all(shelf: string): Promise<readonly Thing[]>
  /** Puts a thing in the place of what stands there at that moment; `undefined` takes it away. May be asked more than once. */
  change(shelf: string, key: string, how: (before: Thing | undefined) => Thing | undefined): Promise<void>
  /** Takes everything away that stands on shelves whose names begin so; without it, everything. */
  clear(start?: string): Promise<void>
}

/** How much there is room for on all shelves together; what came first makes room for what comes. */
export type Room = {
  readonly things: number
  /** Of their JSON in UTF-8, with the names of their shelves and keys. */
  readonly bytes: number
}

/** Shelves in this process. */
export function memoryShelves<Thing>(room: Room): Shelves<Thing> {
  const shelves = new Map<string, Map<string, string>>()
  /** Everything in the order in which it came, with where it stands. */
  const order = new Map<string, readonly [shelf: string, key: string]>()
  let bytes = 0
  const put = (shelf: string, key: string, text: string | undefined): void => {
    const place = JSON.stringify([shelf, key])
    const onShelf = shelves.get(shelf) ?? new Map<string, string>()
    const before = onShelf.get(key)
    if (before !== undefined) bytes -= Buffer.byteLength(before) + Buffer.byteLength(place)
    if (text === undefined) {
      onShelf.delete(key)
      order.delete(place)
      if (onShelf.size === 0) shelves.delete(shelf)
      return
    }
    bytes += Buffer.byteLength(text) + Buffer.byteLength(place)
    onShelf.set(key, text)
    shelves.set(shelf, onShelf)
    if (!order.has(place)) order.set(place, [shelf, key])
  }
  return {
    get: async (shelf, key) => read<Thing>(shelves.get(shelf)?.get(key)),
    all: async shelf => [...(shelves.get(shelf)?.values() ?? [])].map(text => JSON.parse(text) as Thing),
    change: async (shelf, key, how) => {
      const thing = how(read<Thing>(shelves.get(shelf)?.get(key)))
      put(shelf, key, thing === undefined ? undefined : JSON.stringify(thing))
      while (order.size > room.things || (bytes > room.bytes && order.size > 1)) {
        const [oldest] = order.values()
        if (oldest === undefined) return
        put(...oldest, undefined)
      }
    },
    clear: async (start = '') => {
      for (const [shelf, key] of [...order.values()]) if (shelf.startsWith(start)) put(shelf, key, undefined)
    },
  }
}

function read<Thing>(text: string | undefined): Thing | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as Thing)
}
