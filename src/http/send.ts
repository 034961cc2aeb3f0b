import { type Handler, type HttpRequest, type HttpResponse, noBytes } from './message.ts'

export type SendOptions = {
  /** Fields that every request gets. */
  readonly headers?: readonly string[]
  /** Milliseconds until an answer is given up. */
  readonly timeout?: number
  /** Longest body that is read, in bytes; what is longer is cut. */
  readonly bodyLimit?: number
}

/** Why no answer came: the target could not be reached, or broke off. */
export class Unreachable extends Error {}

/**
 * A handler that sends requests to a server. Redirects are not followed and nothing is decoded: the answer is what stood
 * on the wire.
 *
 * @param base URL whose path is put in front of request targets
 */
export function sendTo(base: URL, options: SendOptions = {}): Handler {
  const { headers = [], timeout = 10_000, bodyLimit = 1024 * 1024 } = options
  const prefix = base.pathname.replace(/\/$/, '')
  return async (request: HttpRequest) => {
    // TLS takes a while to load and most targets do without.
    const { request: open } = base.protocol === 'https:' ? await import('node:https') : await import('node:http')
    return await new Promise<HttpResponse>((resolve, reject) => {
      const fail = (error: Error): void => reject(new Unreachable(error.message, { cause: error }))
      const fields = [...request.headers, ...headers, 'Host', base.host, 'Connection', 'close']
      if (request.body.length > 0) fields.push('Content-Length', String(request.body.length))
      const sent = open({
        host: base.hostname.replace(/^\[|\]$/g, ''),
        port: base.port || (base.protocol === 'https:' ? 443 : 80),
        method: request.method,
        path: `${prefix}${request.target}`,
        headers: fields,
        timeout,
      })
      sent.on('response', message => {
        const chunks: Buffer[] = []
        let length = 0
        message.on('data', (chunk: Buffer) => {
          if (length < bodyLimit) chunks.push(chunk.subarray(0, bodyLimit - length))
          length += chunk.length
        })
        message.on('end', () => {
          const body = chunks.length === 0 ? noBytes : Buffer.concat(chunks)
          resolve({ status: message.statusCode ?? 0, headers: message.rawHeaders, body })
        })
        message.on('error', fail)
      })
      sent.on('timeout', () => sent.destroy(new Error(`no answer within ${timeout} ms`)))
      sent.on('error', fail)
      sent.end(request.body)
    })
  }
}
