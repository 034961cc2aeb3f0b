import { describe, expect, it } from 'vitest'
import {
  anotherToken,
  client,
  createdId,
  formless,
  idToRefuse,
  instanceId,
  send,
  stranger,
  webhooksOf,
} from './target.ts'

type Flags = { readonly qrcodeUpdate?: boolean; readonly chatsSet?: boolean; readonly chatsDelete?: boolean }

/** The body is left unread: it is for the matcher to judge, even where it is no JSON. */
async function define(webhookId: string, body: Flags): Promise<Response> {
  const options = { params: { path: { instanceId, webhookId } }, body, parseAs: 'stream' } as const
  return (await client.PATCH('/api/v2/instance/{instanceId}/webhook/{webhookId}/events', options)).response
}

async function defineAs(headers: Record<string, string>): Promise<Response> {
  const params = { path: { instanceId, webhookId: await idToRefuse() } }
  const options = { params, body: { chatsSet: false }, headers, parseAs: 'stream' } as const
  return (await stranger.PATCH('/api/v2/instance/{instanceId}/webhook/{webhookId}/events', options)).response
}

async function sendFlags(body: BodyInit): Promise<Response> {
  return send('PATCH', `${webhooksOf(instanceId)}/${encodeURIComponent(await idToRefuse())}/events`, body)
}

const badFlags = {
  'a string': { chatsSet: 'false' },
  'a number': { chatsSet: 0 },
  null: { chatsSet: null },
}

describe('defineWebhookEvents', () => {
  it('defines events and answers 200 with the flags that were sent', async () => {
    const response = await define(await createdId(), { qrcodeUpdate: true, chatsSet: false })
    expect(response).toMatchContract('defineWebhookEvents', 200)
  })

  it('takes the deprecated flag chatsDelete', async () => {
    expect(await define(await createdId(), { chatsDelete: false })).toMatchContract('defineWebhookEvents', 200)
  })

  it('takes no flags at all', async () => {
    expect(await define(await createdId(), {})).toMatchContract('defineWebhookEvents', 200)
  })

  it.each(Object.entries(badFlags))('refuses a flag that is %s with 400', async (_, flags) => {
    expect(await sendFlags(JSON.stringify(flags))).toMatchContract('defineWebhookEvents', 400)
  })

  it.each(Object.entries(formless))('refuses %s with 400', async (_, body) => {
    expect(await sendFlags(body)).toMatchContract('defineWebhookEvents', 400)
  })

  it('refuses missing credentials with 401', async () => {
    expect(await defineAs({})).toMatchContract('defineWebhookEvents', 401)
  })

  it('refuses another token with 401', async () => {
    expect(await defineAs({ authorization: anotherToken })).toMatchContract('defineWebhookEvents', 401)
  })
})
