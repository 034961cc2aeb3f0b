import type { Trigger } from '../events/index.ts'
import { exitCodes, Trouble } from '../finding/index.ts'

/** What an order may say. */
const known = ['event', 'data', 'set', 'count', 'session', 'dynamic', 'unchecked']

/**
 * Reads an order to emit an event; a text is the name of one.
 *
 * @throws Trouble with exit code 2 for what is none
 */
export function triggerIn(wanted: unknown): Trigger {
  const order = typeof wanted === 'string' ? { event: wanted } : wanted
  if (typeof order !== 'object' || order === null || !('event' in order) || typeof order.event !== 'string') {
    throw bad('The order names no event', 'Give it as {"event":"NAME"}.')
  }
  // A slip must not send something else.
  const unknown = Object.keys(order).find(name => !known.includes(name))
  if (unknown !== undefined) throw bad(`"${unknown}" means nothing here`, `An order says ${known.join(', ')}.`)
  const { set, session, dynamic, unchecked } = order as Readonly<Record<string, unknown>>
  if (session !== undefined && typeof session !== 'string') {
    throw bad('"session" is no text', 'Give the name of a session, or leave it out.')
  }
  for (const [name, value] of Object.entries({ dynamic, unchecked })) {
    if (value !== undefined && typeof value !== 'boolean') throw bad(`"${name}" is neither true nor false`, 'Give one.')
  }
  const isSet = (item: unknown): boolean =>
    typeof item === 'object' && item !== null && 'path' in item && typeof item.path === 'string' && 'value' in item
  if (set === undefined || (Array.isArray(set) && set.every(isSet))) return order as Trigger
  throw bad('"set" is no list of places', 'Give [{"path":"data.name","value":"Ana"}].')
}

function bad(says: string, help: string): Trouble {
  return new Trouble(exitCodes.unusable, says, help)
}
