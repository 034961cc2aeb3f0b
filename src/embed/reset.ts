import { exitCodes, Trouble } from '../finding/index.ts'

/** What can be forgotten: things that were created, who asked for events, what was sent and is to be. */
const parts = ['created', 'subscriptions', 'deliveries'] as const

export type Forgotten = (typeof parts)[number]

/** What to forget. */
export type Reset = {
  /** By default everything. */
  readonly forget?: readonly Forgotten[]
  /** The session whose part of it is forgotten; by default that of all sessions and of what is in none. */
  readonly session?: string
}

/**
 * Reads an order to forget; an empty one means everything.
 *
 * @throws Trouble with exit code 2 for what is none
 */
export function resetIn(wanted: unknown): { readonly forget: readonly Forgotten[] } {
  if (wanted === undefined) return { forget: parts }
  const help = `Give it as {"forget":["created"]}; there are ${parts.join(', ')}. Without it, all are forgotten.`
  if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted)) {
    throw new Trouble(exitCodes.unusable, `${JSON.stringify(wanted)} is no order to forget`, help)
  }
  // A slip must not forget everything.
  const unknown = Object.keys(wanted).find(name => name !== 'forget')
  if (unknown !== undefined) throw new Trouble(exitCodes.unusable, `"${unknown}" means nothing here`, help)
  const { forget = parts } = wanted as { readonly forget?: unknown }
  if (!Array.isArray(forget)) throw new Trouble(exitCodes.unusable, '"forget" is no list', help)
  const other = forget.find(name => !parts.includes(name))
  if (other === undefined) return { forget: parts.filter(part => forget.includes(part)) }
  throw new Trouble(exitCodes.unusable, `${JSON.stringify(other)} is nothing that can be forgotten`, help)
}
