import { Webhook } from 'standardwebhooks'
import { headerOf } from '../../http/index.ts'
import type { Outcome } from '../send.ts'
import { type Profile, spread } from './profile.ts'

const minute = 60_000
const hour = 60 * minute

/** Source: Standard Webhooks 1.0.0, section "Deliverability and reliability". */
const waits = [5_000, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour]

/** Milliseconds that a receiver may ask for with Retry-After. */
const longestWait = 24 * hour

/** Standard Webhooks 1.0.0: signed, tried again for three days; 410 says that nothing is wanted any more. */
export const standardWebhooks: Profile = {
  name: 'standard-webhooks',
  timeout: 15_000,
  isSigned: true,
  isTimed: true,
  sign: ({ id, body }, secret, now) => [
    'webhook-id',
    id,
    'webhook-timestamp',
    String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature',
    new Webhook(secret).sign(id, now, Buffer.from(body).toString()),
  ],
  verify: (headers, body, secret) => {
    const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature']
    const missing = names.find(name => headerOf(headers, name) === undefined)
    if (missing !== undefined) return `the field ${missing} is missing`
    const fields = Object.fromEntries(names.map(name => [name, headerOf(headers, name) ?? '']))
    try {
      new Webhook(secret).verify(Buffer.from(body), fields, { jsonParse: false })
      return undefined
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  },
  retry: (attempt, outcome, chance) => {
    if (standardWebhooks.ends(outcome)) return undefined
    const wait = spread(waits, attempt, chance)
    return wait === undefined ? undefined : Math.max(wait, Math.min(askedFor(outcome), longestWait))
  },
  ends: outcome => outcome.kind === 'answered' && outcome.response.status === 410,
}

/** Milliseconds of a Retry-After in seconds or as a date. Source: RFC 9110, section 10.2.3. */
function askedFor(outcome: Outcome): number {
  const text = outcome.kind === 'answered' ? headerOf(outcome.response.headers, 'retry-after') : undefined
  if (text === undefined) return 0
  const milliseconds = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - Date.now()
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : 0
}
