import { describe, expect, it } from 'vitest'
import { createMock } from '../../src/index.ts'
import { raw } from '../server/kit.ts'
import { receiver, register, send } from './kit.ts'

const json = { 'content-type': 'application/json' }

describe('the control API', () => {
  it('lists subscriptions, events and deliveries, emits, sends again and clears', async () => {
    await using mock = await createMock()
    await using here = await receiver()
    const { url } = await mock.listen()
    const ask = async (method: string, path: string, body?: unknown) => {
      const response = await fetch(`${url}/__contrato${path}`, {
        method,
        ...(body !== undefined && { headers: json, body: JSON.stringify(body) }),
      })
      expect(response.headers.get('access-control-allow-origin')).toBeNull()
      return { status: response.status, body: await response.json() }
    }
    await register(mock, here.url)
    expect((await ask('GET', '/subscriptions')).body).toMatchObject([{ id: 'sub_1', operation: 'createWebhook' }])
    expect((await ask('GET', '/events')).body).toHaveLength(19)
    const { body } = await ask('POST', '/events', {
      event: 'messages.update',
      set: [{ path: 'data.status', value: 'READ' }],
    })
    expect(body).toMatchObject({ event: 'messagesUpdate', deliveries: [{ state: 'delivered' }] })
    expect((await ask('POST', `/deliveries/${body.deliveries[0].id}/resend`)).body).toMatchObject({
      state: 'delivered',
    })
    expect((await ask('POST', '/clock', { by: '5m' })).status).toBe(200)
    expect((await ask('GET', '/deliveries')).body).toHaveLength(2)
    expect((await ask('DELETE', '/deliveries')).status).toBe(200)
    expect((await ask('GET', '/deliveries')).body).toEqual([])
    expect((await ask('GET', '/subscriptions')).body).toEqual([])
  })

  it('forgets what it is told to, and everything when nothing is named', async () => {
    await using mock = await createMock(undefined, { state: 'memory' })
    await using here = await receiver()
    const { url } = await mock.listen()
    const reset = async (order?: object) => {
      const sent = order === undefined ? {} : { headers: json, body: JSON.stringify(order) }
      const response = await fetch(`${url}/__contrato/reset`, { method: 'POST', ...sent })
      return await response.json()
    }
    const left = async () => {
      const { body } = await send(mock, 'GET /api/v2/instance/inst-1/webhook')
      return [Object.keys(body).length, (await mock.subscriptions()).length, mock.deliveries.length]
    }
    await register(mock, here.url)
    await mock.trigger('messages.update')
    await mock.clock.advance('1h')
    expect(await left()).toEqual([1, 1, 1])
    expect(await reset({ forget: ['created'] })).toEqual({ forgotten: ['created'] })
    expect(await left()).toEqual([0, 1, 1])
    expect(await reset({ forget: ['deliveries'] })).toEqual({ forgotten: ['deliveries'] })
    expect(await left()).toEqual([0, 1, 0])
    await register(mock, here.url)
    await mock.trigger('messages.update')
    expect(Date.parse(mock.deliveries.at(-1)?.attempts[0]?.at ?? '') - Date.now()).toBeLessThan(60_000)
    expect(await left()).toEqual([1, 2, 2])
    expect(await reset()).toEqual({ forgotten: ['created', 'subscriptions', 'deliveries'] })
    expect(await left()).toEqual([0, 0, 0])
    await register(mock, here.url)
    await mock.reset()
    expect(await left()).toEqual([0, 0, 0])
  })

  it.each([
    ['POST', '/reset', '{"forget":["created","everything"]}', 422, '"everything" is nothing that can be forgotten'],
    ['POST', '/reset', '{"forgot":[]}', 422, '"forgot" means nothing here'],
    ['POST', '/reset', '["created"]', 422, '["created"] is no order to forget'],
    ['POST', '/events', '{"event":"nobody"}', 422, 'nobody is not an event'],
    ['POST', '/events', '{}', 422, 'The order names no event'],
    ['POST', '/events', '5', 422, 'The order names no event'],
    ['POST', '/events', '{"event":', 400, ''],
    ['POST', '/events', '{"event":"messages.update","set":[{}]}', 422, '"set" is no list'],
    ['POST', '/events', '{"event":"messages.update","coutn":3}', 422, '"coutn" means nothing here'],
    ['POST', '/events', '{"event":"messages.update","count":"3"}', 422, '"3" is not a number of events'],
    ['POST', '/events', '{"event":"messages.update","unchecked":"no"}', 422, '"unchecked" is neither true nor false'],
    [
      'POST',
      '/events',
      '{"event":"messages.update","data":{"data":{"status":"x"}}}',
      422,
      'The payload is not what the document says: messagesUpdate: data.status',
    ],
    ['POST', '/clock', '{"by":"soon"}', 422, 'soon is not a duration'],
    ['POST', '/deliveries/dlv_9/resend', '', 404, 'There is no delivery dlv_9'],
    ['PUT', '/events', '', 405, 'PUT is not possible here'],
  ])('says what is wrong with %s %s %s', async (method, path, body, status, detail) => {
    await using mock = await createMock()
    const { url } = await mock.listen()
    const response = await fetch(`${url}/__contrato${path}`, { method, headers: json, ...(body !== '' && { body }) })
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect((await response.json()).detail).toContain(detail)
  })

  it.each([
    ['a page of another site', 'Origin: http://evil.example\r\n', '127.0.0.1'],
    ['a page without an origin', 'Origin: null\r\n', '127.0.0.1'],
    ['a page on another port', 'Origin: http://127.0.0.1:1\r\n', '127.0.0.1'],
    ['an image of another site', 'Sec-Fetch-Site: cross-site\r\n', '127.0.0.1'],
    ['a name that leads here', '', 'evil.example'],
  ])('refuses %s', async (_, field, host) => {
    await using mock = await createMock()
    await using here = await receiver()
    await register(mock, here.url)
    const { port } = await mock.listen()
    const body = '{"event":"messages.update"}'
    for (const line of ['POST /__contrato/events', 'GET /__contrato/deliveries', 'OPTIONS /__contrato/events']) {
      const text = await raw(
        port,
        `${line} HTTP/1.1\r\nHost: ${host}:${port}\r\n${field}Content-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
      )
      expect(text).toMatch(/^HTTP\/1\.1 403 /)
      expect(text.toLowerCase()).not.toContain('access-control-allow')
    }
    expect(here.got).toEqual([])
  })

  it('answers before the first attempt who does not want to wait', async () => {
    await using mock = await createMock()
    await using here = await receiver()
    await register(mock, here.url)
    const { url } = await mock.listen()
    const response = await fetch(`${url}/__contrato/events`, {
      method: 'POST',
      headers: { ...json, prefer: 'respond-async' },
      body: '{"event":"messages.update"}',
    })
    expect(response.status).toBe(202)
    expect(response.headers.get('preference-applied')).toBe('respond-async')
    expect(await response.json()).toMatchObject({ deliveries: [{ id: 'dlv_1', state: 'waiting', attempts: [] }] })
    await expect.poll(() => here.got.length).toBe(1)
  })

  it('takes a form for no order, which any page may send', async () => {
    await using mock = await createMock()
    const { url } = await mock.listen()
    const response = await fetch(`${url}/__contrato/events`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: '{"event":"messages.update"}',
    })
    expect(response.status).toBe(415)
  })

  it('answers a page of this very server', async () => {
    await using mock = await createMock()
    const { url } = await mock.listen()
    const headers = { origin: url, 'sec-fetch-site': 'same-origin' }
    expect((await fetch(`${url}/__contrato/events`, { headers })).status).toBe(200)
  })
})
