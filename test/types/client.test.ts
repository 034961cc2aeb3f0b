import { expect, it } from 'vitest'
import { createWebhookClient } from '../../src/types/index.ts'

const path = { instanceId: 'acme-support-br' }

/** A client whose requests are answered with their own method, URL and credentials. */
function echoing(options: { token?: string } = {}) {
  return createWebhookClient({
    baseUrl: 'http://mock',
    fetch: async request => {
      const said = { method: request.method, url: request.url, authorization: request.headers.get('authorization') }
      return Response.json([said])
    },
    ...options,
  })
}

it('sends the token as bearer credentials', async () => {
  const { data } = await echoing({ token: 'secret' }).GET('/api/v2/instance/{instanceId}/webhook', { params: { path } })
  expect(data).toEqual([
    { method: 'GET', url: 'http://mock/api/v2/instance/acme-support-br/webhook', authorization: 'Bearer secret' },
  ])
})

it('leaves the credentials of a single call alone', async () => {
  const headers = { authorization: 'Bearer other' }
  const { data } = await echoing({ token: 'secret' }).GET('/api/v2/instance/{instanceId}/webhook', {
    params: { path },
    headers,
  })
  expect(data).toMatchObject([headers])
})

it('sends no credentials when it has none', async () => {
  const { data } = await echoing().GET('/api/v2/instance/{instanceId}/webhook', { params: { path } })
  expect(data).toMatchObject([{ authorization: null }])
})
