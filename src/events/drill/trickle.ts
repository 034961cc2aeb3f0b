import { request as open } from 'node:http'
import type { HttpRequest } from '../../http/index.ts'
import type { Said } from './asker.ts'

/**
 * Sends a body in pieces.
 *
 * @param timeout milliseconds that an answer may take after the last piece
 */
export async function trickle(url: URL, { method, headers, body }: HttpRequest, timeout: number): Promise<Said> {
  const { request: openSecure } = await import('node:https')
  return await new Promise(resolve => {
    const begin = url.protocol === 'https:' ? openSecure : open
    const fields = [...headers, 'Host', url.host, 'Content-Length', String(body.length), 'Connection', 'close']
    const sent = begin(url, { method, headers: fields, agent: false })
    const pieces = 5
    const pause = 350
    const timer = setTimeout(
      () => sent.destroy(new Error(`no answer within ${timeout} ms after the last piece`)),
      pieces * pause + timeout,
    )
    sent.on('response', message => {
      clearTimeout(timer)
      message.on('error', () => {})
      sent.destroy()
      resolve(message.statusCode ?? 0)
    })
    sent.on('error', error => {
      clearTimeout(timer)
      resolve(error.message)
    })
    const size = Math.ceil(body.length / pieces)
    let at = 0
    const next = (): void => {
      if (sent.destroyed) return
      sent.write(body.subarray(at * size, (at + 1) * size))
      at += 1
      if (at < pieces) setTimeout(next, pause)
      else sent.end()
    }
    next()
  })
}
