import { createHmac, timingSafeEqual } from 'node:crypto'
import { headerOf } from '../../http/index.ts'
import { no, type Profile, spread } from './profile.ts'

const hour = 3_600_000

/** Seconds that a signature may be old. */
const tolerance = 300

/** Tried again for three days, less and less often. */
const waits = [60_000, 5 * 60_000, hour, 3 * hour, 6 * hour, 12 * hour, 24 * hour, 24 * hour]

/** Stripe: signed over time and body. Source: docs.stripe.com, "Verify webhook signatures manually". */
export const stripe: Profile = {
  name: 'stripe',
  timeout: 20_000,
  isSigned: true,
  isTimed: true,
  sign: ({ body }, secret, now) => {
    const time = String(Math.floor(now.getTime() / 1_000))
    return ['Stripe-Signature', `t=${time},v1=${signatureOf(time, body, secret)}`]
  },
  verify: (headers, body, secret, now) => {
    const field = headerOf(headers, 'stripe-signature')
    if (field === undefined) return 'the field Stripe-Signature is missing'
    const pairs = field.split(',').map(pair => pair.trim().split('=', 2))
    const time = pairs.find(([name]) => name === 't')?.[1] ?? ''
    const signed = signatureOf(time, body, secret)
    if (!pairs.some(([name, value = '']) => name === 'v1' && isEqual(value, signed)))
      return 'Stripe-Signature does not fit time and body'
    const age = Math.abs(now.getTime() / 1_000 - Number(time))
    return age <= tolerance ? undefined : `Stripe-Signature is ${Math.round(age)} seconds old`
  },
  retry: (attempt, _, chance) => spread(waits, attempt, chance),
  ends: no,
}

function signatureOf(time: string, body: Uint8Array, secret: string): string {
  return createHmac('sha256', secret).update(`${time}.`).update(body).digest('hex')
}

function isEqual(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
