export type { Delivery, DeliveryState } from './delivery.ts'
export { Events, type EventsOptions, type SubscriptionTold, type Trigger, type Triggered } from './events.ts'
export { profiles } from './profiles/index.ts'
export { type Received, Receiver, type ReceiverOptions } from './receive.ts'
