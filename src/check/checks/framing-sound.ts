import { type HttpResponse, headerOf } from '../../http/index.ts'
import { answered, defineCheck, type Objection } from '../check.ts'

export const framingSound = defineCheck({
  id: 'framing-sound',
  asks: 'Does the answer begin and end where it says?',
  judge: evidence => {
    const { response } = evidence.exchange
    const isCoded = headerOf(response.headers, 'content-encoding') !== undefined
    if (response.framing === undefined && !isCoded) return []
    return framingObjections(response, answered(evidence), evidence.operation.pointer)
  },
})

/** What is wrong with the bytes around a body, whatever was asked. */
export function framingObjections(response: HttpResponse, what: string, pointer: string): Objection[] {
  const help = 'Leave lengths and chunks to the HTTP library. Source: RFC 9112, section 6.'
  const { framing = [] } = response
  const unsound = framing.map(
    (says): Objection => ({ code: 'framing-unsound', message: `${what}: ${says}`, help, pointer }),
  )
  return [...unsound, ...codingObjections(response, what, pointer)]
}

/** Source: the HTTP Content Coding Registry of IANA; the last is what Amazon calls its own. */
const codings = new Set([
  ...['aes128gcm', 'br', 'compress', 'dcb', 'dcz', 'deflate', 'exi', 'gzip', 'identity', 'pack200-gzip', 'x-compress'],
  ...['x-gzip', 'zstd', 'aws-chunked'],
])

/** A charset says which bytes a letter is, and not how they were packed. */
const charset = /^(utf-?(8|16|32)|iso-?8859|us-ascii|ascii|latin|windows-\d)/

/** A coding that nobody has leaves programs with bytes that they do not read. Source: RFC 9110, section 8.4.1. */
function codingObjections({ headers, body }: HttpResponse, what: string, pointer: string): Objection[] {
  const field = body.length === 0 ? undefined : headerOf(headers, 'content-encoding')
  const names = (field ?? '').split(',').map(name => name.trim().toLowerCase())
  const unknown = names.find(name => name !== '' && !codings.has(name))
  if (unknown === undefined) return []
  return [
    {
      code: 'framing-unsound',
      message: `${what} with Content-Encoding: ${field}, and ${unknown} is no coding`,
      help: 'Name what the body was packed with, or leave Content-Encoding out. Source: RFC 9110, section 8.4.1.',
      pointer,
      severity: charset.test(unknown) ? 'error' : 'warning',
    },
  ]
}
