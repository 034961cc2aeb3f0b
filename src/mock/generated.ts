import type { Content } from '../model/index.ts'
import type { MadeBody } from './bodies.ts'
import type { Template } from './template.ts'

/** A generated body that may be asked for again. */
export type Generated = {
  readonly made: MadeBody
  /** How it is filled for another request; made when the same is asked for a second time. */
  template?: { readonly made: Template | undefined }
}

/** Bytes of generated bodies that are kept for the next request of the same kind, as JSON. */
const maxBytes = 8_000_000

/** What an entry weighs beside its text. */
const weight = 500

/** Generated bodies by content and seed, so that a request that comes again costs no more than an example. Bounded. */
export class GeneratedBodies {
  readonly #kept = new Map<Content, Map<number, Generated>>()
  #bytes = 0

  find(content: Content, seed: number): Generated | undefined {
    return this.#kept.get(content)?.get(seed)
  }

  /** @param bytes length of the body as JSON */
  keep(content: Content, seed: number, made: MadeBody, bytes: number): void {
    this.#bytes += bytes + weight
    // Everything goes at once: whoever asks for so much that is different does not come back to the oldest.
    if (this.#bytes > maxBytes) {
      this.#kept.clear()
      this.#bytes = bytes + weight
    }
    const bySeed = this.#kept.get(content) ?? new Map<number, Generated>()
    this.#kept.set(content, bySeed)
    bySeed.set(seed, { made })
  }
}
