import { describe, expect, it } from 'vitest'
import { json, mockOf, overFetch, type Parts, type Talk } from './kit.ts'

const text = { type: 'string' }
const body = (schema: unknown) => ({ required: true, content: { 'application/json': { schema } } })
const inPath = (name: string) => ({ name, in: 'path', required: true, schema: text })
const inQuery = (name: string, schema: object = { type: 'integer' }) => ({ name, in: 'query', schema })
const error = json({ type: 'object', properties: { detail: text } }, { example: { detail: 'x' } })

const talkTo = async (parts: Parts): Promise<Talk> => overFetch(await mockOf(parts, { state: 'memory' }))

describe('a thing in a member of the answer, with state', () => {
  const droplet = {
    type: 'object',
    required: ['id', 'name'],
    properties: { id: { type: 'integer' }, name: text, size: { type: 'string', default: 'small' }, created_at: text },
  }
  const shown = { id: 7, name: 'web', size: 'big', created_at: '2020-01-01T00:00:00Z' }
  const one = (member: string) =>
    json(
      {
        type: 'object',
        required: [member],
        properties: { [member]: droplet, owner: { type: 'object', properties: { name: text } } },
      },
      { example: { [member]: shown, owner: { name: 'Ana' } } },
    )
  const newDroplet = { type: 'object', properties: { name: text, size: { type: 'string', default: 'small' } } }
  const parts = (member: string, sent: unknown = newDroplet): Parts => ({
    paths: {
      '/droplets': {
        post: { requestBody: body(sent), responses: { '202': one(member) } },
        get: {
          responses: {
            '200': json(
              {
                type: 'object',
                properties: {
                  droplets: { type: 'array', items: droplet },
                  meta: { type: 'object', properties: { total: { type: 'integer' } } },
                },
              },
              { example: { droplets: [shown, shown], meta: { total: 2 } } },
            ),
          },
        },
      },
      '/droplets/{droplet_id}': {
        parameters: [inPath('droplet_id')],
        get: { responses: { '200': one(member), '404': error } },
        put: { requestBody: body(sent), responses: { '200': one(member) } },
        patch: { requestBody: body(sent), responses: { '200': one(member) } },
        delete: { responses: { '204': { description: 'Gone' } } },
      },
    },
  })

  it('is created, read, listed, changed, replaced and removed', async () => {
    const talk = await talkTo(parts('droplet'))
    const made = await talk('/droplets', { json: { name: 'api' } })
    const { droplet } = made.json as { droplet: { id: number } }
    expect(made.json).toMatchObject({ droplet: { name: 'api', size: 'small' }, owner: { name: 'Ana' } })
    expect((droplet as { created_at?: string }).created_at).not.toBe(shown.created_at)
    const at = `/droplets/${droplet.id}`
    expect((await talk(at)).json).toEqual(made.json)
    expect((await talk('/droplets/8')).status).toBe(404)
    await talk('/droplets', { json: { name: 'second' } })
    expect((await talk('/droplets')).json).toMatchObject({
      droplets: [droplet, { name: 'second' }],
      meta: { total: 2 },
    })
    const patched = await talk(at, { method: 'PATCH', json: { name: 'New' } })
    expect(patched.json).toMatchObject({ droplet: { ...droplet, name: 'New' } })
    await talk(at, { method: 'PATCH', json: { size: 'big' } })
    expect((await talk(at, { method: 'PUT', json: { name: 'Put' } })).json).toMatchObject({
      droplet: { id: droplet.id, name: 'Put', size: 'small' },
    })
    expect((await talk(at)).json).toMatchObject({ droplet: { name: 'Put' } })
    await talk(at, { method: 'DELETE' })
    expect((await talk(at)).status).toBe(404)
  })

  it('is sent in the same member', async () => {
    const sent = { type: 'object', required: ['data'], properties: { data: newDroplet } }
    const talk = await talkTo(parts('data', sent))
    const { data } = (await talk('/droplets', { json: { data: { name: 'api', size: 'big' } } })).json as {
      data: { id: number }
    }
    expect(data).toMatchObject({ name: 'api', size: 'big' })
    const at = `/droplets/${data.id}`
    expect((await talk(at, { method: 'PATCH', json: { data: { name: 'New' } } })).json).toMatchObject({
      data: { ...data, name: 'New' },
    })
    expect((await talk(at, { method: 'PUT', json: { data: { name: 'Put' } } })).json).toMatchObject({
      data: { name: 'Put', size: 'small' },
    })
  })

  it('is changed by a JSON Patch, whole or not at all', async () => {
    const patches = { type: 'array', items: { type: 'object' } }
    const patchable = parts('droplet')
    const item = patchable.paths['/droplets/{droplet_id}'] as Record<string, { responses: object }>
    Object.assign(item.patch ?? {}, {
      requestBody: { content: { 'application/json-patch+json': { schema: patches } } },
      responses: { ...item.patch?.responses, '422': error },
    })
    const talk = await talkTo(patchable)
    const { id } = ((await talk('/droplets', { json: { name: 'api' } })).json as { droplet: { id: number } }).droplet
    const patch = async (...json: readonly object[]) => {
      const headers = { 'content-type': 'application/json-patch+json' }
      const { status, json: said } = await talk(`/droplets/${id}`, { method: 'PATCH', headers, json })
      return [status, said]
    }
    const changed = await patch(
      { op: 'test', path: '/name', value: 'api' },
      { op: 'replace', path: '/name', value: 'New' },
      { op: 'copy', from: '/name', path: '/size' },
      { op: 'add', path: '/list', value: [1, { a: 2 }] },
      { op: 'add', path: '/list/0', value: 0 },
      { op: 'move', from: '/list/2/a', path: '/list/-' },
      { op: 'test', path: '/list', value: [0, 1, {}, 2] },
      { op: 'remove', path: '/list' },
    )
    expect(changed).toMatchObject([200, { droplet: { id, name: 'New', size: 'New' } }])
    for (const [operation, why] of [
      [{ op: 'test', path: '/name', value: 'api' }, '[1] (body): /name is another value'],
      [{ op: 'remove', path: '/nothing' }, '[1] (body): /nothing is not there'],
      [{ op: 'add', path: '/name/x', value: 1 }, '[1] (body): /name/x is not there'],
      [{ op: 'add', path: '/x' }, '[1] (body): value is missing'],
      [{ op: 'replace', path: '', value: 5 }, 'The patch leaves no object'],
      [{ op: 'turn', path: '/name' }, '[1] (body): "turn" is no operation'],
    ] as const) {
      expect(await patch({ op: 'replace', path: '/size', value: 'x' }, operation)).toEqual([422, { detail: why }])
    }
    expect((await talk(`/droplets/${id}`)).json).toMatchObject({ droplet: { name: 'New', size: 'New' } })
  })

  it('is none where two members could be the thing', async () => {
    const two = json(
      { type: 'object', properties: { first: droplet, second: droplet } },
      { example: { first: shown, second: shown } },
    )
    const talk = await talkTo({
      paths: {
        '/pairs': { post: { requestBody: body(newDroplet), responses: { '201': two } } },
        '/pairs/{id}': { parameters: [inPath('id')], get: { responses: { '200': two, '404': error } } },
      },
    })
    await talk('/pairs', { json: { name: 'api' } })
    expect((await talk('/pairs/1')).json).toMatchObject({ first: shown })
  })
})

describe('a list that is asked for in parts, with state', () => {
  const thing = { type: 'object', required: ['id'], properties: { id: text, name: text } }
  const parts = (parameters: readonly object[], members: object = {}, example: object = {}): Parts => ({
    paths: {
      '/things': {
        post: {
          requestBody: body({ type: 'object', properties: { name: text } }),
          responses: { '201': json(thing, { example: { id: 'thing-1', name: 'x' } }) },
        },
        get: {
          parameters,
          responses: {
            '200': json(
              { type: 'object', properties: { data: { type: 'array', items: thing }, ...members } },
              { example: { data: [], ...example } },
            ),
          },
        },
      },
      '/things/{id}': { parameters: [inPath('id')], get: { responses: { '200': json(thing), '404': error } } },
    },
  })

  async function filled(parts: Parts, count = 5) {
    const talk = await talkTo(parts)
    const ids: string[] = []
    for (let at = 1; at <= count; at += 1) {
      ids.push(((await talk('/things', { json: { name: `n${at}` } })).json as { id: string }).id)
    }
    const list = async (query = '') => {
      const { data, ...beside } = (await talk(`/things${query}`)).json as { data: { name: string }[] }
      return [data.map(({ name }) => name).join(' '), beside] as const
    }
    return { list, ids }
  }

  it('has the part of limit and offset, and says where it is', async () => {
    const members = {
      total: { type: 'integer' },
      count: { type: 'integer' },
      offset: { type: 'integer' },
      limit: { type: 'integer' },
      has_more: { type: 'boolean' },
      next: { type: ['string', 'null'] },
      previous: { type: ['string', 'null'] },
    }
    const example = { total: 9, count: 9, offset: 9, limit: 9, has_more: true, next: 'https://x.example/?page=2' }
    const { list } = await filled(parts([inQuery('limit'), inQuery('offset')], members, { ...example, previous: '' }))
    expect(await list('?limit=2&offset=1')).toEqual([
      'n2 n3',
      {
        ...{ total: 5, count: 2, offset: 1, limit: 2, has_more: true, previous: '' },
        next: 'http://mock.example/things?limit=2&offset=3',
      },
    ])
    expect(await list('?limit=2&offset=4')).toMatchObject(['n5', { has_more: false, next: null }])
    expect(await list('?offset=10')).toMatchObject(['', { total: 5, count: 0, has_more: false }])
    expect(await list()).toMatchObject(['n1 n2 n3 n4 n5', { total: 5, offset: 0, limit: 9, previous: null }])
  })

  it('has the page of a number, counted from 1 or from 0, of the size that is asked for or the default', async () => {
    const meta = {
      type: 'object',
      properties: {
        current_page: { type: 'integer' },
        per_page: { type: 'integer' },
        total_pages: { type: 'integer' },
      },
    }
    const example = { meta: { current_page: 9, per_page: 9, total_pages: 9 } }
    const one = [inQuery('page'), inQuery('per_page', { type: 'integer', default: 2 })]
    const { list } = await filled(parts(one, { meta }, example))
    expect(await list()).toMatchObject(['n1 n2', { meta: { per_page: 2, total_pages: 3 } }])
    expect(await list('?page=2')).toEqual(['n3 n4', { meta: { current_page: 2, per_page: 2, total_pages: 3 } }])
    expect(await list('?page=2&per_page=4')).toEqual(['n5', { meta: { current_page: 2, per_page: 4, total_pages: 2 } }])
    const zero = [inQuery('page[number]', { type: 'integer', minimum: 0 }), inQuery('page[size]')]
    const other = await filled(parts(zero))
    expect((await other.list('?page[number]=0&page[size]=3'))[0]).toBe('n1 n2 n3')
    expect((await other.list('?page[number]=1&page[size]=3'))[0]).toBe('n4 n5')
  })

  it('goes on after an id', async () => {
    const parameters = [inQuery('limit'), inQuery('starting_after', text)]
    const { list, ids } = await filled(parts(parameters, { has_more: { type: 'boolean' } }, { has_more: false }))
    expect(await list(`?limit=2&starting_after=${ids[1]}`)).toEqual(['n3 n4', { has_more: true }])
    expect(await list(`?limit=2&starting_after=${ids[3]}`)).toEqual(['n5', { has_more: false }])
    expect((await list('?starting_after=nobody'))[0]).toBe('n1 n2 n3 n4 n5')
  })

  it('is whole where the document describes no such parameter', async () => {
    const { list } = await filled(parts([]))
    expect((await list('?limit=1&page=3'))[0]).toBe('n1 n2 n3 n4 n5')
  })
})

describe('a thing that there is already, with state', () => {
  const user = { type: 'object', required: ['id'], properties: { id: text, name: text } }
  const parts = (required: readonly string[], responses: object): Parts => ({
    paths: {
      '/users': {
        post: {
          requestBody: body({ ...user, required }),
          responses: { '201': json(user, { example: { id: 'a-1', name: 'x' } }), ...responses },
        },
      },
      '/users/{id}': { parameters: [inPath('id')], get: { responses: { '200': json(user), '404': error } } },
    },
  })

  it.each([[['id']], [[]]])(
    'is not made again where 409 is documented, be its id required (%j) or not',
    async required => {
      const talk = await talkTo(parts(required, { '409': error }))
      expect((await talk('/users', { json: { id: 'ana', name: 'Ana' } })).status).toBe(201)
      const again = await talk('/users', { json: { id: 'ana', name: 'Other' } })
      expect([again.status, again.json]).toEqual([409, { detail: 'id: is taken' }])
      expect((await talk('/users/ana')).json).toEqual({ id: 'ana', name: 'Ana' })
      expect((await talk('/users', { json: { id: 'bob' } })).status).toBe(201)
      const wished = await talk('/users', { json: { id: 'ana' }, headers: { prefer: 'code=201' } })
      expect(wished.status).toBe(201)
    },
  )

  it('is made again where it is not', async () => {
    const talk = await talkTo(parts(['id'], { default: error }))
    await talk('/users', { json: { id: 'ana', name: 'Ana' } })
    expect((await talk('/users', { json: { id: 'ana', name: 'Other' } })).status).toBe(201)
    expect((await talk('/users/ana')).json).toEqual({ id: 'ana', name: 'Other' })
  })
})

describe('a thing whose parent is removed, with state', () => {
  const thing = { type: 'object', required: ['id'], properties: { id: text, name: text } }
  const made = (id: string) => ({
    requestBody: body({ type: 'object', properties: { name: text } }),
    responses: { '201': json(thing, { example: { id, name: 'x' } }) },
  })
  const all = { responses: { '200': json({ type: 'array', items: thing }) } }
  const below = { responses: { ...all.responses, '404': error } }
  const one = (...names: readonly string[]) => ({
    parameters: names.map(inPath),
    get: { responses: { '200': json(thing), '404': error } },
    delete: { responses: { '204': { description: 'Gone' } } },
  })
  const parts: Parts = {
    paths: {
      '/shops': { post: made('shop-1'), get: all },
      '/shops/{shop}': one('shop'),
      '/shops/{shop}/pets': { parameters: [inPath('shop')], post: made('pet-1'), get: below },
      '/shops/{shop}/pets/{pet}': one('shop', 'pet'),
      '/shops/{shop}/orders': { parameters: [inPath('shop')], post: made('order-1'), get: all },
      '/orders/{order}': one('order'),
      '/orders/{order}/lines': { parameters: [inPath('order')], post: made('line-1') },
      '/lines/{line}': one('line'),
    },
  }
  // Only paths that end in an id are read as one thing; these two are declared.
  const declared = {
    'x-contract': {
      resources: {
        order: { id: 'id', create: 'makeOrder', read: 'readOrder', remove: 'removeOrder' },
        line: { id: 'id', create: 'makeLine', read: 'readLine' },
      },
    },
  }
  const named = (path: string, method: string, operationId: string): void => {
    Object.assign((parts.paths[path] as Record<string, object>)[method] ?? {}, { operationId })
  }
  named('/shops/{shop}/orders', 'post', 'makeOrder')
  named('/orders/{order}', 'get', 'readOrder')
  named('/orders/{order}', 'delete', 'removeOrder')
  named('/orders/{order}/lines', 'post', 'makeLine')
  named('/lines/{line}', 'get', 'readLine')

  it('is gone too, with what is below it, and others stay', async () => {
    const talk = await talkTo({ ...parts, ...declared } as Parts)
    const make = async (target: string) => ((await talk(target, { json: { name: 'n' } })).json as { id: string }).id
    const [shop, other] = [await make('/shops'), await make('/shops')]
    const [pet, stays] = [await make(`/shops/${shop}/pets`), await make(`/shops/${other}/pets`)]
    const [order, kept] = [await make(`/shops/${shop}/orders`), await make(`/shops/${other}/orders`)]
    const [line, left] = [await make(`/orders/${order}/lines`), await make(`/orders/${kept}/lines`)]
    const status = async (target: string) => (await talk(target)).status
    await talk(`/shops/${shop}`, { method: 'DELETE' })
    for (const gone of [`/shops/${shop}`, `/shops/${shop}/pets/${pet}`, `/orders/${order}`, `/lines/${line}`]) {
      expect([gone, await status(gone)]).toEqual([gone, 404])
    }
    expect(await talk(`/shops/${shop}/pets`)).toMatchObject({
      status: 404,
      json: { detail: 'shop (path): is not known' },
    })
    for (const there of [`/shops/${other}/pets/${stays}`, `/orders/${kept}`, `/lines/${left}`]) {
      expect([there, await status(there)]).toEqual([there, 200])
    }
  })

  it('or never was there has no list below it, until somebody creates something there', async () => {
    const talk = await talkTo({ ...parts, ...declared } as Parts)
    const status = async () => (await talk('/shops/nobody/pets')).status
    expect(await status()).toBe(404)
    expect((await talk('/shops/nobody/pets', { json: { name: 'n' } })).status).toBe(201)
    expect(await status()).toBe(200)
    const { id } = (await talk('/shops', { json: { name: 'n' } })).json as { id: string }
    expect(await talk(`/shops/${id}/pets`)).toMatchObject({ status: 200, json: [] })
  })
})
