import { codechat } from './codechat.ts'
import { github } from './github.ts'
import type { Profile } from './profile.ts'
import { standardWebhooks } from './standard-webhooks.ts'
import { stripe } from './stripe.ts'

export type { Message, Profile } from './profile.ts'

/** Every way to deliver. */
export const profiles: readonly Profile[] = [codechat, standardWebhooks, github, stripe]

/**
 * The secret of events that are signed, unless another one is given. Everybody knows it: a mock has nothing to protect, and
 * a receiver under test needs to know it.
 */
export const defaultSecret = `whsec_${Buffer.from('contrato mock secret, not secret').toString('base64')}`
