import { exitCodes, Trouble } from '../finding/index.ts'
import { type Headers, type HttpRequest, type HttpResponse, headerOf, sendTo, Unreachable } from '../http/index.ts'

/** Milliseconds that a receiver has to answer what is passed on; senders seldom wait longer. */
const patience = 15_000

/** Header fields that belong to one connection. Source: RFC 9110, section 7.6.1. */
const ofConnection = [
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'upgrade',
  'expect',
]

/** Passes requests on. */
export type Forward = {
  readonly url: URL
  /** The answer for the sender, and what became of it in words. */
  pass(request: HttpRequest): Promise<{ readonly answer: HttpResponse; readonly says: string }>
}

/**
 * Where an event is passed on: to this very address where it has a path, else to the path that was asked for.
 *
 * @throws Trouble with exit code 2 for what is no http or https URL
 */
export function forwardOf(text: string | undefined): Forward | undefined {
  if (text === undefined) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    const help = 'Give it as http://127.0.0.1:3000/hook'
    throw new Trouble(exitCodes.unusable, `--forward ${text} is not an http or https URL`, help)
  }
  const handler = sendTo(new URL(url.origin), { timeout: patience })
  const path = url.pathname === '/' && url.search === '' ? undefined : `${url.pathname}${url.search}`
  // Without what may be secret in it.
  const shown = `${url.origin}${url.pathname}`
  return {
    url,
    pass: async request => {
      try {
        const target = path ?? request.target
        const answer = await handler({ ...request, target, headers: endToEnd(request.headers) })
        return {
          answer: { ...answer, headers: endToEnd(answer.headers) },
          says: `${shown} answered ${answer.status}`,
        }
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error
        const says = `${shown} cannot be reached: ${error.message}`
        const body = Buffer.from(
          JSON.stringify({ type: 'about:blank', status: 502, title: 'Bad Gateway', detail: says }),
        )
        return { answer: { status: 502, headers: ['Content-Type', 'application/problem+json'], body }, says }
      }
    },
  }
}

/** Whether a URL leads to what listens at this address and port. */
export function leadsTo({ hostname, port, protocol }: URL, host: string, own: number): boolean {
  if (Number(port || (protocol === 'https:' ? 443 : 80)) !== own) return false
  const here = ['127.0.0.1', 'localhost', '[::1]', '0.0.0.0', '[::]']
  return here.includes(hostname) || hostname === host
}

/** Fields that are meant for the other end, and not for the connection on the way. */
function endToEnd(headers: Headers): string[] {
  const named = (headerOf(headers, 'connection') ?? '').split(',').map(name => name.trim().toLowerCase())
  const left = new Set([...ofConnection, ...named])
  return headers.filter((_, at) => !left.has((headers[at - (at % 2)] ?? '').toLowerCase()))
}
