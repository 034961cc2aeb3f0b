import { describe, expect, it } from 'vitest'
import { anotherInstance, anotherToken, client, createdId, idToRefuse, instanceId, stranger } from './target.ts'

/** The body is left unread: it is for the matcher to judge, even where it is no JSON. */
async function read(webhookId: string, instance = instanceId): Promise<Response> {
  const params = { path: { instanceId: instance, webhookId } }
  return (await client.GET('/api/v2/instance/{instanceId}/webhook/{webhookId}', { params, parseAs: 'stream' })).response
}

async function readAs(headers: Record<string, string>): Promise<Response> {
  const options = {
    params: { path: { instanceId, webhookId: await idToRefuse() } },
    headers,
    parseAs: 'stream',
  } as const
  return (await stranger.GET('/api/v2/instance/{instanceId}/webhook/{webhookId}', options)).response
}

describe('readWebhook', () => {
  it('reads a webhook that was created and answers 200 with it', async () => {
    expect(await read(await createdId())).toMatchContract('readWebhook', 200)
  })

  it('reads the webhook that was asked for, not the first', async () => {
    const [first, second] = [await createdId(), await createdId()]
    expect(await read(first)).toMatchContract('readWebhook', 200)
    expect(await read(second)).toMatchContract('readWebhook', 200)
  })

  // How these are refused is an open question, so any documented answer will do; but what a 200 says has to be true.
  it('gives no webhook away under another instance', async () => {
    expect(await read(await createdId(), anotherInstance())).toMatchContract('readWebhook')
  })

  it('answers for an unknown webhook as the document allows', async () => {
    expect(await read('unknown-webhook')).toMatchContract('readWebhook')
  })

  it('refuses missing credentials with 401', async () => {
    expect(await readAs({})).toMatchContract('readWebhook', 401)
  })

  it('refuses another token with 401', async () => {
    expect(await readAs({ authorization: anotherToken })).toMatchContract('readWebhook', 401)
  })
})
