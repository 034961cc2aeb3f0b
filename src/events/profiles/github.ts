import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { headerOf } from '../../http/index.ts'
import { never, no, type Profile } from './profile.ts'

/**
 * GitHub: signed over the body, ten seconds, one attempt. Source: docs.github.com, "Validating webhook deliveries" and
 * "Webhook events and payloads".
 */
export const github: Profile = {
  name: 'github',
  timeout: 10_000,
  isSigned: true,
  isTimed: false,
  // GitHub's own document calls `issues-opened` what the field calls `issues`.
  stated: ['user-agent', 'x-github-event'],
  sign: ({ id, event, body }, secret) => [
    'User-Agent',
    'GitHub-Hookshot/contrato',
    'X-GitHub-Event',
    event,
    'X-GitHub-Delivery',
    guidOf(id),
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

/** The same GUID for the same id. Source: RFC 9562, section 5.5, with the name space of section 6.6 for object identifiers. */
function guidOf(id: string): string {
  const space = Buffer.from('6ba7b8129dad11d180b400c04fd430c8', 'hex')
  const bytes = createHash('sha1').update(space).update(id).digest().subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

function isEqual(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
