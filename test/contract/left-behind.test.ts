import { expect, it } from 'vitest'
import { runContract } from '../../src/contract/index.ts'
import { loadDocument, shippedDocument } from '../../src/document/index.ts'
import type { HttpRequest, HttpResponse } from '../../src/http/index.ts'
import { Api } from '../../src/model/index.ts'
import { implementationHandler } from '../implementation/index.ts'

const api = new Api(await loadDocument(shippedDocument()))

type Wrap = (request: HttpRequest, response: HttpResponse) => HttpResponse

async function messages(wrap: Wrap): Promise<string[]> {
  const { handler, token } = implementationHandler()
  const target = async (request: HttpRequest): Promise<HttpResponse> => wrap(request, await handler(request))
  const options = { token, include: ['createWebhook'], phases: ['examples', 'repetition'] } as const
  const { findings } = await runContract(api, target, options)
  return findings.map(({ severity, code, message }) => `${severity} ${code}: ${message}`)
}

/** Tells with each refusal which URL was stored last. */
function repeating(): Wrap {
  let last = ''
  return (_, sent) => {
    const told = JSON.parse(sent.body.toString() || '{}')
    if (sent.status === 201) last = told.url
    if (sent.status !== 400) return sent
    return { ...sent, body: Buffer.from(JSON.stringify({ ...told, message: [...told.message, `last: ${last}`] })) }
  }
}

function adding(): Wrap {
  const all: string[] = []
  return (_, sent) => {
    if (sent.status !== 400) return sent
    const told = JSON.parse(sent.body.toString())
    all.push(...told.message)
    return { ...sent, body: Buffer.from(JSON.stringify({ ...told, message: all })) }
  }
}

it('nothing is said of refusals that keep to their own request', async () => {
  expect(await messages((_, sent) => sent)).toEqual([])
})

it('a refusal that repeats what another request said is told', async () => {
  expect(await messages(repeating())).toEqual([
    'error other-request-leaked: createWebhook answered 400 with "contrato-at-once-9", which another request said',
  ])
})

it('a refusal that grows each time is told', async () => {
  expect(await messages(adding())).toEqual([
    'warning other-request-leaked: createWebhook answered 400 with more in message than the same request was answered before',
  ])
})
