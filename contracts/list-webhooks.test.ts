import { describe, expect, it } from 'vitest'
import { anotherInstance, anotherToken, client, createdId, hook, instanceId, stranger } from './target.ts'

/** The body is left unread: it is for the matcher to judge, even where it is no JSON. */
async function list(instance = instanceId): Promise<Response> {
  const params = { path: { instanceId: instance } }
  return (await client.GET('/api/v2/instance/{instanceId}/webhook', { params, parseAs: 'stream' })).response
}

async function listAs(headers: Record<string, string>): Promise<Response> {
  const options = { params: { path: { instanceId } }, headers, parseAs: 'stream' } as const
  return (await stranger.GET('/api/v2/instance/{instanceId}/webhook', options)).response
}

describe('listWebhooks', () => {
  it('lists the webhooks of the instance and answers 200 with an array of them', async () => {
    await createdId()
    expect(await list()).toMatchContract('listWebhooks', 200)
  })

  it('lists no webhook twice', async () => {
    await createdId()
    const params = { path: { instanceId } }
    const { data = [], response } = await client.GET('/api/v2/instance/{instanceId}/webhook', { params })
    expect(response).toMatchContract('listWebhooks', 200)
    const ids = data.map(({ webhookId }) => webhookId)
    expect(ids).toEqual([...new Set(ids)])
  })

  // A made-up instance may be refused, so any documented answer will do; but what a 200 says has to be true.
  describe('of an instance nobody used before', () => {
    it('lists no webhook of another instance', async () => {
      await createdId()
      expect(await list(anotherInstance())).toMatchContract('listWebhooks')
    })

    it('lists none as an array too', async () => {
      expect(await list(anotherInstance())).toMatchContract('listWebhooks')
    })

    it('lists a single one as an array too', async () => {
      const instance = anotherInstance()
      const params = { path: { instanceId: instance } }
      await client.POST('/api/v2/instance/{instanceId}/webhook', {
        params,
        body: { name: 'single', url: hook, enabled: true },
      })
      expect(await list(instance)).toMatchContract('listWebhooks')
    })
  })

  it('refuses missing credentials with 401', async () => {
    expect(await listAs({})).toMatchContract('listWebhooks', 401)
  })

  it('refuses another token with 401', async () => {
    expect(await listAs({ authorization: anotherToken })).toMatchContract('listWebhooks', 401)
  })
})
