import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HttpRequest } from '../http/index.ts'

/** A request whose client hung up. */
export type BrokenOff = {
  readonly request: Pick<HttpRequest, 'method' | 'target' | 'headers'>
  /** Bytes of its body that came. */
  readonly bytes: number
  /** Whether it had come as a whole, and its client did not wait for the answer. */
  readonly isWhole: boolean
}

/** Tells when a request breaks off, or its client does not wait for the answer. */
export function tellBrokenOff(
  request: IncomingMessage,
  response: ServerResponse,
  tell: (told: BrokenOff) => void,
): void {
  let bytes = 0
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
  })
  response.once('close', () => {
    if (response.writableFinished) return
    const { method = 'GET', url: target = '/', rawHeaders: headers } = request
    tell({ request: { method, target, headers }, bytes, isWhole: request.complete })
  })
}
