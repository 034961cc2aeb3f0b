import type { Callback, Scope } from '../model/index.ts'
import { shownAddress } from './delivery.ts'
import { type Subscription, type Way, wayOf } from './subscriptions.ts'

/** Who gets a call, or why not. */
export type Receiver = {
  readonly callback: Callback
  readonly subscription?: Subscription
  /** The exchange that it is for, where that is not the one that subscribed. */
  readonly scope?: Scope
  readonly url?: string
  readonly why?: string
}

/**
 * Who gets a call, of all that subscribed to anything.
 *
 * @param webhookUrl where webhooks go; without it, to every subscription
 */
export function receiversOf(
  callback: Callback,
  all: readonly Subscription[],
  webhookUrl: string | undefined,
): Receiver[] {
  if (callback.target === undefined) {
    if (webhookUrl !== undefined) return [{ callback, url: webhookUrl }]
    return all.map(subscription => receiver(callback, subscription, firstUrlOf(subscription)))
  }
  return all
    .filter(({ callbacks }) => callbacks.includes(callback))
    .map(subscription => receiver(callback, subscription, wayOf(subscription, callback)))
}

export function receiver(callback: Callback, subscription: Subscription | undefined, way: Way): Receiver {
  const who = { callback, ...(subscription !== undefined && { subscription }) }
  if ('why' in way) return { ...who, why: way.why }
  if (!URL.canParse(way.url)) return { ...who, why: `${shownAddress(way.url)} is no URL` }
  return { ...who, url: way.url }
}

/** Where a subscription gets anything at all. */
function firstUrlOf(subscription: Subscription): Way {
  const ways = subscription.callbacks.map(callback => wayOf(subscription, callback))
  return ways.find(way => 'url' in way) ?? ways[0] ?? { why: `${subscription.operation.id} has no callbacks any more` }
}
