import { expectTypeOf, it } from 'vitest'
import { type components, createWebhookClient, type operations } from '../../src/types/index.ts'

type Webhook = components['schemas']['WebhookResponse']
type ApiError = components['schemas']['ApiError']

const client = createWebhookClient({ baseUrl: 'http://127.0.0.1:4010', token: 'secret' })
const params = { path: { instanceId: 'acme-support-br' } }
const collection = '/api/v2/instance/{instanceId}/webhook'
const single = '/api/v2/instance/{instanceId}/webhook/{webhookId}'

it('types what a right call sends and gets', async () => {
  const body = { name: 'Support inbox', url: 'https://hooks.acme.example' }
  const { data, error, response } = await client.POST(collection, { params, body })
  expectTypeOf(data).toExtend<Webhook | undefined>()
  expectTypeOf<keyof NonNullable<typeof data>>().toEqualTypeOf<keyof Webhook>()
  expectTypeOf(error).toEqualTypeOf<ApiError | undefined>()
  expectTypeOf(response).toEqualTypeOf<Response>()
})

it('types an answer that is a list', async () => {
  const { data } = await client.GET(collection, { params })
  expectTypeOf(data).toExtend<Webhook[] | undefined>()
  expectTypeOf(data?.[0]?.webhookId).toEqualTypeOf<string | undefined>()
})

it('types an answer that is to stay text', async () => {
  const { data } = await client.GET(collection, { params, parseAs: 'text' })
  expectTypeOf(data).toEqualTypeOf<string | undefined>()
})

it('tells the answer from the error by the branch', async () => {
  const { data, error } = await client.POST(collection, { params, body: { name: 'n', url: 'u', enabled: true } })
  if (error !== undefined) {
    expectTypeOf(data).toEqualTypeOf<undefined>()
    expectTypeOf(error.message).toEqualTypeOf<string[]>()
    // @ts-expect-error the error is an ApiError, which has no webhookId
    error.webhookId
    return
  }
  expectTypeOf(data.webhookId).toEqualTypeOf<string>()
  expectTypeOf(data.enabled).toEqualTypeOf<boolean | undefined>()
  // @ts-expect-error the webhook of a 201 has no statusCode
  data.statusCode
})

it('refuses a wrong body', async () => {
  // @ts-expect-error url is required
  await client.POST(collection, { params, body: { name: 'n' } })
  // @ts-expect-error url is a string
  await client.POST(collection, { params, body: { name: 'n', url: 7 } })
  // @ts-expect-error enabled is a boolean
  await client.POST(collection, { params, body: { name: 'n', url: 'u', enabled: 'true' } })
  // @ts-expect-error the body is required
  await client.POST(collection, { params })
})

it('refuses a misspelt field', async () => {
  // @ts-expect-error the optional field is called enabled
  await client.POST(collection, { params, body: { name: 'n', url: 'u', enable: true } })
  const { data } = await client.POST(collection, { params, body: { name: 'n', url: 'u' } })
  // @ts-expect-error the field is called instanceInstanceId
  data?.instanceId
})

it('refuses a misspelt path, and a method that the path does not have', async () => {
  // @ts-expect-error the path is called webhook
  await client.POST('/api/v2/instance/{instanceId}/webhooks', { params, body: { name: 'n', url: 'u' } })
  // @ts-expect-error a webhook cannot be deleted
  await client.DELETE(single, { params: { path: { instanceId: 'i', webhookId: 'w' } } })
})

it('refuses a missing path parameter', async () => {
  // @ts-expect-error webhookId is missing
  await client.GET(single, { params: { path: { instanceId: 'i' } } })
  // @ts-expect-error instanceId and webhookId are missing
  await client.GET(single)
})

it('refuses an option that it does not know', async () => {
  // @ts-expect-error the option is called params
  await client.GET(collection, { params, param: {} })
  // @ts-expect-error the option is called token
  createWebhookClient({ bearer: 'secret' })
})

it('types the events that come to the URL', () => {
  type Event = operations['onMessagesUpsert']['requestBody']['content']['application/json']
  expectTypeOf<Event>().toEqualTypeOf<components['schemas']['MessagesUpsertEvent']>()
  expectTypeOf<NonNullable<Event['data']>['messageId']>().toEqualTypeOf<string | undefined>()
})
