/** Names in the order in which they were used last, of which so many are kept. */
export type Recent = {
  /**
   * Takes notice that a name is used.
   *
   * @param isNew whether it is to be kept from now on; otherwise only one that is kept already is
   * @returns names that make room, those that were used longest ago
   */
  use(name: string, isNew: boolean): Promise<readonly string[]>
}

/** Recent names in this process. */
export function memoryRecent(most: number): Recent {
  const kept = new Set<string>()
  return {
    use: async (name, isNew) => {
      if (!kept.delete(name) && !isNew) return []
      kept.add(name)
      const [oldest] = kept
      if (kept.size <= most || oldest === undefined) return []
      kept.delete(oldest)
      return [oldest]
    },
  }
}
