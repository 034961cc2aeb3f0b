import { maxDone, maxWaitingBytes } from '../store.ts'

/** What is told of a job, which clearing it comes after, and the bytes that it carries. */
type Entry<Told> = { readonly told: Told; readonly epoch: number; readonly bytes: number }

/** What is told of the newest jobs that this process took on. */
export class KnownJobs<Told> {
  readonly #entries = new Map<string, Entry<Told>>()
  #bytes = 0

  get all(): readonly Told[] {
    return [...this.#entries.values()].map(({ told }) => told)
  }

  told(id: string): Told | undefined {
    return this.#entries.get(id)?.told
  }

  /** Takes one in; the oldest make room. */
  add(id: string, entry: Entry<Told>): void {
    this.delete(id)
    this.#entries.set(id, entry)
    this.#bytes += entry.bytes
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= maxDone && this.#bytes <= maxWaitingBytes) break
      this.delete(oldest)
    }
  }

  /** Notes what one has come to, if it is known. */
  update(id: string, told: Told): void {
    const entry = this.#entries.get(id)
    if (entry !== undefined) this.#entries.set(id, { ...entry, told })
  }

  delete(id: string): void {
    this.#bytes -= this.#entries.get(id)?.bytes ?? 0
    this.#entries.delete(id)
  }

  /** Forgets those that come after an earlier clearing, or of which such a thing is told. */
  forget(isMeant: (entry: Entry<Told>) => boolean): void {
    for (const [id, entry] of this.#entries) if (isMeant(entry)) this.delete(id)
  }
}
