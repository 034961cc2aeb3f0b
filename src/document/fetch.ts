import { exitCodes, type Finding } from '../finding/index.ts'
import { DocumentTrouble } from './source-file.ts'

/** A file of this many bytes is read; a larger one is refused. */
export const maxBytes = 20 * 1024 * 1024

/** Milliseconds until a server has sent the whole file. */
const patience = 30_000

const maxRedirects = 5

/**
 * The bytes that a server sends for an address. Redirects are followed on the same host only.
 *
 * @throws DocumentTrouble with exit code 3 when the host does not answer, 2 when it does not send a file
 */
export async function fetchBytes(address: string): Promise<Buffer> {
  const signal = AbortSignal.timeout(patience)
  let here = address
  for (let hops = 0; ; hops += 1) {
    const response = await ask(here, signal)
    const next = response.headers.get('location')
    if (response.status >= 300 && response.status < 400 && next !== null) {
      await response.body?.cancel()
      here = redirected(here, next, hops)
      continue
    }
    if (!response.ok) {
      await response.body?.cancel()
      throw unusable(address, `the server answers ${response.status}`, 'Check the URL; the file has to be open to all.')
    }
    return await readBytes(response, address)
  }
}

async function ask(address: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(address, { redirect: 'manual', signal, headers: { accept: '*/*' } })
  } catch (error) {
    throw unreachable(address, error)
  }
}

function redirected(from: string, location: string, hops: number): string {
  const to = URL.canParse(location, from) ? new URL(location, from) : undefined
  const help = 'Give the URL that it leads to, if you trust it.'
  if (to === undefined || to.host !== new URL(from).host || !/^https?:$/.test(to.protocol)) {
    throw unusable(from, `it is redirected to another host, ${to?.origin ?? location}`, help)
  }
  if (new URL(from).protocol === 'https:' && to.protocol === 'http:') {
    throw unusable(from, 'it is redirected from https to http', help)
  }
  if (hops >= maxRedirects) throw unusable(from, `it is redirected more than ${maxRedirects} times`, help)
  return to.href
}

async function readBytes(response: Response, address: string): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    const reader = response.body?.getReader()
    for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
      size += part.value.length
      if (size > maxBytes) break
      chunks.push(part.value)
    }
    if (size > maxBytes) await reader?.cancel()
  } catch (error) {
    throw unreachable(address, error)
  }
  if (size <= maxBytes) return Buffer.concat(chunks)
  const help = 'Split it into files that reference one another.'
  throw unusable(address, `it has more than ${maxBytes} bytes`, help, 'document-too-large')
}

function unusable(
  address: string,
  reason: string,
  help: string,
  code: Finding['code'] = 'document-not-found',
): DocumentTrouble {
  const message = `Cannot read the document ${address}: ${reason}`
  return new DocumentTrouble(message, help, [{ code, severity: 'error', message, help }], new Map())
}

function unreachable(address: string, error: unknown): DocumentTrouble {
  const message = `Cannot read the document ${address}: ${reasonOf(error)}`
  const help = 'Check the address and that its server runs.'
  const finding: Finding = { code: 'document-not-found', severity: 'error', message, help }
  return new DocumentTrouble(message, help, [finding], new Map(), exitCodes.unreachable)
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `the server has not sent it within ${patience / 1000} seconds`
  const { cause } = error
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message
}
