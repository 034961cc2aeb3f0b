import { exampleRequest } from '../../../src/generate/index.ts'
import type { Handler, HttpRequest } from '../../../src/http/index.ts'
import type { Api } from '../../../src/model/index.ts'
import type { Promised, Reading } from './judge.mjs'

/** What became of one documented JSON body. */
export type Outcome = {
  readonly promised: Promised
  readonly kind: 'valid' | 'invalid' | 'wrong-answer' | 'server-error'
  readonly says: string
  readonly text: string
  readonly bytes: number
}

/** Asks for every documented JSON body and judges what comes. */
export async function* sweep(api: Api, reading: Reading, ask: Handler): AsyncGenerator<Outcome> {
  for (const promised of reading.promises) {
    const request = requestFor(api, promised)
    const outcome = request === undefined ? unknown(promised) : judged(reading, promised, await ask(request))
    yield { promised, ...outcome }
  }
}

/** A valid request for what is promised, with the wish for its status and media type. */
export function requestFor(api: Api, { method, path, code, mediaType }: Promised): HttpRequest | undefined {
  const operation = api.operations.find(candidate => candidate.method === method && candidate.path === path)
  if (operation === undefined) return undefined
  const request = exampleRequest(api, operation, 'token')
  // Operations that only a fragment tells apart are one on the wire; who means the other has to name it.
  const fragment = /#.*$/.exec(path)?.[0] ?? ''
  return {
    ...request,
    target: `${request.target}${fragment}`,
    headers: [...request.headers, 'Accept', mediaType, 'Prefer', `code=${code}`],
  }
}

type Judged = Omit<Outcome, 'promised'>

function unknown({ method, path }: Promised): Judged {
  return { kind: 'wrong-answer', says: `the model has no ${method} ${path}`, text: '', bytes: 0 }
}

/** Whether an answer is what is promised. */
export function judged(
  reading: Reading,
  promised: Promised,
  { status, body }: { readonly status: number; readonly body: Uint8Array },
): Judged {
  const text = Buffer.from(body).toString()
  const bytes = body.length
  if (status !== promised.code) {
    const kind = status >= 500 ? 'server-error' : 'wrong-answer'
    return { kind, says: `${status} ${text.slice(0, 300)}`, text, bytes }
  }
  const says = faultOf(reading, promised, text)
  return { kind: says === undefined ? 'valid' : 'invalid', says: says ?? '', text, bytes }
}

function faultOf(reading: Reading, promised: Promised, text: string): string | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return `the body is not JSON: ${text.slice(0, 100)}`
  }
  return reading.fault(promised, value)
}
