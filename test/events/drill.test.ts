import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, createServer as createRawServer, type Socket } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { type Answered, drillReceiver } from '../../src/events/index.ts'
import { sendTo } from '../../src/http/index.ts'
import { Api, loadDocument, shippedDocument } from '../../src/index.ts'
import { contrato } from '../system/kit.ts'

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

/** What may be wrong with a receiver. */
const faults = ['bytes', 'duplicate', 'order', 'late', 'forged', 'unknown', 'oversize', 'slow', 'malformed'] as const
type Fault = (typeof faults)[number]

function anew(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text))
  } catch {
    return text
  }
}

/** A receiver of Standard Webhooks as one should be, but for one fault. */
async function receiverWith(fault?: Fault): Promise<{ readonly url: URL } & AsyncDisposable> {
  const seen = new Set<string>()
  let newest = 0
  const statusFor = ({ headers }: IncomingMessage, text: string): number => {
    const fields = headers as Record<string, string>
    const id = fields['webhook-id'] ?? ''
    const at = Number(fields['webhook-timestamp'])
    if (text.length > 1_000_000 && fault !== 'oversize') return 413
    const isOld = Date.now() / 1_000 - at > 300
    if (fault === 'late' && isOld) return 200
    if (fault === 'forged' && !isOld) return bodyStatus(text)
    try {
      new Webhook(secret).verify(fault === 'bytes' ? anew(text) : text, fields, { jsonParse: false })
    } catch {
      return 401
    }
    if (fault === 'duplicate' && seen.has(id)) return 409
    seen.add(id)
    if (fault === 'order' && at < newest) return 409
    newest = Math.max(newest, at)
    return bodyStatus(text)
  }
  const bodyStatus = (text: string): number => {
    let body: unknown
    try {
      body = JSON.parse(text)
    } catch {
      return fault === 'malformed' ? 200 : 400
    }
    if (typeof body !== 'object' || body === null || !('event' in body)) return 400
    return body.event === 'contrato.unknown' && fault === 'unknown' ? 500 : 204
  }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    let length = 0
    const impatient = fault === 'slow' ? setTimeout(() => request.socket.destroy(), 200) : undefined
    request.on('data', chunk => {
      chunks.push(chunk)
      length += chunk.length
      if (fault === 'oversize' && length > 1_000_000) request.socket.destroy()
    })
    request.on('error', () => {})
    request.on('end', () => {
      clearTimeout(impatient)
      response.writeHead(statusFor(request, Buffer.concat(chunks).toString()))
      response.end()
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = (): Promise<void> =>
    new Promise(resolve => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url: new URL(`http://127.0.0.1:${port}/hook`), [Symbol.asyncDispose]: close }
}

const api = new Api(await loadDocument(shippedDocument()))

async function drilled(url: URL, profile = 'standard-webhooks', timeout = 5_000, last = ''): Promise<Answered[]> {
  const answers: Answered[] = []
  for await (const answer of drillReceiver(api, url, sendTo(url, { timeout }), { profile, secret, timeout })) {
    answers.push(answer)
    if (answer.question === last) break
  }
  return answers
}

const unsound = (answers: readonly Answered[]): string[] =>
  answers.filter(({ verdict }) => verdict === 'unsound').map(({ question }) => question)

describe('the drill', () => {
  it('has nothing to say about a receiver as it should be', async () => {
    await using good = await receiverWith()
    expect((await drilled(good.url)).map(({ question, verdict }) => `${question} ${verdict}`)).toEqual([
      'valid sound',
      'bytes sound',
      'duplicate sound',
      'order sound',
      'late sound',
      'forged sound',
      'unknown sound',
      'oversize sound',
      'slow sound',
      'malformed sound',
    ])
  })

  it.each(faults)('finds the receiver whose fault is: %s', async fault => {
    await using faulty = await receiverWith(fault)
    const answers = await drilled(faulty.url)
    expect(unsound(answers)).toEqual([fault])
    expect(answers.find(({ verdict }) => verdict === 'unsound')?.advice).toEqual(expect.any(String))
  })

  const judging = async (statusFor: (request: IncomingMessage, text: string) => number) => {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', chunk => chunks.push(chunk))
      request.on('end', () => {
        response.writeHead(statusFor(request, Buffer.concat(chunks).toString()))
        response.end()
      })
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const close = async (): Promise<void> => {
      server.close()
      server.closeAllConnections()
    }
    return { url: new URL(`http://127.0.0.1:${port}/hook`), [Symbol.asyncDispose]: close }
  }
  const statusOf = (text: string): number => {
    try {
      return 'event' in JSON.parse(text) ? 200 : 400
    } catch {
      return 400
    }
  }
  const verified = ({ headers }: IncomingMessage, text: string): boolean => {
    try {
      new Webhook(secret).verify(text, headers as Record<string, string>, { jsonParse: false })
      return true
    } catch {
      return false
    }
  }

  it.each<readonly [string, (request: IncomingMessage, text: string) => number, string]>([
    [
      'looks at signatures only where there are some',
      (request, text) =>
        request.headers['webhook-signature'] === undefined || verified(request, text) ? statusOf(text) : 401,
      'an event without a signature was answered 200',
    ],
    [
      'fails with a signature that is cut off',
      (request, text) => {
        const isWhole = String(request.headers['webhook-signature'] ?? 'none').length !== 37
        return verified(request, text) ? statusOf(text) : isWhole ? 401 : 500
      },
      'an event with half a signature was answered 500',
    ],
  ])('finds the receiver that %s', async (_, statusFor, says) => {
    await using faulty = await judging(statusFor)
    const found = (await drilled(faulty.url, undefined, undefined, 'forged')).filter(
      ({ verdict }) => verdict === 'unsound',
    )
    expect(found).toMatchObject([{ question: 'forged', says }])
  })

  it('finds the receiver that knows events by their bodies, and does not blame it for what follows of that', async () => {
    const seen = new Set<string>()
    await using faulty = await judging((request, text) => {
      if (!verified(request, text)) return 401
      if (seen.has(text)) return 409
      seen.add(text)
      return statusOf(text)
    })
    const answers = await drilled(faulty.url)
    expect(answers.filter(({ verdict }) => verdict === 'unsound')).toMatchObject([
      { question: 'duplicate', says: 'another event that says the same was answered 409' },
    ])
    expect(answers.filter(({ verdict }) => verdict === 'skipped').map(({ question }) => question)).toEqual([
      'order',
      'oversize',
      'slow',
    ])
  })

  it('has nothing to say about a good receiver a second time, which remembers the ids of the first', async () => {
    const seen = new Map<string, string>()
    await using good = await judging((request, text) => {
      const id = String(request.headers['webhook-id'])
      if (!verified(request, text)) return 401
      // Whoever gives an id to two events is no sender to trust.
      if ((seen.get(id) ?? text) !== text) return 409
      seen.set(id, text)
      return statusOf(text)
    })
    for (let times = 0; times < 2; times += 1) {
      expect(unsound(await drilled(good.url, undefined, undefined, 'forged'))).toEqual([])
    }
  })

  it('sends GitHub events by their names, and asks for no time where none is signed', async () => {
    const names = new Set<unknown>()
    await using good = await judging((request, text) => {
      const signature = `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`
      if (request.headers['x-hub-signature-256'] !== signature) return 401
      names.add(request.headers['x-github-event'])
      return statusOf(text)
    })
    const answers = await drilled(good.url, 'github', undefined, 'unknown')
    expect(unsound(answers)).toEqual([])
    expect(answers.find(({ question }) => question === 'late')).toMatchObject({
      verdict: 'skipped',
      says: 'github does not sign the time',
    })
    expect([...names].sort()).toEqual(['contrato.unknown', 'qrcodeUpdate', 'stateInstance'])
  })

  it.each([
    [401, 'standard-webhooks', 'Compare the secrets'],
    [401, 'codechat', 'Ask for no credentials'],
    [308, 'codechat', 'senders do not follow redirects'],
    [404, 'codechat', 'Check the path in --url'],
    [422, 'codechat', 'correct the document'],
    [500, 'codechat', 'do the work afterwards'],
  ])('says of a valid event that is answered %i with %s: %s', async (status, profile, advice) => {
    await using refusing = await judging(() => status)
    expect((await drilled(refusing.url, profile))[0]?.advice).toContain(advice)
  })

  it('asks nothing about signatures where nothing is signed', async () => {
    await using refusing = await receiverWith()
    const answers = await drilled(refusing.url, 'codechat')
    expect(answers[0]).toMatchObject({ verdict: 'unsound', says: 'a valid event was answered 401' })
    expect(answers.slice(1).every(({ verdict }) => verdict === 'skipped')).toBe(true)
  })
})

describe('a receiver of another kind', () => {
  const raw = async (answer: (socket: Socket) => void): Promise<{ readonly url: URL } & AsyncDisposable> => {
    const sockets = new Set<Socket>()
    const server = createRawServer(socket => {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.once('data', () => answer(socket))
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const close = async (): Promise<void> => {
      for (const socket of sockets) socket.destroy()
      server.close()
    }
    const { port } = server.address() as AddressInfo
    return { url: new URL(`http://127.0.0.1:${port}/hook`), [Symbol.asyncDispose]: close }
  }

  it.each([
    ['never answers', () => {}, 'no answer within 300 ms'],
    ['hangs up', (socket: Socket) => socket.destroy(), 'nothing came'],
    ['speaks no HTTP', (socket: Socket) => socket.end('hello\r\n\r\n'), 'which is no status line'],
    ['never ends', (socket: Socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx'), 'did not end'],
    [
      'sends away',
      (socket: Socket) => socket.end('HTTP/1.1 307 T\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n'),
      'was answered 307',
    ],
  ])('that %s takes no valid event', async (_, answer, says) => {
    await using receiver = await raw(answer)
    const [valid, ...others] = await drilled(receiver.url, 'codechat', 300)
    expect(valid).toMatchObject({ verdict: 'unsound', advice: expect.stringContaining('Answer 2xx at once') })
    expect(valid?.says).toContain(says)
    expect(others.every(({ verdict }) => verdict === 'skipped')).toBe(true)
  })

  it('that ends on its way is told once, and not asked further', async () => {
    let count = 0
    const server = createServer((request, response) => {
      request.resume()
      request.on('end', () => {
        count += 1
        response.end()
        if (count < 3) return
        server.close()
        server.closeAllConnections()
      })
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const answers = await drilled(new URL(`http://127.0.0.1:${port}/`), 'codechat')
    expect(unsound(answers)).toHaveLength(1)
    expect(answers.find(({ verdict }) => verdict === 'unsound')?.advice).toContain('The receiver ended')
    expect(answers.at(-1)).toMatchObject({ verdict: 'skipped', says: 'nobody listens there any more' })
  })
})

describe('contrato drill', () => {
  it('shows a verdict for each question, and exits with 1 when one is bad', async () => {
    await using faulty = await receiverWith('unknown')
    const flags = ['--url', faulty.url.href, '--delivery', 'standard-webhooks', '--secret', secret]
    const { code, out, err } = await contrato(['drill', ...flags])
    expect(err).toContain('✔ duplicate the same event again was answered 204')
    expect(err).toContain('✖ unknown   an event of an unknown kind was answered 500')
    expect(out).toContain('receiver-unsound')
    expect(code).toBe(1)
  })

  it.each([
    [[], 2, '--url is missing'],
    [['--url', 'http://127.0.0.1:1'], 3, 'http://127.0.0.1:1 cannot be reached'],
    [['--url', 'http://127.0.0.1:1', '--timeout', 'x'], 2, 'x is not a number of milliseconds'],
    [['--url', 'http://127.0.0.1:1', '--delivery', 'pigeon'], 2, 'pigeon is not a way to deliver events'],
    [['--url', 'http://127.0.0.1:1', '--secret-env', 'NOBODY_SET_THIS'], 2, 'NOBODY_SET_THIS is not set'],
    [['--url', 'http://127.0.0.1:1', '--reporter', 'pigeon'], 2, 'pigeon is not a reporter'],
  ])('says what is wrong with %j', async (flags, code, says) => {
    expect(await contrato(['drill', ...flags])).toMatchObject({ code, err: expect.stringContaining(says) })
  })
})
