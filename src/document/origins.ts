/** The way from the root to a value: its last token, and the way to what is above it. */
export type Way = { readonly up: Way; readonly key: string } | undefined

/**
 * Where the objects of an upgraded document stood before the upgrade. An object that is not known stands where the one
 * above it does, under its own key, so only what moved has to be told.
 */
export class Origins {
  readonly #ways = new WeakMap<object, { readonly way: Way }>()

  /** Remembers every object of a value, for upgrades that move most of them. */
  rememberAll(root: unknown): void {
    const seen = new Set<object>()
    const visit = (node: unknown, now: Way): void => {
      if (typeof node !== 'object' || node === null || seen.has(node)) return
      seen.add(node)
      const way = this.of(node, now)
      this.#ways.set(node, { way })
      for (const [key, member] of Object.entries(node)) visit(member, { up: way, key })
    }
    visit(root, undefined)
  }

  /** The object is the translation of what stands at the end of this way. */
  set(node: object, way: Way): void {
    this.#ways.set(node, { way })
  }

  /** The object is the translation of another, or of a member of it. */
  derive(node: object, from: object, ...keys: readonly string[]): void {
    const known = this.#ways.get(from)
    if (known === undefined) return
    this.set(
      node,
      keys.reduce<Way>((up, key) => ({ up, key }), known.way),
    )
  }

  /** The way that an object had; without one of its own, the way it has now. */
  of(node: unknown, now: Way): Way {
    const known = typeof node === 'object' && node !== null ? this.#ways.get(node) : undefined
    return known === undefined ? now : known.way
  }

  /** The tokens that led, before the upgrade, to what these tokens lead to in `root`. */
  tokensOf(root: unknown, tokens: readonly string[]): string[] {
    let node: unknown = root
    let way: Way
    for (const key of tokens) {
      node = typeof node === 'object' && node !== null && Object.hasOwn(node, key) ? Reflect.get(node, key) : undefined
      way = this.of(node, { up: way, key })
    }
    return tokensAlong(way)
  }
}

function tokensAlong(end: Way): string[] {
  const tokens: string[] = []
  for (let way = end; way !== undefined; way = way.up) tokens.unshift(way.key)
  return tokens
}
