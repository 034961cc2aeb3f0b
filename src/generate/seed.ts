const prime = 0x01000193

/**
 * A 53-bit hash of text or bytes, good enough to seed a generator with. Source: FNV-1a, two lanes of 32 bits. The step
 * stands in each loop by itself because lanes that a function shares live on the heap, at three times the cost.
 */
export function hash(...parts: readonly (string | Uint8Array | number)[]): number {
  let low = 0x811c9dc5
  let high = 0xcbf29ce4
  for (const part of parts) {
    // The operations below see 32 bits of a number; a seed has 53.
    const units = typeof part === 'number' ? [part, part / 0x1_0000_0000] : part
    if (typeof units === 'string') {
      for (let at = 0; at < units.length; at += 1) {
        const unit = units.charCodeAt(at)
        low = Math.imul(low ^ unit, prime)
        high = Math.imul(high ^ unit ^ (low >>> 15), prime)
      }
    } else {
      for (let at = 0; at < units.length; at += 1) {
        const unit = units[at] as number
        low = Math.imul(low ^ unit, prime)
        high = Math.imul(high ^ unit ^ (low >>> 15), prime)
      }
    }
    low = Math.imul(low ^ 0x100, prime)
    high = Math.imul(high ^ 0x100 ^ (low >>> 15), prime)
  }
  return ((high >>> 0) & 0x1fffff) * 0x1_0000_0000 + (low >>> 0)
}

/**
 * An endless row of numbers in [0, 1) that depends on nothing but the seed. Its low half is where the row starts, its high
 * half how the row walks on, so that seeds which share one half part all the same. Source: mulberry32, with a step of
 * its own for each seed as in SplitMix (Steele, Lea and Flood, 2014).
 */
export function dice(seed: number): () => number {
  let state = seed >>> 0
  const step = ((Math.imul(seed / 0x1_0000_0000, 0x9e3779b1) << 1) ^ 0x6d2b79f4) | 1
  return () => {
    state = (state + step) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}
