import { connect } from 'node:net'
import type { HttpRequest, HttpResponse } from '../../src/index.ts'
import { type Listening, makeApp, type ServeOptions, type Site, serve } from '../../src/server/index.ts'

/** A site that knows every path below `/known` and answers as told, by default with what it was asked. */
export function siteOf(
  reply: (request: HttpRequest) => HttpResponse | Promise<HttpResponse> = request => said(described(request)),
): Site<string> {
  return {
    find: (_, target) => (target.startsWith('/known') ? target : undefined),
    reply: (_, request) => reply(request),
    missing: request => said({ missing: request.target }, 404),
  }
}

/** A JSON response. */
export function said(body: unknown, status = 200): HttpResponse {
  return { status, headers: ['content-type', 'application/json'], body: Buffer.from(JSON.stringify(body)) }
}

function described({ method, target, body, bodyLimit }: HttpRequest): Record<string, unknown> {
  return { method, target, length: body.length, ...(bodyLimit !== undefined && { bodyLimit }) }
}

/** Serves a site with the app that stands behind it in earnest. */
export async function served(site: Site<string>, options?: ServeOptions): Promise<Listening & AsyncDisposable> {
  const listening = await serve(site, () => makeApp(site, () => ({ openapi: '3.1.0' }), options), options)
  return { ...listening, [Symbol.asyncDispose]: listening.close }
}

/** Everything that the server says to these bytes until it closes the connection, or until what is waited for came. */
export function raw(port: number, bytes: string | Uint8Array, until?: (text: string) => boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    const end = (): void => {
      socket.destroy()
      resolve(text)
    }
    socket.on('data', chunk => {
      text += chunk.toString('latin1')
      if (until?.(text)) end()
    })
    socket.on('end', end)
    socket.on('close', end)
    socket.on('error', error => (text === '' ? reject(error) : end()))
  })
}

/** A promise that a test settles when it likes. */
export function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let settle: (value: T) => void = () => {}
  const promise = new Promise<T>(resolve => {
    settle = resolve
  })
  return { promise, resolve: value => settle(value) }
}
