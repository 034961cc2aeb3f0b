import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { type ContractOptions, runContract } from '../../src/contract/index.ts'
import { loadDocument, shippedDocument } from '../../src/document/index.ts'
import { type Handler, type HttpRequest, type HttpResponse, headerOf } from '../../src/http/index.ts'
import { Api } from '../../src/model/index.ts'
import { implementationHandler } from '../implementation/index.ts'

const api = new Api(await loadDocument(shippedDocument()))

/** A server that does something else with a request, or with the answer to it. */
type Odd = (request: HttpRequest, handler: Handler) => HttpResponse | Promise<HttpResponse>

/** What a run against an implementation in this process tells. */
async function told(options: ContractOptions, odd: Odd): Promise<string[]> {
  const { handler, token } = implementationHandler()
  const target = async (request: HttpRequest): Promise<HttpResponse> => await odd(request, handler)
  const { findings } = await runContract(api, target, { token, ...options })
  return findings.map(({ severity, caseId, message }) => `${severity} ${caseId}: ${message}`)
}

const creating = (phase: 'boundaries' | 'protocol' | 'random' | 'repetition'): ContractOptions => ({
  include: ['createWebhook'],
  phases: ['examples', phase],
})
const travelling: ContractOptions = { phases: ['examples', 'journeys'] }

/** What the document says of a refusal, so that nothing is wrong but that it comes. */
const refused: HttpResponse = {
  status: 400,
  headers: ['Content-Type', 'application/json'],
  body: Buffer.from(JSON.stringify({ statusCode: 400, error: 'Bad Request', message: ['no'] })),
}

function read({ body }: Pick<HttpRequest, 'body'>): Record<string, unknown> {
  try {
    return Object(JSON.parse(Buffer.from(body).toString()))
  } catch {
    return {}
  }
}

/** Refuses requests whose body is like this, as long as nothing else is wrong with them. */
function refusing(isRefused: (body: Record<string, unknown>) => boolean): Odd {
  return async (request, handler) => {
    const sent = await handler(request)
    return sent.status === 201 && isRefused(read(request)) ? refused : sent
  }
}

/** Answers with a thing that was changed. */
function answering(change: (thing: Record<string, unknown>) => Record<string, unknown>): Odd {
  return async (request, handler) => {
    const sent = await handler(request)
    return sent.status === 201 ? { ...sent, body: Buffer.from(JSON.stringify(change(read(sent)))) } : sent
  }
}

function isSuccess({ status }: HttpResponse): boolean {
  return status >= 200 && status < 300
}

const ask = (text: string) => expect.stringContaining(text)

describe('texts', () => {
  it('that are a zero and refused are told', async () => {
    const found = await told(
      creating('boundaries'),
      refusing(({ name }) => name === '0'),
    )
    expect(found).toEqual([ask('error createWebhook/boundaries/name-with-a-zero')])
  })

  it('that are refused for their bytes and not for their length are told', async () => {
    const isLong = (text: string): boolean => text.length <= 255 && Buffer.byteLength(text) > 255
    const found = await told(
      creating('boundaries'),
      refusing(({ name }) => isLong(String(name))),
    )
    expect(found).toEqual([ask('name-with-60-emoji-and-100-umlauts')])
  })

  it('that lose a doubled or escaped quote are told', async () => {
    const lose = (name: unknown): string => String(name).replace(/\\'/g, "'").replace(/''/g, "'")
    const found = await told(
      creating('boundaries'),
      answering(thing => ({ ...thing, name: lose(thing.name) })),
    )
    expect(found).toEqual([ask('name-with-quotes-and-a-backslash')])
  })

  it('that are no URL may be refused where the example is one', async () => {
    const isUrl = (text: unknown): boolean => typeof text === 'string' && /^https?:\/\/./i.test(text)
    const odd = refusing(body => 'url' in body && !isUrl(body.url))
    expect(await told({ phases: ['examples', 'boundaries', 'random', 'protocol'] }, odd)).toEqual([])
  })

  it('that are a URL of a less usual form may not', async () => {
    const found = await told(
      creating('boundaries'),
      refusing(({ url }) => /localhost/.test(String(url))),
    )
    expect(found).toEqual([ask('error createWebhook/boundaries/url-as-http-localhost-3000-hook')])
  })

  it('that hold a NUL and are refused call for one warning', async () => {
    const found = await told(
      creating('boundaries'),
      refusing(({ name }) => String(name).includes('\0')),
    )
    expect(found).toEqual([ask('warning createWebhook/boundaries/name-with-a-nul-character')])
  })

  it('that are decoded chunk by chunk are told', async () => {
    const found = await told(creating('protocol'), (request, handler) => {
      if (headerOf(request.headers, 'transfer-encoding') === undefined) return handler(request)
      const half = Math.ceil(request.body.length / 2)
      const [one, other] = [request.body.subarray(0, half), request.body.subarray(half)]
      const body = Buffer.from(`${Buffer.from(one).toString()}${Buffer.from(other).toString()}`)
      return handler({ ...request, body })
    })
    expect(found).toEqual([ask('createWebhook/protocol/a-body-in-chunks')])
  })
})

describe('ids', () => {
  it('that end like a file and lose their end are told', async () => {
    const odd = answering(thing => ({
      ...thing,
      instanceInstanceId: String(thing.instanceInstanceId).replace(/\.json$/, ''),
    }))
    expect(await told(creating('boundaries'), odd)).toEqual([ask('"Mixed-Case.Id_1.json"')])
  })
})

describe('a request', () => {
  it('that is refused for the faults of the one before is told', async () => {
    let faults = 0
    const found = await told(creating('repetition'), async (request, handler) => {
      const sent = await handler(request)
      const before = faults
      faults = sent.status === 400 ? (read(sent).message?.toString().split(',').length ?? 0) : 0
      return sent.status === 201 && before > 1 ? refused : sent
    })
    expect(found).toEqual([
      ask('answered 400 to a valid request directly after a bad one, and 201 to the same request alone'),
    ])
  })

  it('that is refused for the faults of one beside it is told', async () => {
    let isBad = false
    const found = await told(creating('repetition'), async (request, handler) => {
      isBad = read(request).name === undefined
      const sent = await handler(request)
      await new Promise(resolve => setTimeout(resolve, 1))
      return sent.status === 201 && isBad ? refused : sent
    })
    expect(found).toEqual([ask('to a valid request at the same time as')])
  })

  it('that is refused time and again, whatever came before, is not held against the one before', async () => {
    const found = await told(
      creating('repetition'),
      refusing(({ name }) => /^contrato-apart/.test(String(name))),
    )
    expect(found).toEqual([])
  })
})

describe('fields of a request', () => {
  const takesGzip = (request: HttpRequest): boolean => /gzip/.test(headerOf(request.headers, 'accept-encoding') ?? '')

  it('that take packed answers are answered with any that say so', async () => {
    const found = await told({ phases: ['examples', 'protocol'] }, async (request, handler) => {
      const sent = await handler(request)
      if (!takesGzip(request)) return sent
      return { ...sent, headers: [...sent.headers, 'Content-Encoding', 'gzip'], body: gzipSync(sent.body) }
    })
    expect(found).toEqual([])
  })

  it('that take packed answers show a long one that does not say that it is', async () => {
    const found = await told(creating('protocol'), async (request, handler) => {
      const sent = await handler(request)
      return takesGzip(request) && sent.body.length > 1024 ? { ...sent, body: gzipSync(sent.body) } : sent
    })
    expect(found).toEqual([ask('from-who-takes-packed-answers')])
  })

  it('that ask for a language show refusals of another shape', async () => {
    const found = await told(creating('protocol'), async (request, handler) => {
      const sent = await handler(request)
      const isOther = headerOf(request.headers, 'accept-language') !== undefined && sent.status === 400
      return isOther ? { ...sent, body: Buffer.from(JSON.stringify({ ...read(sent), message: 'não' })) } : sent
    })
    expect(found).toEqual([ask('createWebhook/protocol/a-bad-request-in-another-language')])
  })

  it('that hold for a mark of nothing show who takes a change for a reading', async () => {
    const found = await told(creating('protocol'), async (request, handler) =>
      headerOf(request.headers, 'if-none-match') === undefined
        ? await handler(request)
        : { status: 304, headers: [], body: Buffer.alloc(0) },
    )
    expect(found).toContainEqual(ask('error createWebhook/protocol/an-if-none-match-with-a-mark-of-nothing'))
  })
})

describe('ETag', () => {
  /** Marks what is read, and answers 304 to whoever has that already. */
  const marking =
    (markOf: (body: Uint8Array) => string): Odd =>
    async (request, handler) => {
      const sent = await handler(request)
      if (request.method !== 'GET' || !isSuccess(sent)) return sent
      const mark = markOf(sent.body)
      const isSame = headerOf(request.headers, 'if-none-match') === mark
      return isSame
        ? { status: 304, headers: ['ETag', mark], body: Buffer.alloc(0) }
        : { ...sent, headers: [...sent.headers, 'ETag', mark] }
    }

  it('that stays with what it marks is right', async () => {
    expect(
      await told(
        travelling,
        marking(body => `"${Buffer.from(body).toString('base64')}"`),
      ),
    ).toEqual([])
  })

  it('that is weak and the same within a second is right', async () => {
    const lastIn = (body: Uint8Array): string | undefined =>
      [
        ...Buffer.from(body)
          .toString()
          .matchAll(/"updatedAt":"(.{19})/g),
      ]
        .map(([, second]) => second)
        .sort()
        .at(-1)
    expect(
      await told(
        travelling,
        marking(body => `W/"${lastIn(body)}"`),
      ),
    ).toEqual([])
  })

  it('that stays though what it marks was changed is told', async () => {
    const found = await told(
      travelling,
      marking(body => `"${Object.keys(JSON.parse(Buffer.from(body).toString())).length}"`),
    )
    expect(found).toContainEqual(ask('readWebhook answered 304 to If-None-Match: "8", with which it was read before'))
  })
})

describe('Content-Encoding', () => {
  const coded = (coding: string): Promise<string[]> =>
    told({ include: ['createWebhook'], phases: ['examples'] }, async (request, handler) => {
      const sent = await handler(request)
      return { ...sent, headers: [...sent.headers, 'Content-Encoding', coding] }
    })

  it('that names what a body is by itself is right', async () => {
    expect(await coded('identity')).toEqual([])
  })

  it('that names a charset is told', async () => {
    expect(await coded('utf-8')).toEqual([ask('201 with Content-Encoding: utf-8, and utf-8 is no coding')])
  })

  it('that names what nobody knows calls for a warning', async () => {
    expect(await coded('contrato')).toEqual([ask('warning createWebhook/examples/')])
  })
})

describe('Location', () => {
  /** Leads to what was created below a parent whose name is written like this. */
  const leading =
    (written: (parent: string) => string): Odd =>
    async (request, handler) => {
      const sent = await handler(request)
      if (sent.status !== 201 || request.method !== 'POST') return sent
      const { instanceInstanceId, webhookId } = read(sent)
      const place = `/api/v2/instance/${written(String(instanceInstanceId))}/webhook/${webhookId}`
      return { ...sent, headers: [...sent.headers, 'Location', place] }
    }

  it('that leads to what was created is right', async () => {
    expect(await told(travelling, leading(encodeURIComponent))).toEqual([])
  })

  it('that is encoded twice is told', async () => {
    const found = await told(
      travelling,
      leading(parent => encodeURIComponent(encodeURIComponent(parent))),
    )
    expect(found).toEqual([ask('contrato%2520journ%25C3%25A9y%25201')])
  })
})

describe('HEAD', () => {
  const reading: ContractOptions = { include: ['createWebhook', 'listWebhooks'], phases: ['examples', 'protocol'] }
  const heading =
    (fields: readonly string[]): Odd =>
    async (request, handler) => {
      if (request.method !== 'HEAD') return await handler(request)
      const { status } = await handler({ ...request, method: 'GET' })
      return { status, headers: ['Content-Type', 'application/json', ...fields], body: Buffer.alloc(0) }
    }

  it('that says nothing of a length is right', async () => {
    expect(await told(reading, heading([]))).toEqual([])
  })

  it('that says that there is nothing where GET has something is told', async () => {
    const found = await told(reading, heading(['Content-Length', '0']))
    expect(found).toEqual([ask('warning listWebhooks/protocol/head')])
  })
})
