export { type components, createWebhookClient, type operations, type paths, type WebhookClient } from './client.ts'
export { generateTypes, staleness } from './generate.ts'
