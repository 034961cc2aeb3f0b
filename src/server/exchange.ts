import type { IncomingMessage, ServerResponse } from 'node:http'
import { type HttpRequest, type HttpResponse, noBytes } from '../http/index.ts'
import { defaultBodyLimit, type Site, type SiteOptions } from './site.ts'

/** Bytes of an overlong body that are read and dropped, so that the client gets to read the answer. */
const maxDrained = 16 * 1024 * 1024

/** Reads a request, lets the site answer and writes the answer; all on node's own request and response. */
export function answer<Found>(
  site: Site<Found>,
  found: Found | undefined,
  request: IncomingMessage,
  response: ServerResponse,
  options: SiteOptions,
): void {
  const start = options.onServed === undefined ? 0 : performance.now()
  const limit = options.bodyLimit ?? defaultBodyLimit
  readBody(request, limit, body => {
    const message: HttpRequest = {
      method: request.method ?? 'GET',
      target: request.url ?? '/',
      headers: request.rawHeaders,
      body: body ?? noBytes,
      ...(body === undefined && { bodyLimit: limit }),
    }
    const finish = (answered: HttpResponse): void => {
      write(response, answered, message.method, body === undefined)
      if (options.onServed === undefined) return
      const path = message.target.split('?')[0] ?? ''
      options.onServed({
        method: message.method,
        path,
        status: answered.status,
        milliseconds: performance.now() - start,
      })
    }
    const fail = (error: unknown): void => {
      options.onBug?.(error)
      finish(ownFault())
    }
    try {
      const answered = found === undefined ? site.missing(message) : site.reply(found, message)
      if (answered instanceof Promise) answered.then(finish, fail)
      else finish(answered)
    } catch (error) {
      fail(error)
    }
  })
}

/** Hands over the body, or `undefined` when it is longer than the limit; nothing when the client went away. */
function readBody(request: IncomingMessage, limit: number, done: (body: Uint8Array | undefined) => void): void {
  let chunks: Buffer[] | undefined = []
  let length = 0
  let finished = false
  const finish = (): void => {
    if (finished) return
    finished = true
    if (chunks === undefined) done(undefined)
    else done(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks))
  }
  request.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length > limit) chunks = undefined
    chunks?.push(chunk)
    if (length > limit + maxDrained) finish()
  })
  request.on('end', finish)
}

function write(
  response: ServerResponse,
  { status, headers, body }: HttpResponse,
  method: string,
  unread: boolean,
): void {
  if (response.headersSent || response.destroyed) return
  const fields = [...headers]
  // RFC 9110, section 8.6: no Content-Length with 1xx and 204.
  if (status >= 200 && status !== 204) fields.push('content-length', String(body.length))
  if (unread) fields.push('connection', 'close')
  response.writeHead(status, fields)
  if (method === 'HEAD' || status === 204 || status === 304) response.end()
  else response.end(body)
}

/** The answer when this program is at fault. */
function ownFault(): HttpResponse {
  const body = {
    type: 'about:blank',
    title: 'Internal Server Error',
    status: 500,
    detail: 'contrato failed to answer; its log says why.',
  }
  return { status: 500, headers: ['content-type', 'application/problem+json'], body: Buffer.from(JSON.stringify(body)) }
}
