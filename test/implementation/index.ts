import { createServer, type IncomingMessage } from 'node:http'
import type { Handler } from '../../src/http/index.ts'
import { type Answer, answer, bodyLimit, correctSteps, type Steps } from './codechat.ts'
import { type Fault, type FaultName, faults } from './faults.ts'

export { type FaultName, faults }

export interface Implementation extends AsyncDisposable {
  readonly url: string
  readonly token: string
  close(): Promise<void>
}

export interface ImplementationOptions {
  readonly fault?: FaultName
  readonly token?: string
  readonly port?: number
}

/** How long requests that are still being answered may take when the server closes. */
const grace = 2000

/** Starts somebody else's CodeChat server on the loopback interface: right in everything, or wrong in one named way. */
export async function startImplementation(options: ImplementationOptions = {}): Promise<Implementation> {
  const { fault, token = 'instance-token', port = 0 } = options
  const steps = fault === undefined ? correctSteps(token) : faultySteps(token, fault)

  let closing = false
  const server = createServer(async (request, response) => {
    try {
      const { method = '', url: target = '', headers } = request
      const body = await read(request)
      const { status, headers: fields, body: text } = await answer(steps, { method, target, headers, body })
      // Without it a client's kept-alive connection would hold up the close.
      if (closing) response.setHeader('connection', 'close')
      response.writeHead(status, { ...fields, ...contentLength(status, text) })
      response.end(text)
    } catch {
      // The caller went away in the middle of its request.
      response.destroy()
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no TCP address')

  let closed: Promise<void> | undefined
  const close = () => {
    closing = true
    closed ??= new Promise(resolve => {
      const impatience = setTimeout(() => server.closeAllConnections(), grace)
      server.close(() => {
        clearTimeout(impatience)
        resolve()
      })
    })
    return closed
  }
  return { url: `http://127.0.0.1:${address.port}`, token, close, [Symbol.asyncDispose]: close }
}

/** The same implementation in this process, without sockets: a hundred times as fast, and as right or wrong. */
export function implementationHandler(
  fault?: FaultName,
  change: (steps: Steps) => Partial<Steps> = () => ({}),
): {
  readonly handler: Handler
  readonly token: string
} {
  const token = 'Instance-Token.in-Process'
  const steps = fault === undefined ? correctSteps(token) : faultySteps(token, fault)
  Object.assign(steps, change({ ...steps }))
  const handler: Handler = async ({ method, target, headers, body }) => {
    const names = headers.flatMap((name, at) => (at % 2 === 0 ? [[name.toLowerCase(), headers[at + 1]]] : []))
    const sent = await answer(steps, { method, target, headers: Object.fromEntries(names), body: Buffer.from(body) })
    const fields = [...Object.entries(sent.headers).flat(), 'Date', new Date().toUTCString()]
    return { status: sent.status, headers: fields, body: method === 'HEAD' ? Buffer.alloc(0) : Buffer.from(sent.body) }
  }
  return { handler, token }
}

function faultySteps(token: string, name: FaultName): Steps {
  const fault: Fault | undefined = faults.find(candidate => candidate.name === name)
  if (fault === undefined) throw new Error(`There is no fault named ${name}`)
  const steps = correctSteps(token)
  return Object.assign(steps, fault.change({ ...steps }))
}

/** Reads to the end, so that the client gets its answer, but keeps no more than shows that the limit is passed. */
async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (size <= bodyLimit) chunks.push(chunk)
    size += chunk.length
  }
  return Buffer.concat(chunks)
}

/** RFC 9110 section 8.6: a 204 has no Content-Length. */
function contentLength(status: number, body: Answer['body']): { 'content-length'?: number } {
  return status === 204 ? {} : { 'content-length': Buffer.byteLength(body) }
}
