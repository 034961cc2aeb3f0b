/** Odd multipliers with well spread bits, one for each lane. Source: the golden ratio, and MurmurHash3 (Appleby, 2008). */
const first = 0x9e3779b1
const second = 0x85ebca6b

/**
 * A 53-bit hash of texts, bytes and numbers, good enough to seed a generator with. Two lanes of 32 bits take up to four
 * bytes at a time. They stand in each loop by themselves because lanes that a function shares live on the heap, at three
 * times the cost.
 */
export function hash(...parts: readonly (string | Uint8Array | number)[]): number {
  let low = 0x811c9dc5
  let high = 0xcbf29ce4
  for (const part of parts) {
    if (typeof part === 'number') {
      // The operations see 32 bits of a number; a seed has 53.
      const upper = part / 0x1_0000_0000
      low = mix(mix(low ^ part, first) ^ upper, first)
      high = mix(mix(high ^ part, second) ^ upper, second)
      continue
    }
    const { length } = part
    if (typeof part === 'string') {
      for (let at = 0; at < length; at += 2) {
        const unit = part.charCodeAt(at) | (at + 1 < length ? part.charCodeAt(at + 1) << 16 : 0)
        low = mix(low ^ unit, first)
        high = mix(high ^ unit, second)
      }
    } else {
      const whole = length - (length % 4)
      for (let at = 0; at < whole; at += 4) {
        const unit =
          (part[at] as number) |
          ((part[at + 1] as number) << 8) |
          ((part[at + 2] as number) << 16) |
          ((part[at + 3] as number) << 24)
        low = mix(low ^ unit, first)
        high = mix(high ^ unit, second)
      }
      for (let at = whole; at < length; at += 1) {
        low = mix(low ^ (part[at] as number), first)
        high = mix(high ^ (part[at] as number), second)
      }
    }
    low = mix(low ^ length, first)
    high = mix(high ^ length, second)
  }
  low ^= high >>> 16
  high ^= low >>> 15
  return ((high >>> 0) & 0x1fffff) * 0x1_0000_0000 + (low >>> 0)
}

/** Multiplying carries upwards only; turning brings the upper bits back down for the next step. */
function mix(state: number, multiplier: number): number {
  const product = Math.imul(state, multiplier)
  return (product << 13) | (product >>> 19)
}

/**
 * An endless row of numbers in [0, 1) that depends on nothing but the seed. Its low half is where the row starts, its high
 * half how the row walks on, so that seeds which share one half part all the same. Source: mulberry32, with a step of
 * its own for each seed as in SplitMix (Steele, Lea and Flood, 2014).
 */
export function dice(seed: number): () => number {
  // Kept as 32 bits with a sign, which V8 holds without an object on the heap.
  let state = seed | 0
  const step = ((Math.imul(seed / 0x1_0000_0000, 0x9e3779b1) << 1) ^ 0x6d2b79f4) | 1
  return () => {
    state = (state + step) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}
