import type { AddressInfo } from 'node:net'
import express, { type Express } from 'express'
import { describe, expect, it } from 'vitest'
import { middleware } from '../../src/server/index.ts'
import { raw, said, served, siteOf } from './kit.ts'

describe('the server speaks of itself', () => {
  it('at /__contrato/health', async () => {
    await using server = await served(siteOf())
    const response = await fetch(`${server.url}/__contrato/health`)
    expect(response.headers.get('content-type')).toMatch(/^application\/json/)
    expect(await response.json()).toEqual({ status: 'ok' })
  })

  it('at /__contrato/document', async () => {
    await using server = await served(siteOf())
    expect(await (await fetch(`${server.url}/__contrato/document`)).json()).toEqual({ openapi: '3.1.0' })
  })

  it.each([
    '/__contrato',
    '/__contrato/',
    '/__contrato/nothing',
    '/',
    '//',
    '/%',
    '/%00',
    '/../..',
    '/?',
    '/a b'.replace(' ', '%20'),
  ])('leaves what nobody knows to the site: %s', async path => {
    await using server = await served(siteOf())
    const text = await raw(server.port, `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
    expect(text).toMatch(/^HTTP\/1\.1 404 /)
    expect(text).toContain(`{"missing":${JSON.stringify(path)}}`)
  })

  it('does not say what it is made of', async () => {
    await using server = await served(siteOf())
    const { headers } = await fetch(`${server.url}/elsewhere`)
    expect(headers.has('x-powered-by')).toBe(false)
    expect(headers.has('etag')).toBe(false)
  })

  it.each(['http://a.example/__contrato/health', 'HTTP://a.example:80/__contrato/health'])(
    'to those who name the whole address: %s',
    async target => {
      await using server = await served(siteOf())
      const text = await raw(server.port, `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
      expect(text).toContain('{"status":"ok"}')
    },
  )

  it('to requests with a body', async () => {
    await using server = await served(siteOf())
    const response = await fetch(`${server.url}/elsewhere`, { method: 'POST', body: 'a'.repeat(100_000) })
    expect(response.status).toBe(404)
  })
})

describe('a site in the Express app of a user', () => {
  async function inApp(prepare: (app: Express) => void): Promise<{ url: string } & AsyncDisposable> {
    const app = express()
    prepare(app)
    const server = await new Promise<ReturnType<Express['listen']>>(resolve => {
      const listening = app.listen(0, '127.0.0.1', () => resolve(listening))
    })
    return {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      [Symbol.asyncDispose]: async () => {
        server.closeAllConnections()
        await new Promise(resolve => server.close(resolve))
      },
    }
  }
  const echo = siteOf(({ target, body }) => said({ target, body: Buffer.from(body).toString() }))

  it('answers what it knows and leaves the rest to the app', async () => {
    await using app = await inApp(app => {
      app.use(middleware(echo))
      app.get('/mine', (_request, response) => {
        response.send('mine')
      })
    })
    expect(await (await fetch(`${app.url}/known`)).json()).toEqual({ target: '/known', body: '' })
    expect(await (await fetch(`${app.url}/mine`)).text()).toBe('mine')
    expect((await fetch(`${app.url}/neither`)).status).toBe(404)
  })

  it('answers below the path where it is mounted', async () => {
    await using app = await inApp(app => app.use('/mock', middleware(echo)))
    expect(await (await fetch(`${app.url}/mock/known?a=b`)).json()).toEqual({ target: '/known?a=b', body: '' })
    expect((await fetch(`${app.url}/known`)).status).toBe(404)
  })

  it.each<[string, (app: Express) => unknown, RequestInit, string]>([
    [
      'JSON',
      app => app.use(express.json()),
      { headers: { 'content-type': 'application/json' }, body: '{"a":[1]}' },
      '{"a":[1]}',
    ],
    [
      'JSON that is a text',
      app => app.use(express.json({ strict: false })),
      { headers: { 'content-type': 'application/json' }, body: '"a"' },
      '"a"',
    ],
    ['bytes', app => app.use(express.raw({ type: () => true })), { body: 'a' }, 'a'],
    ['text', app => app.use(express.text()), { headers: { 'content-type': 'text/plain' }, body: 'a' }, 'a'],
    ['nothing', app => app.use(express.json()), {}, ''],
    [
      'another media type',
      app => app.use(express.json()),
      { headers: { 'content-type': 'text/plain' }, body: 'a' },
      'a',
    ],
  ])('gets the body that a parser has read before it: %s', async (_, parse, init, body) => {
    await using app = await inApp(app => {
      parse(app)
      app.use(middleware(echo))
    })
    const response = await fetch(`${app.url}/known`, { method: 'POST', ...init })
    expect(await response.json()).toEqual({ target: '/known', body })
  })

  it('is asked after something that takes its time', async () => {
    await using app = await inApp(app => {
      app.use((_request, _response, next) => {
        setTimeout(next, 10)
      })
      app.use(middleware(echo))
    })
    const response = await fetch(`${app.url}/known`, { method: 'POST', body: 'late' })
    expect(await response.json()).toEqual({ target: '/known', body: 'late' })
  })

  it('keeps the fields that the app has set', async () => {
    await using app = await inApp(app => {
      app.use((_request, response, next) => {
        response.setHeader('x-app', 'yes')
        next()
      })
      app.use(middleware(echo))
    })
    const { headers } = await fetch(`${app.url}/known`)
    expect(headers.get('x-app')).toBe('yes')
    expect(headers.get('content-type')).toBe('application/json')
  })
})
