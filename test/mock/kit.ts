import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request as send } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type CreateMockOptions, createMock, type Document, loadDocument, type MockServer } from '../../src/index.ts'

/** A request as a test writes it down. */
export type Ask = {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON, with its Content-Type unless the headers name another. */
  readonly json?: unknown
  /** Sent as it is. */
  readonly body?: string | Uint8Array
}

/** An answer as a test looks at it. */
export type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** The body read as JSON, `undefined` when it is none. */
  readonly json: unknown
}

/** One way to talk to a mock. */
export type Talk = (target: string, ask?: Ask) => Promise<Answer>

/** The ways to talk to a mock; a suite that runs over both shows that they answer alike. */
export const faces = [
  { name: 'in process', talkTo: async (mock: MockServer): Promise<Talk> => overFetch(mock) },
  { name: 'over a socket', talkTo: async (mock: MockServer): Promise<Talk> => overSocket((await mock.listen()).url) },
] as const

/** Talks without a port, through the mock's `fetch`. */
export function overFetch(mock: MockServer): Talk {
  return async (target, ask = {}) => {
    const { method, headers, body } = written(ask)
    const response = await mock.fetch(`http://mock.example${target}`, {
      method,
      headers,
      ...(body !== undefined && { body: body as Uint8Array<ArrayBuffer> }),
    })
    return answerOf(response.status, Object.fromEntries(response.headers), Buffer.from(await response.arrayBuffer()))
  }
}

/** Talks over TCP with node's own client, which sends what `fetch` refuses. */
export function overSocket(url: string): Talk {
  return (target, ask = {}) => {
    const { method, headers, body } = written(ask)
    const { hostname, port } = new URL(url)
    return new Promise((resolve, reject) => {
      const length = body === undefined ? {} : { 'content-length': String(body.length) }
      const request = send(
        { hostname, port, path: target, method, headers: { ...headers, ...length }, agent: false },
        response => {
          const chunks: Buffer[] = []
          response.on('data', chunk => chunks.push(chunk))
          response.on('error', reject)
          response.on('end', () => {
            const fields: Record<string, string> = {}
            for (const [name, value] of Object.entries(response.headers)) fields[name] = String(value)
            resolve(answerOf(response.statusCode ?? 0, fields, Buffer.concat(chunks)))
          })
        },
      )
      request.on('error', reject)
      request.end(body)
    })
  }
}

function written({ method, headers, json, body }: Ask): {
  method: string
  headers: Record<string, string>
  body: Uint8Array | undefined
} {
  const text = json === undefined ? body : JSON.stringify(json)
  return {
    method: method ?? (text === undefined ? 'GET' : 'POST'),
    headers: { ...(json !== undefined && { 'content-type': 'application/json' }), ...headers },
    body: typeof text === 'string' ? Buffer.from(text) : text,
  }
}

function answerOf(status: number, headers: Record<string, string>, body: Buffer): Answer {
  const text = body.toString()
  return { status, headers, text, json: readJson(text) }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The parts of a document that a test cares about. */
export type Parts = {
  readonly openapi?: string
  readonly paths: Readonly<Record<string, unknown>>
  readonly components?: unknown
  readonly security?: unknown
  readonly servers?: unknown
}

/** A loaded document of these parts. */
export async function documentOf(parts: Parts): Promise<Document> {
  const folder = await mkdtemp(path.join(tmpdir(), 'contrato-test-'))
  const file = path.join(folder, 'openapi.json')
  try {
    await writeFile(file, JSON.stringify({ openapi: '3.1.0', info: { title: 'A test', version: '1' }, ...parts }))
    const document = await loadDocument(file)
    document.locate('#')
    return document
  } finally {
    await rm(folder, { recursive: true })
  }
}

export async function mockOf(parts: Parts, options?: CreateMockOptions): Promise<MockServer> {
  return createMock(await documentOf(parts), options)
}

/** A document with the one operation `GET /thing`, or another method. */
export function thing(operation: Readonly<Record<string, unknown>>, method = 'get'): Parts {
  return { paths: { '/thing': { [method]: { operationId: 'thing', ...operation } } } }
}

/** A response with a JSON body. */
export function json(schema: unknown, extra: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { description: 'A test.', content: { 'application/json': { schema, ...extra } } }
}
