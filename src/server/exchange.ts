import type { IncomingMessage, ServerResponse } from 'node:http'
import { type HttpRequest, type HttpResponse, noBytes } from '../http/index.ts'
import { tellBrokenOff } from './broken-off.ts'
import { defaultBodyLimit, type Served, type Site, type SiteOptions } from './site.ts'

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
  if (options.onBrokenOff !== undefined) tellBrokenOff(request, response, options.onBrokenOff)
  readBody(request, limit, body => {
    const { method = 'GET', url: target = '/', rawHeaders: headers } = request
    const message: HttpRequest =
      body === undefined
        ? { method, target, headers, body: noBytes, bodyLimit: limit }
        : { method, target, headers, body }
    const finish = (answered: HttpResponse): void =>
      together(() => {
        try {
          write(response, answered, message.method, body === undefined)
          if (options.onServed !== undefined) options.onServed(servedOf(message, answered.status, start))
        } catch (error) {
          fail(error)
        }
      })
    const fail = (error: unknown): void => {
      answerFault(response)
      options.onBug?.(error)
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

/** Answers that are made and wait to be written. */
let unwritten: (() => void)[] = []

/**
 * Writes an answer after those to all requests that came with its own are made. To write to a client that sleeps wakes it,
 * which costs a tenth of what the whole answer does; of several writes in a row only the first wakes it.
 */
function together(write: () => void): void {
  if (unwritten.length === 0) setImmediate(writeAll)
  unwritten.push(write)
}

function writeAll(): void {
  const all = unwritten
  unwritten = []
  for (const write of all) write()
}

function servedOf({ method, target }: HttpRequest, status: number, start: number): Served {
  const query = target.indexOf('?')
  return {
    method,
    path: query === -1 ? target : target.slice(0, query),
    status,
    milliseconds: performance.now() - start,
  }
}

/** The answer when this program is at fault; nothing when another is under way. */
export function answerFault(response: ServerResponse): void {
  if (response.headersSent || response.destroyed) return
  const title = 'Internal Server Error'
  const body = { type: 'about:blank', title, status: 500, detail: 'contrato failed to answer; its log says why.' }
  const bytes = Buffer.from(JSON.stringify(body))
  response.writeHead(500, { 'content-type': 'application/problem+json', 'content-length': bytes.length })
  response.end(bytes)
}

/** Hands over the body, or `undefined` when it is longer than the limit; nothing when the client went away. */
function readBody(request: IncomingMessage, limit: number, done: (body: Uint8Array | undefined) => void): void {
  if (request.readableEnded) {
    const body = readBefore(request)
    done(body.length > limit ? undefined : body)
    return
  }
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

/**
 * The body of a request that a parser before us has read to its end, as `express.json()` does. What it understood is
 * written again, which is as close to the bytes that were sent as one can come.
 */
function readBefore(request: IncomingMessage): Uint8Array {
  const parsed: unknown = 'body' in request ? request.body : undefined
  if (parsed === undefined) return noBytes
  if (parsed instanceof Uint8Array) return parsed
  if (typeof parsed === 'string' && !/json/i.test(request.headers['content-type'] ?? '')) return Buffer.from(parsed)
  return Buffer.from(JSON.stringify(parsed))
}

function write(
  response: ServerResponse,
  { status, headers, body }: HttpResponse,
  method: string,
  unread: boolean,
): void {
  if (response.headersSent || response.destroyed) return
  const fields = [...headers]
  // RFC 9110, section 8.6: none with 1xx and 204; with 304 it would be that of the answer which is not sent.
  if (status >= 200 && status !== 204 && status !== 304) fields.push('content-length', String(body.length))
  if (unread) fields.push('connection', 'close')
  response.writeHead(status, fields)
  if (method === 'HEAD' || status === 204 || status === 304) response.end()
  else response.end(body)
}
