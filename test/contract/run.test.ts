import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { type ContractOptions, phases, runContract } from '../../src/contract/index.ts'
import { loadDocument, shippedDocument } from '../../src/document/index.ts'
import { type HttpRequest, type HttpResponse, headerOf, sendTo, Unreachable } from '../../src/http/index.ts'
import { Mock } from '../../src/mock/index.ts'
import { Api } from '../../src/model/index.ts'
import { type FaultName, faults, implementationHandler, startImplementation } from '../implementation/index.ts'
import { apiOf } from '../kit/index.ts'

const api = new Api(await loadDocument(shippedDocument()))

async function check(fault?: FaultName, options: ContractOptions = {}) {
  const { handler, token } = implementationHandler(fault)
  return await runContract(api, handler, { token, ...options })
}

function isJsonAnswer({ headers, body }: HttpResponse): boolean {
  return body.length > 0 && headerOf(headers, 'content-type')?.includes('json') === true
}

/** Changes each object that is answered, in lists too. */
function onJson(change: (value: Record<string, unknown>) => Record<string, unknown>) {
  return (response: HttpResponse): HttpResponse => {
    if (!isJsonAnswer(response)) return response
    const value: unknown = JSON.parse(Buffer.from(response.body).toString())
    const changed = Array.isArray(value) ? value.map(change) : change(value as Record<string, unknown>)
    return { ...response, body: Buffer.from(JSON.stringify(changed)) }
  }
}

function withOffsets(value: Record<string, unknown>): Record<string, unknown> {
  const moved = (text: string): string =>
    `${new Date(Date.parse(text) + 5.5 * 3_600_000).toISOString().slice(0, -1)}+05:30`
  const write = (name: string, member: unknown): unknown =>
    /^(created|updated)At$/.test(name) ? moved(String(member)) : member
  return JSON.parse(JSON.stringify(value, write)) as Record<string, unknown>
}

function gzipped(response: HttpResponse): HttpResponse {
  return { ...withField(response, 'content-encoding', 'gzip'), body: gzipSync(response.body) }
}

function withField(response: HttpResponse, name: string, value: string): HttpResponse {
  const others = response.headers.filter((_, at) => response.headers[at - (at % 2)]?.toLowerCase() !== name)
  return { ...response, headers: [...others, name, value] }
}

/** Names of fields in capitals. */
function inCapitals(response: HttpResponse): HttpResponse {
  const headers = response.headers.map((text, at) => (at % 2 === 0 ? text.toUpperCase() : text))
  return { ...response, headers }
}

/** What the check does not hold against an implementation, because the document leaves it open. */
const unnoticed: readonly FaultName[] = [
  // RFC 9110 asks for a challenge; the document says nothing of it.
  'unauthorized-without-challenge',
  // The documented answer to an unknown instance; nobody but the server knows which instances there are.
  'empty-list-refused',
]

describe('runContract', () => {
  it('finds nothing wrong with a right implementation', async () => {
    await using server = await startImplementation({})
    const run = await runContract(api, sendTo(new URL(server.url)), { token: server.token })
    expect(run.findings).toEqual([])
    expect(run).toMatchObject({ operations: 5, skipped: [], interrupted: false })
    expect(run.requests).toBeGreaterThan(100)
  })

  it('finds nothing wrong with one of quite another manner', { timeout: 60_000 }, async () => {
    const manners = [
      onJson(value => ({ ...value, more: { than: ['is', 'described'] } })),
      onJson(value => Object.fromEntries(Object.entries(value).reverse())),
      onJson(value => withOffsets(value)),
      gzipped,
      (response: HttpResponse) => withField(response, 'content-type', 'application/json'),
      inCapitals,
    ]
    await using server = await startImplementation({})
    const send = sendTo(new URL(server.url))
    const change = (response: HttpResponse): HttpResponse => manners.reduce((sent, manner) => manner(sent), response)
    const { findings } = await runContract(api, async request => change(await send(request)), { token: server.token })
    expect(findings).toEqual([])
  })

  it('finds nothing wrong with one that is slow to answer and keeps nothing open', { timeout: 60_000 }, async () => {
    await using server = await startImplementation({})
    const send = sendTo(new URL(server.url))
    const slow = async (request: HttpRequest): Promise<HttpResponse> => {
      await new Promise(resolve => setTimeout(resolve, 20))
      return withField(await send(request), 'connection', 'close')
    }
    const options = { token: server.token, phases: ['examples', 'credentials', 'repetition', 'journeys'] } as const
    const { findings } = await runContract(api, slow, options)
    expect(findings).toEqual([])
  })

  it('finds nothing wrong with the mock', async () => {
    const { findings } = await runContract(api, new Mock(api).handler)
    expect(findings).toEqual([])
  })

  it('notices every fault but those that it does not ask for', { timeout: 180_000 }, async () => {
    const missed: FaultName[] = []
    for (const { name } of faults) {
      const { findings } = await check(name, { bail: true })
      if (findings.length === 0) missed.push(name)
    }
    expect(missed.toSorted()).toEqual(unnoticed.toSorted())
  })

  it('says what came, where it is promised and how to see it again', async () => {
    const { findings } = await check('created-without-webhook-id', {
      include: ['createWebhook'],
      phases: ['examples'],
      curl: () => 'curl …',
    })
    expect(findings).toEqual([
      {
        code: 'body-mismatch',
        severity: 'error',
        check: 'body-matches',
        operation: 'createWebhook',
        message: 'createWebhook answered 201 without webhookId, which is required',
        help: 'Send what the schema says, or change the schema.',
        pointer: '#/components/schemas/WebhookResponse/required',
        position: { file: 'openapi/webhook.yaml', line: expect.any(Number), column: 7 },
        caseId: 'createWebhook/examples/the-example-silent',
        otherCases: ['createWebhook/examples/the-example-enabled'],
        count: 2,
        status: 201,
        curl: 'curl …',
      },
    ])
  })

  it('runs the phases that are asked for, and no other', async () => {
    for (const { id } of phases) {
      const seen: string[] = []
      const mock = new Mock(api)
      const spy = async (request: Parameters<typeof mock.handler>[0]) => {
        seen.push(`${request.method} ${request.body.length > 0}`)
        return await mock.handler(request)
      }
      const { requests } = await runContract(api, spy, { phases: [id] })
      expect(requests).toBe(seen.length)
      expect(requests).toBeGreaterThan(0)
    }
  })

  it('warns when no request of an operation ever succeeded', async () => {
    const refuse = async () => ({
      status: 400,
      headers: ['content-type', 'application/json'],
      body: Buffer.from('{"statusCode":400,"error":"Bad Request","message":["no"]}'),
    })
    const { findings } = await runContract(api, refuse, { phases: ['examples'] })
    expect(findings.map(({ code, operation }) => `${code} ${operation}`)).toEqual([
      'status-unexpected createWebhook',
      'success-unreached listWebhooks',
      'success-unreached readWebhook',
      'success-unreached updateWebhook',
      'success-unreached defineWebhookEvents',
    ])
  })

  it('asks for the refusal of a list or null only where the schema refuses them', async () => {
    const listing = await apiOf(`
paths:
  /tags:
    put:
      operationId: setTags
      security: []
      requestBody:
        required: true
        content: { application/json: { schema: { type: [ array, 'null' ], items: { type: string } }, example: [ a ] } }
      responses: { '204': { description: Set. }, '400': { description: Wrong. } }
`)
    const { findings } = await runContract(listing, new Mock(listing).handler)
    expect(findings).toEqual([])
  })

  it('does not tell a token that a server sends back', async () => {
    const echo = async () => ({
      status: 200,
      headers: ['content-type', 'application/json'],
      body: Buffer.from('"top-secret"'),
    })
    const { findings } = await runContract(api, echo, {
      token: 'top-secret',
      phases: ['examples'],
      include: ['listWebhooks'],
    })
    expect(findings.map(({ message }) => message)).toEqual([expect.stringContaining('"$TOKEN"')])
  })

  it('leaves out an operation whose body schema cannot be compiled, and says so', async () => {
    const broken = await apiOf(`
paths:
  /a:
    put:
      operationId: a
      security: []
      requestBody: { required: true, content: { application/json: { schema: { type: string, pattern: '(' }, example: x } } }
      responses: { '204': { description: Done. } }
`)
    const { skipped, findings } = await runContract(broken, new Mock(broken).handler)
    expect(findings).toEqual([])
    expect(skipped).toEqual([{ what: 'a', why: expect.stringContaining('cannot be compiled') }])
  })

  it('stops when it is told to, with what it has', async () => {
    const stop = new AbortController()
    const mock = new Mock(api)
    const { requests, interrupted } = await runContract(api, mock.handler, {
      signal: stop.signal,
      onCase: done => {
        if (done.requests === 3) stop.abort()
      },
    })
    expect({ requests, interrupted }).toEqual({ requests: 3, interrupted: true })
  })

  it('rejects when nobody answers', async () => {
    await expect(runContract(api, sendTo(new URL('http://127.0.0.1:1')))).rejects.toThrow(Unreachable)
  })
})
