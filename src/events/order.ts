import type { Order } from './dispatch.ts'

/** An order as JSON. */
type Written = {
  readonly eventId: string
  readonly event: string
  readonly subscription?: string
  readonly session?: string
  readonly url: string
  readonly method: string
  readonly headers: readonly string[]
  /** In Base64. */
  readonly body: string
}

/** An order in writing, for whoever delivers it, now or after this process is gone. */
export function writeOrder({ eventId, event, subscription, session, call: { url, request } }: Order): Written {
  const { method, headers, body } = request
  return {
    eventId,
    event,
    ...(subscription !== undefined && { subscription }),
    ...(session !== undefined && { session }),
    url: url.href,
    method,
    headers,
    body: Buffer.from(body).toString('base64'),
  }
}

/** The order that was written. */
export function readOrder(written: unknown): Order {
  const { eventId, event, subscription, session, url, method, headers, body } = written as Written
  const request = { method, target: '', headers, body: Buffer.from(body, 'base64') }
  return { eventId, event, subscription, session, call: { url: new URL(url), request } }
}
