import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CreateMockOptions, createMock, type MockServer } from '../../src/index.ts'
import { documentOf } from '../kit/index.ts'

/** A call that a receiver got. */
export type Got = {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly rawHeaders: readonly string[]
  readonly text: string
}

export type Answer = { readonly status?: number; readonly headers?: Record<string, string>; readonly body?: string }

/** A server that keeps what it gets, and answers as told. */
export async function receiver(
  answer: (got: Got, count: number) => Answer | Promise<Answer> = () => ({}),
): Promise<
  { readonly url: string; readonly port: number; readonly got: Got[]; readonly server: Server } & AsyncDisposable
> {
  const got: Got[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk))
    request.on('end', async () => {
      const { method = '', url = '', headers, rawHeaders } = request
      const one = { method, url, headers, rawHeaders, text: Buffer.concat(chunks).toString() }
      got.push(one)
      const { status = 200, headers: fields = {}, body } = await answer(one, got.length)
      response.writeHead(status, fields)
      response.end(body)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = (): Promise<void> =>
    new Promise(resolve => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url: `http://127.0.0.1:${port}`, port, got, server, [Symbol.asyncDispose]: close }
}

/** A mock of a YAML text. */
export async function mockOf(yaml: string, options?: CreateMockOptions): Promise<MockServer> {
  return await createMock(await documentOf(yaml), options)
}

/** Sends JSON to the mock and returns what it answers. */
export async function send(
  mock: MockServer,
  line: string,
  body?: unknown,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const [method = '', path = ''] = line.split(' ')
  const response = await mock.fetch(path, {
    method,
    headers: { authorization: 'Bearer any', 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? {} : JSON.parse(text) }
}

/** Registers a webhook with the shipped document; returns its id. */
export async function register(
  mock: MockServer,
  url: string,
  more: object = { enabled: true },
  instance = 'inst-1',
): Promise<string> {
  const { status, body } = await send(mock, `POST /api/v2/instance/${instance}/webhook`, { name: 'CRM', url, ...more })
  if (status !== 201) throw new Error(`registering was answered ${status}: ${JSON.stringify(body)}`)
  return String(body.webhookId)
}
