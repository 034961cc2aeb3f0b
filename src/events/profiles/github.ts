import { createHmac, timingSafeEqual } from 'node:crypto'
import { headerOf } from '../../http/index.ts'
import { never, no, type Profile } from './profile.ts'

/** GitHub: signed over the body, ten seconds, one attempt. Source: docs.github.com, "Validating webhook deliveries". */
export const github: Profile = {
  name: 'github',
  timeout: 10_000,
  isSigned: true,
  isTimed: false,
  sign: ({ id, event, body }, secret) => [
    'User-Agent',
    'GitHub-Hookshot/contrato',
    'X-GitHub-Event',
    event,
    'X-GitHub-Delivery',
    id,
    'X-Hub-Signature-256',
    signatureOf(body, secret),
  ],
  verify: (headers, body, secret) => {
    const sent = headerOf(headers, 'x-hub-signature-256')
    if (sent === undefined) return 'the field X-Hub-Signature-256 is missing'
    return isEqual(sent, signatureOf(body, secret)) ? undefined : 'X-Hub-Signature-256 does not fit the body'
  },
  retry: never,
  ends: no,
}

function signatureOf(body: Uint8Array, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
}

function isEqual(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
