import type { AddressInfo } from 'node:net'
import express from 'express'
import { describe, expect, it } from 'vitest'
import {
  createMock,
  DocumentTrouble,
  loadDocument,
  type MockServer,
  shippedDocument,
  Trouble,
} from '../../src/index.ts'
import { raw } from '../server/kit.ts'

const webhooks = '/api/v2/instance/acme/webhook'
const headers = { authorization: 'Bearer a-token', 'content-type': 'application/json' }
const body = JSON.stringify({ name: 'Support inbox', url: 'https://a.example' })
const create = { method: 'POST', headers, body } as const

describe('createMock', () => {
  it('takes the shipped document, a path, or a loaded document', async () => {
    for (const document of [undefined, shippedDocument(), await loadDocument(shippedDocument())]) {
      await using mock = await createMock(document)
      expect(mock.api.title).toBe('CodeChat webhooks')
      expect((await mock.fetch(`http://mock${webhooks}`, create)).status).toBe(201)
    }
  })

  it.each(['nowhere.yaml', 'package.json'])('says why %s cannot be used', async file => {
    const error = await createMock(file).catch(reason => reason)
    expect(error).toBeInstanceOf(DocumentTrouble)
    expect(error).toMatchObject({ exitCode: 2, help: expect.any(String) })
  })
})

describe('the handler of a mock', () => {
  it('answers plain data', async () => {
    await using mock = await createMock()
    const fields = Object.entries(headers).flat()
    const answer = await mock.handler({ method: 'POST', target: webhooks, headers: fields, body: Buffer.from(body) })
    expect(answer.status).toBe(201)
    expect(JSON.parse(Buffer.from(answer.body).toString())).toMatchObject({ name: 'Support inbox' })
  })

  it('answers HEAD without a body, as the wire would', async () => {
    await using mock = await createMock()
    const fields = ['authorization', 'Bearer a']
    const answer = await mock.handler({ method: 'HEAD', target: webhooks, headers: fields, body: new Uint8Array() })
    expect(answer).toMatchObject({ status: 200, body: { length: 0 } })
  })
})

describe('the fetch of a mock', () => {
  it('takes an address as text, URL or path', async () => {
    await using mock = await createMock()
    for (const address of [`https://any.example:8443${webhooks}`, new URL(`http://mock${webhooks}`), webhooks]) {
      expect((await mock.fetch(address, create)).status).toBe(201)
    }
  })

  it('takes a Request, with what is said beside it', async () => {
    await using mock = await createMock()
    const request = new Request(`http://mock${webhooks}`, create)
    expect((await mock.fetch(request.clone())).status).toBe(201)
    expect((await mock.fetch(request, { headers: { 'content-type': 'application/json' } })).status).toBe(401)
  })

  it('takes a stream for a body', async () => {
    await using mock = await createMock()
    const stream = new ReadableStream({
      start(controller) {
        for (const letter of body) controller.enqueue(Buffer.from(letter))
        controller.close()
      },
    })
    const response = await mock.fetch(`http://mock${webhooks}`, {
      ...create,
      body: stream,
      duplex: 'half',
    } as RequestInit)
    expect(response.status).toBe(201)
    expect(await response.json()).toMatchObject({ name: 'Support inbox' })
  })

  it('takes the length of a body as the server does', async () => {
    await using mock = await createMock()
    const post = async (length: number): Promise<number> => {
      const text = `{"name":"a","url":"${'b'.repeat(length - 21)}"}`
      expect(text).toHaveLength(length)
      return (await mock.fetch(webhooks, { ...create, body: text })).status
    }
    expect(await post(1024 * 1024)).toBe(201)
    expect(await post(1024 * 1024 + 1)).toBe(413)
  })

  it('gives a Response that can be read once, with its fields', async () => {
    await using mock = await createMock()
    const response = await mock.fetch(webhooks, { headers })
    expect(response).toBeInstanceOf(Response)
    expect(response.headers.get('Content-Type')).toBe('application/json')
    expect(await response.json()).toHaveLength(2)
    await expect(response.text()).rejects.toThrow()
  })

  it('can be handed on without its mock', async () => {
    await using mock = await createMock()
    const { fetch } = mock
    expect((await fetch(webhooks, { headers })).status).toBe(200)
  })

  it('is cut short by its signal', async () => {
    await using mock = await createMock()
    const late = { headers: { ...headers, prefer: 'delay=60000' } }
    await expect(mock.fetch(webhooks, { ...late, signal: AbortSignal.abort() })).rejects.toThrow('aborted')
    const controller = new AbortController()
    const answer = mock.fetch(webhooks, { ...late, signal: controller.signal })
    controller.abort(new Error('no longer wanted'))
    await expect(answer).rejects.toThrow('no longer wanted')
  })

  it('refuses what fetch refuses', async () => {
    await using mock = await createMock()
    await expect(mock.fetch('not an address')).rejects.toThrow(TypeError)
    await expect(mock.fetch(webhooks, { body, method: 'GET' })).rejects.toThrow(TypeError)
  })
})

describe('a mock that listens', () => {
  it('has no address before', async () => {
    await using mock = await createMock()
    expect(() => mock.url).toThrow('call `await mock.listen()` first')
  })

  it('has the address of its first server, and may have several', async () => {
    await using mock = await createMock()
    const [first, second] = [await mock.listen(), await mock.listen()]
    expect(mock.url).toBe(first.url)
    expect(second.url).not.toBe(first.url)
    for (const { url } of [first, second]) expect((await fetch(`${url}${webhooks}`, create)).status).toBe(201)
  })

  it('gives ids out once, whichever way they are asked for', async () => {
    await using mock = await createMock()
    const [first, second] = [await mock.listen(), await mock.listen()]
    const answers = [await fetch(`${first.url}${webhooks}`, create), await fetch(`${second.url}${webhooks}`, create)]
    answers.push(await mock.fetch(webhooks, create))
    const ids = await Promise.all(
      answers.map(async answer => ((await answer.json()) as { webhookId: string }).webhookId),
    )
    expect(new Set(ids).size).toBe(3)
  })

  it('has no address after it was closed, and may listen again', async () => {
    const mock = await createMock()
    const { url } = await mock.listen()
    await mock.close()
    expect(() => mock.url).toThrow()
    await expect(fetch(url)).rejects.toThrow()
    await mock.listen()
    expect((await fetch(`${mock.url}${webhooks}`, create)).status).toBe(201)
    await mock.close()
  })

  it('is closed at the end of its scope', async () => {
    let url: string
    {
      await using mock = await createMock()
      ;({ url } = await mock.listen())
      expect((await fetch(`${url}/__contrato/health`)).status).toBe(200)
    }
    await expect(fetch(url)).rejects.toThrow()
  })

  it('is closed when its scope fails', async () => {
    let url = ''
    const failing = async (): Promise<void> => {
      await using mock = await createMock()
      ;({ url } = await mock.listen())
      throw new Error('of the test')
    }
    await expect(failing()).rejects.toThrow('of the test')
    await expect(fetch(url)).rejects.toThrow('fetch failed')
  })

  it('may be closed without ever having listened, and twice', async () => {
    const mock = await createMock()
    await mock.close()
    await mock.close()
    expect((await mock.fetch(webhooks, create)).status).toBe(201)
  })

  it('says when its port is in use', async () => {
    await using mock = await createMock()
    const { port } = await mock.listen()
    await expect(mock.listen({ port })).rejects.toThrow(Trouble)
    expect(mock.url).toContain(String(port))
  })

  it('shows its document', async () => {
    await using mock = await createMock()
    await mock.listen()
    const shown = (await (await fetch(`${mock.url}/__contrato/document`)).json()) as { paths: object }
    expect(Object.keys(shown.paths)).toEqual(Object.keys(mock.api.document.root.paths as object))
  })

  it('tells what it served and takes its own limit', async () => {
    const lines: unknown[] = []
    await using mock = await createMock()
    await mock.listen({ bodyLimit: 10, onServed: ({ method, path, status }) => lines.push([method, path, status]) })
    await fetch(`${mock.url}${webhooks}`, create)
    expect(lines).toEqual([['POST', webhooks, 413]])
  })

  it('answers a request target in absolute form as it does the path', async () => {
    await using mock = await createMock()
    const { port } = await mock.listen()
    const text = await raw(port, `GET http://other.example${webhooks} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
    expect(text).toMatch(/^HTTP\/1\.1 401 /)
  })

  it('answers OPTIONS * for the server as a whole', async () => {
    await using mock = await createMock()
    const { port } = await mock.listen()
    const text = await raw(port, 'OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    expect(text).toMatch(/^HTTP\/1\.1 204 No Content\r\nallow: GET, POST, PUT, PATCH, HEAD, OPTIONS\r\n/)
  })
})

describe('a mock in the Express app of a user', () => {
  async function statusOf(mock: MockServer, prepare: (app: express.Express) => void, path: string): Promise<number> {
    const app = express()
    prepare(app)
    app.use(mock.middleware())
    app.get('/mine', (_request, response) => {
      response.sendStatus(202)
    })
    const server = app.listen(0, '127.0.0.1')
    await new Promise(resolve => server.once('listening', resolve))
    const { port } = server.address() as AddressInfo
    const { status } = await fetch(`http://127.0.0.1:${port}${path}`, path === '/mine' ? {} : create)
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
    return status
  }

  it('answers its operations and leaves the rest to the app', async () => {
    await using mock = await createMock()
    expect(await statusOf(mock, () => {}, webhooks)).toBe(201)
    expect(await statusOf(mock, () => {}, '/mine')).toBe(202)
    expect(await statusOf(mock, () => {}, '/nowhere')).toBe(404)
  })

  it('answers behind express.json() too', async () => {
    await using mock = await createMock()
    expect(await statusOf(mock, app => app.use(express.json()), webhooks)).toBe(201)
  })
})
