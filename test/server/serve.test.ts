import { Agent, request as send } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { type HttpResponse, Trouble } from '../../src/index.ts'
import { serve } from '../../src/server/index.ts'
import { deferred, raw, said, served, siteOf } from './kit.ts'

const noApp = (): Promise<never> => Promise.reject(new Error('not asked'))

async function troubleOf(promise: Promise<unknown>): Promise<Trouble> {
  const error = await promise.then(
    () => undefined,
    reason => reason,
  )
  expect(error).toBeInstanceOf(Trouble)
  return error as Trouble
}

describe('listening', () => {
  it('takes a free port of this machine when none is named', async () => {
    await using server = await served(siteOf())
    expect(server.port).toBeGreaterThan(0)
    expect(server.url).toBe(`http://127.0.0.1:${server.port}`)
    expect((await fetch(`${server.url}/known`)).status).toBe(200)
  })

  it('takes the port that is named', async () => {
    const first = await served(siteOf())
    await first.close()
    await using server = await served(siteOf(), { port: first.port })
    expect(server.port).toBe(first.port)
  })

  it('writes an IPv6 address in brackets', async () => {
    await using server = await served(siteOf(), { host: '::1' })
    expect(server.url).toBe(`http://[::1]:${server.port}`)
    expect((await fetch(`${server.url}/known`)).status).toBe(200)
  })

  it('says what to do about a port that is in use', async () => {
    await using first = await served(siteOf())
    const trouble = await troubleOf(serve(siteOf(), noApp, { port: first.port }))
    expect(trouble).toMatchObject({
      exitCode: 4,
      message: `Port ${first.port} on 127.0.0.1 is in use`,
      help: expect.stringContaining('--port 0'),
    })
    expect((await fetch(`${first.url}/known`)).status).toBe(200)
  })

  it.each(['192.0.2.1', 'no such host', 'name.invalid'])('says that %j is no address of this machine', async host => {
    expect(await troubleOf(serve(siteOf(), noApp, { host }))).toMatchObject({
      exitCode: 4,
      message: `${host} is no address of this machine`,
    })
  })

  it.each([-1, 65_536, 0.5, Number.NaN])('says that %d is no port', async port => {
    expect(await troubleOf(serve(siteOf(), noApp, { port }))).toMatchObject({
      exitCode: 4,
      message: `${port} is not a port`,
    })
  })
})

describe('closing', () => {
  it('ends connections that are kept alive', async () => {
    const server = await served(siteOf())
    const agent = new Agent({ keepAlive: true })
    const closed = new Promise<void>((resolve, reject) => {
      const request = send(`${server.url}/known`, { agent }, response => response.resume())
      request.on('socket', socket => socket.once('close', () => resolve()))
      request.on('error', reject)
      request.on('close', () => void server.close())
      request.end()
    })
    await closed
    await expect(fetch(`${server.url}/known`)).rejects.toThrow()
  })

  it('lets an answer under way finish', async () => {
    const asked = deferred<undefined>()
    const answered = deferred<HttpResponse>()
    const server = await served(
      siteOf(() => {
        asked.resolve(undefined)
        return answered.promise
      }),
    )
    const answer = fetch(`${server.url}/known`)
    await asked.promise
    const closing = server.close()
    answered.resolve(said({ late: true }))
    expect(await (await answer).json()).toEqual({ late: true })
    await closing
  })

  it('does not wait for an answer that never comes', async () => {
    const asked = deferred<undefined>()
    const server = await served(
      siteOf(() => {
        asked.resolve(undefined)
        return new Promise(() => {})
      }),
    )
    const answer = fetch(`${server.url}/known`)
    await asked.promise
    await Promise.all([server.close(), expect(answer).rejects.toThrow()])
  })

  it('does not wait for a request that never ends', async () => {
    const server = await served(siteOf())
    const cut = raw(server.port, 'POST /known HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf')
    await fetch(`${server.url}/known`)
    await server.close()
    expect(await cut).toBe('')
  })

  it('may be done twice', async () => {
    const server = await served(siteOf())
    await Promise.all([server.close(), server.close()])
    await server.close()
    await expect(fetch(server.url)).rejects.toThrow()
  })
})

describe('a fault of ours', () => {
  it.each<[string, () => never | Promise<never>]>([
    [
      'thrown',
      () => {
        throw new Error('oops')
      },
    ],
    ['rejected', () => Promise.reject(new Error('oops'))],
  ])('is answered 500 and told, when it is %s', async (_, fail) => {
    const bugs: unknown[] = []
    await using server = await served(siteOf(fail), { onBug: error => bugs.push(error) })
    const response = await fetch(`${server.url}/known`)
    expect(response.status).toBe(500)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toMatchObject({ title: 'Internal Server Error', status: 500 })
    expect(bugs).toEqual([new Error('oops')])
  })

  it.each<[string, string[], number]>([
    ['a field that cannot be sent', ['x-a', 'a\r\nb'], 200],
    ['a name that is none', ['x a', 'b'], 200],
    ['a status that is none', [], 42],
  ])('is an answer with %s, at once or later', async (_, headers, status) => {
    for (const late of [false, true]) {
      const bugs: unknown[] = []
      const answer = { status, headers, body: Buffer.from('') }
      const site = siteOf(() => (late ? Promise.resolve(answer) : answer))
      await using server = await served(site, { onBug: error => bugs.push(error) })
      expect((await fetch(`${server.url}/known`)).status).toBe(500)
      expect(bugs).toHaveLength(1)
    }
  })

  it('in finding the way is answered 500 and told', async () => {
    const bugs: unknown[] = []
    const site = {
      ...siteOf(),
      find: () => {
        throw new Error('lost')
      },
    }
    await using server = await served(site, { onBug: error => bugs.push(error) })
    expect((await fetch(`${server.url}/known`)).status).toBe(500)
    expect(bugs).toEqual([new Error('lost')])
  })

  it('in the app behind it is answered 500 and told', async () => {
    const bugs: unknown[] = []
    const broken = (): Promise<never> => Promise.reject(new Error('no app'))
    const server = await serve(siteOf(), broken, { onBug: error => bugs.push(error) })
    expect((await fetch(`${server.url}/elsewhere`)).status).toBe(500)
    expect((await fetch(`${server.url}/known`)).status).toBe(200)
    expect(bugs).toEqual([new Error('no app')])
    await server.close()
  })

  it('in the listener of answers is told, and the answer stands', async () => {
    const bugs: unknown[] = []
    const onServed = (): never => {
      throw new Error('listener')
    }
    await using server = await served(siteOf(), { onServed, onBug: error => bugs.push(error) })
    expect((await fetch(`${server.url}/known`)).status).toBe(200)
    expect(bugs).toEqual([new Error('listener')])
  })
})

describe('what was served', () => {
  it('is told without the query, whoever answered', async () => {
    const lines: unknown[] = []
    await using server = await served(siteOf(), { onServed: line => lines.push(line) })
    await fetch(`${server.url}/known?token=secret`)
    await fetch(`${server.url}/elsewhere?token=secret`)
    expect(lines).toEqual([
      { method: 'GET', path: '/known', status: 200, milliseconds: expect.any(Number) },
      { method: 'GET', path: '/elsewhere', status: 404, milliseconds: expect.any(Number) },
    ])
  })
})

describe('a client that goes away', () => {
  it.each<[string, string]>([
    ['before its request is complete', 'POST /known HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf'],
    ['in the middle of a header', 'GET /known HTTP/1.1\r\nHost:'],
    ['before it says anything', ''],
    ['before it reads the answer', 'GET /known HTTP/1.1\r\nHost: a\r\n\r\n'],
  ])('%s leaves the server to the others', async (_, bytes) => {
    const bugs: unknown[] = []
    await using server = await served(siteOf(), { onBug: error => bugs.push(error) })
    for (let client = 0; client < 20; client += 1) {
      await new Promise<void>(resolve => {
        const socket = connect(server.port, '127.0.0.1', () => socket.write(bytes, () => socket.resetAndDestroy()))
        socket.on('close', () => resolve())
        socket.on('error', () => {})
      })
    }
    expect((await fetch(`${server.url}/known`)).status).toBe(200)
    expect(bugs).toEqual([])
  })

  it('while its answer is being made leaves the server to the others', async () => {
    const bugs: unknown[] = []
    const held = deferred<undefined>()
    await using server = await served(
      siteOf(async request => {
        if (request.target === '/known/slow') await held.promise
        return said({})
      }),
      { onBug: error => bugs.push(error) },
    )
    const controller = new AbortController()
    const aborted = fetch(`${server.url}/known/slow`, { signal: controller.signal })
    await fetch(`${server.url}/known`)
    controller.abort()
    await expect(aborted).rejects.toThrow()
    held.resolve(undefined)
    expect((await fetch(`${server.url}/known`)).status).toBe(200)
    expect(bugs).toEqual([])
  })
})
