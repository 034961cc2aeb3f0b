import { describe, expect, it } from 'vitest'
import { createMock } from '../../src/index.ts'
import { json, mockOf, overFetch, type Parts, type Talk } from './kit.ts'

const webhooks = '/api/v2/instance/inst-1/webhook'
const authorized = { headers: { authorization: 'Bearer any' } }
const crm = { name: 'CRM', url: 'https://hooks.acme.example/crm', enabled: true }

type Webhook = Readonly<Record<string, unknown>> & { readonly webhookId: string; readonly WebhookEvents: object }

async function shipped(): Promise<Talk> {
  return overFetch(await createMock(undefined, { state: 'memory' }))
}

async function create(talk: Talk, body: object = crm, target = webhooks): Promise<Webhook> {
  const { status, json: made } = await talk(target, { ...authorized, json: body })
  expect(status).toBe(201)
  return made as Webhook
}

describe('a webhook of the shipped document, with state', () => {
  it('is read as it was created, and listed with its siblings in their order', async () => {
    const talk = await shipped()
    const [one, two] = [await create(talk), await create(talk, { name: 'Other', url: 'http://b.example' })]
    expect(one).toMatchObject({ ...crm, instanceInstanceId: 'inst-1' })
    expect(Date.now() - Date.parse(String(one.createdAt))).toBeLessThan(60_000)
    expect((await talk(`${webhooks}/${one.webhookId}`, authorized)).json).toEqual(one)
    expect((await talk(`${webhooks}/${two.webhookId}`, authorized)).json).toEqual(two)
    expect((await talk(webhooks, authorized)).json).toEqual([one, two])
  })

  it('is found nowhere else, nor is what was never created, in the documented words', async () => {
    const talk = await shipped()
    const { webhookId } = await create(talk)
    const elsewhere = '/api/v2/instance/inst-2/webhook'
    expect((await talk(elsewhere, authorized)).json).toEqual([])
    for (const target of [`${elsewhere}/${webhookId}`, `${webhooks}/nobody`]) {
      const { status, json: said } = await talk(target, authorized)
      expect(status).toBe(400)
      expect(said).toEqual({ statusCode: 400, error: 'Bad Request', message: ['webhookId (path): is not known'] })
    }
    const change = { ...authorized, method: 'PUT', json: crm }
    expect((await talk(`${webhooks}/nobody`, change)).status).toBe(400)
  })

  it('is changed, also in a part, and answers with what it is now', async () => {
    const talk = await shipped()
    const made = await create(talk)
    const target = `${webhooks}/${made.webhookId}`
    const changed = await talk(target, { ...authorized, method: 'PUT', json: { name: 'New' } })
    expect(changed.status).toBe(201)
    expect(changed.json).toEqual({ ...made, name: 'New', updatedAt: (changed.json as Webhook).updatedAt })
    expect((await talk(target, authorized)).json).toEqual(changed.json)
    const flags = await talk(`${target}/events`, { ...authorized, method: 'PATCH', json: { messagesSet: false } })
    expect(flags.json).toMatchObject({ messagesSet: false, messagesUpsert: true })
    const now = (await talk(target, authorized)).json as Webhook
    expect(now).toEqual({ ...(changed.json as object), WebhookEvents: flags.json })
    expect((await talk(webhooks, authorized)).json).toEqual([now])
  })

  it('is not what is answered to a wish for another answer', async () => {
    const talk = await shipped()
    const asking = (prefer: string) => ({ headers: { ...authorized.headers, prefer } })
    const made = (await talk(webhooks, { ...asking('example=silent'), json: crm })).json as Webhook
    expect((await talk(`${webhooks}/${made.webhookId}`, authorized)).json).toEqual(made)
    expect((await talk(`${webhooks}/${made.webhookId}`, asking('code=401'))).status).toBe(401)
    expect((await talk(`${webhooks}/nobody`, asking('example=enabled'))).status).toBe(200)
    expect((await talk(webhooks, asking('example=several'))).json).toHaveLength(2)
    expect((await talk(webhooks, asking('code=200'))).json).toHaveLength(2)
    expect((await talk(webhooks, { ...asking('code=400'), json: crm })).status).toBe(400)
    expect((await talk(webhooks, authorized)).json).toEqual([made])
    expect((await talk(webhooks, asking('delay=1'))).headers['preference-applied']).toBe('delay=1')
  })

  it('is still refused when the request is wrong', async () => {
    const talk = await shipped()
    expect((await talk(webhooks, { ...authorized, json: { name: 'CRM' } })).status).toBe(400)
    expect((await talk(webhooks, { json: crm })).status).toBe(401)
    expect((await talk(webhooks, authorized)).json).toEqual([])
  })

  it('is not remembered without state', async () => {
    const talk = overFetch(await createMock())
    const made = await create(talk)
    const { json: read } = await talk(`${webhooks}/${made.webhookId}`, authorized)
    expect(read).toMatchObject({ webhookId: made.webhookId, name: 'Support inbox' })
    expect((await talk(webhooks, authorized)).json).toHaveLength(2)
  })
})

const pet = {
  type: 'object',
  required: ['id', 'name', 'created_at'],
  properties: {
    id: { type: 'integer' },
    name: { type: 'string', maxLength: 20 },
    tag: { type: ['string', 'null'] },
    kind: { type: 'string', default: 'cat' },
    secret: { type: 'string', writeOnly: true },
    created_at: { type: 'integer' },
    modified: { type: 'string', format: 'date-time' },
  },
}
const shownPet = {
  id: 7,
  name: 'Rex',
  tag: 'big',
  kind: 'dog',
  created_at: 1700000000,
  modified: '2024-01-01T00:00:00Z',
}
const newPet = {
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string' },
    tag: { type: ['string', 'null'] },
    kind: { type: 'string', default: 'cat' },
    secret: { type: 'string' },
  },
}
const notFound = {
  description: 'Gone',
  content: {
    'application/json': {
      schema: { type: 'object', properties: { detail: { type: 'string' } } },
      example: { detail: 'x' },
    },
  },
}
const body = (schema: unknown, type = 'application/json') => ({ required: true, content: { [type]: { schema } } })
const inPath = (name: string) => ({ name, in: 'path', required: true, schema: { type: 'string' } })
const located = {
  headers: { Location: { schema: { type: 'string' }, example: 'https://api.example/v1/shops/main/pets/7' } },
}

/** A document without `x-contract`, whose paths tell. */
const shop = (more: Readonly<Record<string, unknown>> = {}): Parts => ({
  paths: {
    '/shops/{shop}/pets': {
      parameters: [inPath('shop')],
      post: { requestBody: body(newPet), responses: { '201': { ...json(pet, { example: shownPet }), ...located } } },
      get: {
        responses: {
          '200': json(
            {
              type: 'object',
              required: ['items', 'total'],
              properties: {
                items: {
                  type: 'array',
                  items: {
                    type: 'object',
                    additionalProperties: false,
                    required: ['id', 'label'],
                    properties: { id: { type: 'integer' }, name: { type: 'string' }, label: { type: 'string' } },
                  },
                },
                total: { type: 'integer' },
                has_more: { type: 'boolean' },
              },
            },
            { example: { items: [{ id: 1, name: 'Rex', label: 'A pet' }], total: 31, has_more: true } },
          ),
        },
      },
    },
    '/shops/{shop}/pets/{petId}': {
      parameters: [inPath('shop'), inPath('petId')],
      get: { responses: { '200': json(pet, { example: shownPet }), '404': notFound } },
      put: { requestBody: body(newPet), responses: { '200': json(pet, { example: shownPet }), '404': notFound } },
      patch: {
        requestBody: {
          content: { ...body(newPet).content, 'application/merge-patch+json': { schema: { type: 'object' } } },
        },
        responses: { '200': json(pet, { example: shownPet }) },
      },
      delete: { responses: { '204': { description: 'Gone' }, '404': notFound } },
    },
    ...more,
  },
})

describe('a thing that only paths call one, with state', () => {
  it('has an id of its own, what was sent, the defaults, and the time', async () => {
    const talk = overFetch(await mockOf(shop(), { state: 'memory', now: () => new Date('2030-01-02T03:04:05.678Z') }))
    const first = await talk('/shops/main/pets', { json: { name: 'Tom', secret: 'x' } })
    const { id } = first.json as { id: number }
    expect(first.json).toEqual({
      ...{ id, name: 'Tom', tag: 'big', kind: 'cat' },
      ...{ created_at: 1893553445, modified: '2030-01-02T03:04:05Z' },
    })
    expect(first.headers.location).toBe(`https://api.example/v1/shops/main/pets/${id}`)
    const second = await talk('/shops/main/pets', { json: { name: 'Tom', secret: 'x' } })
    expect(second.json).not.toMatchObject({ id })
    expect((await talk(`/shops/main/pets/${id}`)).json).toEqual(first.json)
  })

  it('is listed in the form and beside the count that the document says', async () => {
    const talk = overFetch(await mockOf(shop(), { state: 'memory' }))
    expect((await talk('/shops/main/pets')).json).toEqual({ items: [], total: 0, has_more: false })
    const { id } = (await talk('/shops/main/pets', { json: { name: 'Tom' } })).json as { id: number }
    await talk('/shops/other/pets', { json: { name: 'Far' } })
    expect((await talk('/shops/main/pets')).json).toEqual({
      items: [{ id, name: 'Tom', label: 'A pet' }],
      total: 1,
      has_more: false,
    })
  })

  it('is replaced by PUT, changed by PATCH, and gone after DELETE', async () => {
    const talk = overFetch(await mockOf(shop(), { state: 'memory' }))
    const { id } = (await talk('/shops/main/pets', { json: { name: 'Tom', tag: 'x', kind: 'fox' } })).json as {
      id: number
    }
    const at = `/shops/main/pets/${id}`
    expect((await talk(at, { method: 'PATCH', json: { name: 'Tim' } })).json).toMatchObject({ name: 'Tim', tag: 'x' })
    expect((await talk(at, { method: 'PATCH', json: { name: 'Tim', tag: null } })).json).toMatchObject({
      name: 'Tim',
      tag: null,
    })
    const patch = { method: 'PATCH', headers: { 'content-type': 'application/merge-patch+json' } }
    const patched = (await talk(at, { ...patch, json: { tag: null, name: 'Tam' } })).json as object
    expect(patched).toMatchObject({ id, name: 'Tam', kind: 'fox' })
    expect(patched).not.toHaveProperty('tag')
    const put = (await talk(at, { method: 'PUT', json: { name: 'New', tag: 'y' } })).json
    expect(put).toMatchObject({ id, name: 'New', tag: 'y', kind: 'cat' })
    expect((await talk(at)).json).toEqual(put)
    expect((await talk(at, { method: 'DELETE' })).status).toBe(204)
    for (const method of ['GET', 'DELETE']) {
      const gone = await talk(at, { method })
      expect([gone.status, gone.json]).toEqual([404, { detail: 'petId (path): is not known' }])
    }
    // The document does not say how PATCH tells that there is none.
    expect((await talk(at, { method: 'PATCH', json: { name: 'Tim' } })).json).toEqual(shownPet)
    expect((await talk('/shops/main/pets')).json).toMatchObject({ items: [] })
  })

  it('keeps from what was sent what its schema does not accept', async () => {
    const talk = overFetch(await mockOf(shop(), { state: 'memory' }))
    const long = { name: 'a name of more than twenty letters', kind: 'fox' }
    const { status, json: made } = await talk('/shops/main/pets', { json: long })
    expect([status, made]).toMatchObject([201, { name: 'Rex', kind: 'fox' }])
    expect((await talk(`/shops/main/pets/${(made as { id: number }).id}`)).json).toEqual(made)
  })

  it('keeps the id that the client chose, and is shown in full though its creation answered with the id alone', async () => {
    const user = {
      type: 'object',
      required: ['id', 'mail', 'level'],
      properties: { id: {}, mail: { type: 'string' }, level: {} },
    }
    const parts: Parts = {
      paths: {
        '/users': {
          post: {
            requestBody: body({ type: 'object', properties: { id: {}, mail: { type: 'string' } } }),
            responses: {
              '201': json({ type: 'object', properties: { id: { type: 'string' } } }, { example: { id: 'a1' } }),
            },
          },
        },
        '/users/{id}': {
          parameters: [inPath('id')],
          get: { responses: { '200': json(user, { example: { id: 'a1', mail: 'x@y.example', level: 3 } }) } },
        },
      },
    }
    const talk = overFetch(await mockOf(parts, { state: 'memory' }))
    expect((await talk('/users', { json: { id: 'ana/ß', mail: 'ana@b.example' } })).json).toEqual({ id: 'ana/ß' })
    const read = await talk(`/users/${encodeURIComponent('ana/ß')}`)
    expect(read.json).toEqual({ id: 'ana/ß', mail: 'ana@b.example', level: 3 })
  })

  it('has the id that was sent unless another has it, or the request has to name it', async () => {
    const named = (required: readonly string[]): Parts => {
      const note = { type: 'object', required, properties: { id: { type: 'string' }, text: { type: 'string' } } }
      return {
        paths: {
          '/notes': {
            post: {
              requestBody: body(note),
              responses: { '201': json(note, { example: { id: 'n-12345', text: 'x' } }) },
            },
            get: { responses: { '200': json({ type: 'array', items: note }) } },
          },
          '/notes/{id}': { parameters: [inPath('id')], get: { responses: { '200': json(note) } } },
        },
      }
    }
    const free = overFetch(await mockOf(named([]), { state: 'memory' }))
    const ask = { json: { id: 'n-1', text: 'one' } }
    expect((await free('/notes', ask)).json).toEqual({ id: 'n-1', text: 'one' })
    const second = (await free('/notes', { json: { id: 'n-1', text: 'two' } })).json as { id: string }
    expect(second).toMatchObject({ id: expect.not.stringMatching(/^n-1$/), text: 'two' })
    expect((await free('/notes')).json).toEqual([ask.json, second])
    const bound = overFetch(await mockOf(named(['id']), { state: 'memory' }))
    await bound('/notes', ask)
    expect((await bound('/notes', { json: { id: 'n-1', text: 'two' } })).json).toEqual({ id: 'n-1', text: 'two' })
    expect((await bound('/notes')).json).toEqual([{ id: 'n-1', text: 'two' }])
  })

  it('is nested as deep as it likes without harm', async () => {
    const free = { type: 'object', properties: { id: { type: 'string' }, any: {} } }
    const parts: Parts = {
      paths: {
        '/boxes': { post: { requestBody: body({}), responses: { '201': json(free, { example: { id: 'b1' } }) } } },
        '/boxes/{id}': { parameters: [inPath('id')], get: { responses: { '200': json(free), '404': notFound } } },
      },
    }
    const talk = overFetch(await mockOf(parts, { state: 'memory' }))
    const deep = `{"any":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
    const headers = { 'content-type': 'application/json' }
    const { status } = await talk('/boxes', { body: deep, headers })
    expect([201, 400]).toContain(status)
    const odd = { body: '{"__proto__":{"id":"x"},"any":1,"constructor":2}', headers }
    const { id } = (await talk('/boxes', odd)).json as { id: string }
    expect((await talk(`/boxes/${id}`)).json).toEqual({ id, any: 1 })
    expect((await talk('/boxes/__proto__')).status).toBe(404)
  })
})
