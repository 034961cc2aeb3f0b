import { describe, expect, it } from 'vitest'
import { runContract } from '../../src/contract/index.ts'
import { loadDocument, shippedDocument } from '../../src/document/index.ts'
import type { Finding } from '../../src/finding/index.ts'
import { type HttpRequest, type HttpResponse, headerOf, withHeader, withoutHeader } from '../../src/http/index.ts'
import { Api } from '../../src/model/index.ts'
import type { Steps } from '../implementation/codechat.ts'
import { implementationHandler } from '../implementation/index.ts'

const api = new Api(await loadDocument(shippedDocument()))

/** Answers with a status and text instead, changes what the implementation is asked, or leaves it alone. */
type Before = (request: HttpRequest) => readonly [status: number, text: string] | HttpRequest | undefined

async function told(
  phases: readonly ('protocol' | 'boundaries' | 'journeys')[],
  before: Before,
  change: (steps: Steps) => Partial<Steps> = () => ({}),
): Promise<readonly Finding[]> {
  const { handler, token } = implementationHandler(undefined, change)
  const target = async (request: HttpRequest): Promise<HttpResponse> => {
    const done = before(request) ?? request
    if ('method' in done) return await handler(done)
    const [status, text] = done
    return { status, headers: ['Content-Type', 'text/plain'], body: Buffer.from(text) }
  }
  const options = { token, include: ['createWebhook', 'listWebhooks', 'readWebhook'] }
  return (await runContract(api, target, { ...options, phases: ['examples', ...phases] })).findings
}

const typeOf = ({ headers }: HttpRequest): string => headerOf(headers, 'content-type') ?? ''

describe('a status that is not documented', () => {
  it('is told with the valid request that it was the answer to, and what that calls for', async () => {
    const [found] = await told(['protocol'], request => (/^A/.test(typeOf(request)) ? [415, 'No.'] : undefined))
    expect(found?.message).toBe(
      'createWebhook answered 415 to a Content-Type in other letters, which calls for 201; the document has 201, 400, 401',
    )
  })

  it('is told with the request alone where that may be refused', async () => {
    const isLong = ({ body }: HttpRequest): boolean => body.length > 4_000 && body.length < 9_000
    const found = await told(['boundaries'], request => (isLong(request) ? [413, 'No.'] : undefined))
    const [first] = found.filter(({ code }) => code === 'status-undocumented')
    expect(first?.message).toMatch(/^createWebhook answered 413 to .+ where the document has 201, 400, 401$/)
  })
})

describe('what is taken', () => {
  it('as a form in place of JSON calls for a refusal', async () => {
    const asJson: Before = request => {
      if (!typeOf(request).startsWith('application/x-www-form')) return undefined
      const fields = Object.fromEntries(new URLSearchParams(Buffer.from(request.body).toString()))
      const bare = withoutHeader(request, 'content-type')
      return { ...withHeader(bare, 'Content-Type', 'application/json'), body: Buffer.from(JSON.stringify(fields)) }
    }
    expect((await told(['protocol'], asJson)).map(({ message }) => message)).toEqual([
      'createWebhook answered 201 to a form in place of JSON, which calls for 4XX',
    ])
  })

  it('with bytes that are no UTF-8, as many frameworks take it, is no more than a warning', async () => {
    const lax: Before = request => ({ ...request, body: Buffer.from(Buffer.from(request.body).toString()) })
    const found = await told(['protocol'], lax)
    expect(found.map(({ severity, message }) => `${severity} ${message}`)).toEqual([
      'warning createWebhook answered 201 to a body that is JSON with a byte that is no UTF-8, which calls for 400',
    ])
  })
})

it('what is created and not listed is to be stored and listed', async () => {
  const [found] = await told(
    ['journeys'],
    () => undefined,
    ({ list }) => ({ list: id => list(id).slice(0, 0) }),
  )
  expect(found?.message).toContain('not at all')
  expect(found?.help).toBe('Store what is created, and list it.')
})
