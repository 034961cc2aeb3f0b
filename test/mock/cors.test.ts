import { describe, expect, it } from 'vitest'
import { createMock } from '../../src/index.ts'
import { faces } from './kit.ts'

const webhooks = '/api/v2/instance/acme/webhook'
const origin = 'http://localhost:3000'
const json = { name: 'a', url: 'b' }

describe.each([...faces])('a page of another origin, $name', ({ talkTo }) => {
  it('is let through by a preflight, with credentials and the fields it names', async () => {
    await using mock = await createMock()
    const talk = await talkTo(mock)
    const answer = await talk(webhooks, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization, content-type, x-own',
      },
    })
    expect(answer).toMatchObject({
      status: 204,
      text: '',
      headers: {
        'access-control-allow-origin': origin,
        'access-control-allow-credentials': 'true',
        'access-control-allow-headers': 'authorization, content-type, x-own',
        'access-control-max-age': '600',
        vary: 'Origin',
      },
    })
    expect(answer.headers['access-control-allow-methods']?.split(', ')).toEqual(
      expect.arrayContaining(['GET', 'POST', 'HEAD']),
    )
  })

  it('never meets the wildcard, which credentials rule out', async () => {
    await using mock = await createMock()
    const talk = await talkTo(mock)
    const headers = {
      origin,
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'authorization',
    }
    const answer = await talk(`${webhooks}/wh-1`, { method: 'OPTIONS', headers })
    expect(Object.values(answer.headers)).not.toContain('*')
  })

  it('is let through to the 405 that says which methods there are', async () => {
    await using mock = await createMock()
    const talk = await talkTo(mock)
    const asked = { origin, 'access-control-request-method': 'PATCH' }
    const preflight = await talk(webhooks, { method: 'OPTIONS', headers: asked })
    expect(preflight.headers['access-control-allow-methods']?.split(', ')).toContain('PATCH')
    expect(preflight.headers.allow?.split(', ')).not.toContain('PATCH')
    const answer = await talk(webhooks, { method: 'PATCH', headers: { origin } })
    expect(answer).toMatchObject({ status: 405, headers: { 'access-control-allow-origin': origin } })
  })

  it('may ask for the private network', async () => {
    await using mock = await createMock()
    const talk = await talkTo(mock)
    const headers = {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-private-network': 'true',
    }
    const { headers: shown } = await talk(webhooks, { method: 'OPTIONS', headers })
    expect(shown).toMatchObject({ 'access-control-allow-private-network': 'true' })
  })

  it.each<[string, string, Record<string, string>, number]>([
    ['a success', webhooks, { authorization: 'Bearer a' }, 201],
    ['a refusal', webhooks, {}, 401],
    ['a path that is unknown', '/nowhere', {}, 404],
    ['a method that is unknown', `${webhooks}/wh-1`, {}, 405],
  ])('can read %s', async (_, target, headers, status) => {
    await using mock = await createMock()
    const talk = await talkTo(mock)
    const answer = await talk(target, { json, headers: { origin, ...headers } })
    expect(answer).toMatchObject({
      status,
      headers: { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true', vary: 'Origin' },
    })
  })

  it('can read the fields that answers have beyond the usual', async () => {
    await using mock = await createMock()
    const talk = await talkTo(mock)
    const { headers } = await talk(webhooks, { json, headers: { origin } })
    expect(headers).toMatchObject({ 'access-control-expose-headers': 'www-authenticate' })
    const applied = await talk(webhooks, { json, headers: { origin, authorization: 'Bearer a', prefer: 'code=400' } })
    expect(applied.headers).toMatchObject({ 'access-control-expose-headers': 'preference-applied' })
  })

  it('is let through to the 404 that says what is wrong with its path', async () => {
    await using mock = await createMock()
    const talk = await talkTo(mock)
    const headers = { origin, 'access-control-request-method': 'POST' }
    const preflight = await talk('/nowhere', { method: 'OPTIONS', headers })
    expect(preflight).toMatchObject({ status: 204, headers: { 'access-control-allow-methods': 'POST' } })
  })
})

describe.each([...faces])('a client that is no page, $name', ({ talkTo }) => {
  it('gets no fields of CORS', async () => {
    await using mock = await createMock()
    const talk = await talkTo(mock)
    const { headers } = await talk(webhooks, { json, headers: { authorization: 'Bearer a' } })
    expect(Object.keys(headers).filter(name => name.startsWith('access-control') || name === 'vary')).toEqual([])
  })

  it('is told 404 by OPTIONS of a path that is unknown', async () => {
    await using mock = await createMock()
    const talk = await talkTo(mock)
    expect(await talk('/nowhere', { method: 'OPTIONS' })).toMatchObject({ status: 404 })
  })
})
