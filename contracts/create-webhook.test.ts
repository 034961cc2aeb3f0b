import { describe, expect, it } from 'vitest'
import {
  anotherInstance,
  client,
  formless,
  hook,
  instanceId,
  send,
  stranger,
  token,
  webhooksOf,
  wrongCredentials,
} from './target.ts'

type Webhook = { readonly name: string; readonly url: string; readonly enabled?: boolean }

/** A name for each test: a server that makes ids from names is then caught where names are the same, and only there. */
const named = (name: string) => ({ name, url: hook, enabled: true })

/** The body is left unread: it is for the matcher to judge, even where it is no JSON. */
async function create(body: Webhook, instance = instanceId): Promise<Response> {
  const params = { path: { instanceId: instance } }
  return (await client.POST('/api/v2/instance/{instanceId}/webhook', { params, body, parseAs: 'stream' })).response
}

async function createAs(headers: Record<string, string>): Promise<Response> {
  const params = { path: { instanceId } }
  const options = { params, body: named('credentials'), headers, parseAs: 'stream' } as const
  return (await stranger.POST('/api/v2/instance/{instanceId}/webhook', options)).response
}

const names = {
  'blanks around it': '  support  ',
  capitals: 'Support',
  'an ampersand': 'shop & co',
  'quotation marks': 'order "42"',
  accents: 'são paulo',
  'an emoji': 'ship 🚀 it',
  'eighty characters': 'n'.repeat(80),
}

const urls = {
  'without a path': 'http://127.0.0.1:9',
  'with a query': `${hook}?key=1`,
  'on localhost': 'http://localhost:9/hook',
}

const badFields = {
  'without name': { url: hook },
  'without url': { name: 'support' },
  'whose name is a number': { ...named('bad'), name: 5 },
  'whose name is null': { ...named('bad'), name: null },
  'whose url is a number': { ...named('bad'), url: 5 },
  'whose enabled is a string': { ...named('bad'), enabled: 'false' },
  'whose enabled is null': { ...named('bad'), enabled: null },
}

describe('createWebhook', () => {
  it('creates a webhook and answers 201 with what was sent', async () => {
    expect(await create(named('enabled'))).toMatchContract('createWebhook', 201)
  })

  it('creates a disabled webhook when asked to', async () => {
    expect(await create({ ...named('disabled'), enabled: false })).toMatchContract('createWebhook', 201)
  })

  it('keeps a webhook created without enabled silent', async () => {
    expect(await create({ name: 'silent', url: hook })).toMatchContract('createWebhook', 201)
  })

  it.each(Object.entries(names))('keeps a name with %s as it was sent', async (_, name) => {
    expect(await create(named(name))).toMatchContract('createWebhook', 201)
  })

  it.each(Object.entries(urls))('keeps a url %s as it was sent', async (kind, url) => {
    expect(await create({ ...named(`url ${kind}`), url })).toMatchContract('createWebhook', 201)
  })

  it('takes JSON whose media type names its charset', async () => {
    const contentType = 'application/json; charset=utf-8'
    const response = await send('POST', webhooksOf(instanceId), JSON.stringify(named('charset')), { contentType })
    expect(response).toMatchContract('createWebhook', 201)
  })

  // A made-up instance may be refused, so any documented answer will do; a 201 has to name that very instance.
  it('names the instance as the path does', async () => {
    expect(await create(named('elsewhere'), anotherInstance())).toMatchContract('createWebhook')
  })

  // That an id never comes twice is a relation of the document, watched over all answers to createWebhook.
  describe('gives ids of their own', () => {
    it('to webhooks of the same name', async () => {
      const twin = named('twin')
      expect(await create(twin)).toMatchContract('createWebhook', 201)
      expect(await create(twin)).toMatchContract('createWebhook', 201)
    })

    it('to webhooks created at the same time', async () => {
      const names = ['first', 'second', 'third']
      const responses = await Promise.all(names.map(name => create(named(name))))
      for (const response of responses) expect(response).toMatchContract('createWebhook', 201)
    })

    it('to webhooks of two instances', async () => {
      expect(await create(named('here'), anotherInstance())).toMatchContract('createWebhook')
      expect(await create(named('there'), anotherInstance())).toMatchContract('createWebhook')
    })
  })

  it.each(Object.entries(badFields))('refuses a webhook %s with 400', async (_, body) => {
    expect(await send('POST', webhooksOf(instanceId), JSON.stringify(body))).toMatchContract('createWebhook', 400)
  })

  it.each(Object.entries(formless))('refuses %s with 400', async (_, body) => {
    expect(await send('POST', webhooksOf(instanceId), body)).toMatchContract('createWebhook', 400)
  })

  it('refuses missing credentials with 401', async () => {
    expect(await createAs({})).toMatchContract('createWebhook', 401)
  })

  it('refuses missing credentials before it looks at the body', async () => {
    const response = await send('POST', webhooksOf(instanceId), '{}', { authorization: null })
    expect(response).toMatchContract('createWebhook', 401)
  })

  it('refuses the token in the query with 401', async () => {
    const path = `${webhooksOf(instanceId)}?token=${encodeURIComponent(token)}`
    const response = await send('POST', path, JSON.stringify(named('token in the query')), { authorization: null })
    expect(response).toMatchContract('createWebhook', 401)
  })

  it.each(Object.entries(wrongCredentials))('refuses %s with 401', async (_, authorization) => {
    expect(await createAs({ authorization })).toMatchContract('createWebhook', 401)
  })

  // RFC 9110, section 11.1: the name of a scheme is case-insensitive.
  it('takes the scheme in lower case', async () => {
    expect(await createAs({ authorization: `bearer ${token}` })).toMatchContract('createWebhook', 201)
  })
})
