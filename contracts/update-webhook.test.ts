import { describe, expect, it } from 'vitest'
import {
  anotherToken,
  client,
  createdId,
  formless,
  hook,
  idToRefuse,
  instanceId,
  send,
  stranger,
  webhooksOf,
} from './target.ts'

type Update = { name: string; url?: string; enabled?: boolean }

/** The body is left unread: it is for the matcher to judge, even where it is no JSON. */
async function update(webhookId: string, body: Update): Promise<Response> {
  const options = { params: { path: { instanceId, webhookId } }, body, parseAs: 'stream' } as const
  return (await client.PUT('/api/v2/instance/{instanceId}/webhook/{webhookId}', options)).response
}

async function updateAs(headers: Record<string, string>): Promise<Response> {
  const params = { path: { instanceId, webhookId: await idToRefuse() } }
  const options = { params, body: { name: 'renamed' }, headers, parseAs: 'stream' } as const
  return (await stranger.PUT('/api/v2/instance/{instanceId}/webhook/{webhookId}', options)).response
}

async function sendUpdate(body: BodyInit): Promise<Response> {
  return send('PUT', `${webhooksOf(instanceId)}/${encodeURIComponent(await idToRefuse())}`, body)
}

const badFields = {
  'without name': { url: hook },
  'whose name is a number': { name: 5 },
  'whose url is a number': { name: 'support', url: 5 },
  'whose enabled is a string': { name: 'support', enabled: 'false' },
}

describe('updateWebhook', () => {
  it('updates a webhook and answers 201 with what was sent', async () => {
    const response = await update(await createdId(), { name: 'renamed', url: `${hook}/2`, enabled: true })
    expect(response).toMatchContract('updateWebhook', 201)
  })

  it('takes an update without url', async () => {
    expect(await update(await createdId(), { name: 'renamed', enabled: false })).toMatchContract('updateWebhook', 201)
  })

  it('leaves createdAt as it was', async () => {
    const webhookId = await createdId()
    const params = { path: { instanceId, webhookId } }
    const body = { name: 'renamed', enabled: false }
    const first = await client.PUT('/api/v2/instance/{instanceId}/webhook/{webhookId}', { params, body })
    const second = await client.PUT('/api/v2/instance/{instanceId}/webhook/{webhookId}', { params, body })
    expect(second.data?.createdAt).toBe(first.data?.createdAt)
  })

  // Our mock has no memory; its example of an updated webhook is one whose chatsSet had been turned off before.
  it('leaves the events as they were defined', async () => {
    const params = { path: { instanceId, webhookId: await createdId() } }
    const flags = { chatsSet: false }
    await client.PATCH('/api/v2/instance/{instanceId}/webhook/{webhookId}/events', { params, body: flags })
    const body = { name: 'renamed', enabled: false }
    const { data } = await client.PUT('/api/v2/instance/{instanceId}/webhook/{webhookId}', { params, body })
    // Events may be left out of the answer, but not be wrong in it.
    expect(data?.WebhookEvents ?? flags).toMatchObject(flags)
  })

  it.each(Object.entries(badFields))('refuses an update %s with 400', async (_, body) => {
    expect(await sendUpdate(JSON.stringify(body))).toMatchContract('updateWebhook', 400)
  })

  it.each(Object.entries(formless))('refuses %s with 400', async (_, body) => {
    expect(await sendUpdate(body)).toMatchContract('updateWebhook', 400)
  })

  it('refuses missing credentials with 401', async () => {
    expect(await updateAs({})).toMatchContract('updateWebhook', 401)
  })

  it('refuses another token with 401', async () => {
    expect(await updateAs({ authorization: anotherToken })).toMatchContract('updateWebhook', 401)
  })
})
