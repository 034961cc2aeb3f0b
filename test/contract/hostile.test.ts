import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { generate } from 'selfsigned'
import { describe, expect, it } from 'vitest'
import { type ContractOptions, runContract } from '../../src/contract/index.ts'
import { sendTo, Unreachable } from '../../src/http/index.ts'
import type { Api } from '../../src/model/index.ts'
import { rawServer } from '../http/raw-server.ts'
import { apiOf } from '../kit/index.ts'

const operations = (names: readonly string[]): string => `
paths:
${names.map(name => `  /${name}: { get: { operationId: ${name}, security: [], responses: { '200': { description: Fine. } } } }`).join('\n')}
`
const five = (): Promise<Api> => apiOf(operations(['a', 'b', 'c', 'd', 'e']))

async function listening(server: Server, host = '127.0.0.1') {
  server.listen(0, host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    [Symbol.asyncDispose]: async (): Promise<void> => {
      server.closeAllConnections()
      server.close()
    },
  }
}

async function check(port: number, options: ContractOptions = {}, timeout = 5_000) {
  return await runContract(await five(), sendTo(new URL(`http://127.0.0.1:${port}`), { timeout }), options)
}

describe('a target', () => {
  it('that hangs from the start rejects as one that nobody reaches, after a few requests', async () => {
    let asked = 0
    await using server = await listening(
      createServer(() => {
        asked += 1
      }),
    )
    await expect(check(server.port, {}, 100)).rejects.toThrow(Unreachable)
    expect(asked).toBeLessThanOrEqual(4)
  })

  it('that leaves one operation without an answer has that one left out after a few requests', async () => {
    let asked = 0
    await using server = await listening(
      createServer((request, response) => {
        if (!request.url?.startsWith('/b')) response.end()
        else asked += 1
      }),
    )
    const { findings, skipped } = await check(server.port, {}, 1_000)
    expect(findings).toMatchObject([{ code: 'answer-missing', operation: 'b' }])
    expect(skipped).toEqual([{ what: 'b', why: expect.stringContaining('gave no answer several times in a row') }])
    expect(asked).toBeLessThan(10)
  })

  it('that goes away is told once, with the last request that reached it', { timeout: 20_000 }, async () => {
    let asked = 0
    const server = createServer((_, response) => {
      response.end()
      asked += 1
      if (asked === 50) server.close()
    })
    await using open = await listening(server)
    const { findings, requests, skipped } = await check(open.port)
    expect(findings).toMatchObject([
      {
        code: 'target-gone',
        message: expect.stringMatching(/the last request that reached it is b\/\S+; since then .*ECONNREFUSED/),
      },
    ])
    expect(requests).toBeLessThan(60)
    expect(skipped.map(({ why }) => why)).toEqual(['the target was gone before it was their turn'])
  })

  it('that is back soon after has what was asked meanwhile asked again', async () => {
    const answer = createServer((_, response) => {
      response.end()
    })
    await using first = await listening(answer)
    let asked = 0
    answer.on('request', () => {
      asked += 1
      if (asked !== 20) return
      answer.close(() => setTimeout(() => answer.listen(first.port, '127.0.0.1'), 300))
    })
    const { findings, requests } = await check(first.port, { include: ['a'] })
    expect(findings).toEqual([])
    expect(requests).toBe(asked)
  })

  it('that is stopped while it hangs is not waited for', async () => {
    await using server = await listening(createServer(() => {}))
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 50)
    const { interrupted, findings } = await check(server.port, { signal: stop.signal }, 600_000)
    expect({ interrupted, findings }).toEqual({ interrupted: true, findings: [] })
  })

  it.each<[string, Parameters<typeof rawServer>[0], RegExp]>([
    ['garbage', 'SSH-2.0-OpenSSH_9.6\r\n\r\n', /begins with "SSH-2.0/],
    ['an end in the middle', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc', /3 of the 100 bytes/],
    [
      'one letter after the other',
      socket => {
        const timer = setInterval(() => socket.write('HTTP/1.1 200 OK\r\nX: y'), 30)
        socket.on('close', () => clearInterval(timer))
      },
      /within 1000 ms/,
    ],
    [
      'more than 100 MB',
      socket => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        const more = Buffer.alloc(1024 * 1024)
        const pour = (): void => {
          while (!socket.destroyed && socket.write(more));
        }
        socket.on('drain', pour)
        pour()
      },
      /longer than|within 1000 ms/,
    ],
  ])('that sends %s has each operation told once, and nothing is thrown', async (_, bytes, says) => {
    await using server = await rawServer(bytes)
    const run = await runContract(await five(), sendTo(server.url, { timeout: 1_000 })).catch((error: unknown) => error)
    if (run instanceof Error) {
      expect(run).toBeInstanceOf(Unreachable)
      expect(run.message).toMatch(says)
      return
    }
    const { findings } = run as Awaited<ReturnType<typeof runContract>>
    expect(findings.map(({ message }) => message).join()).toMatch(says)
    expect(findings.length).toBeLessThanOrEqual(6)
  })

  it('that sends everybody round in circles is judged by its redirects, which nobody follows', async () => {
    let asked = 0
    await using server = await listening(
      createServer(({ url }, response) => {
        asked += 1
        response.writeHead(302, { Location: url }).end()
      }),
    )
    const { findings, requests } = await check(server.port)
    expect(new Set(findings.map(({ code }) => code))).toEqual(new Set(['status-undocumented']))
    expect(asked).toBe(requests)
  })

  it('that listens on IPv6 is asked there', async () => {
    await using server = await listening(
      createServer((_, response) => void response.end()),
      '::1',
    )
    const { findings } = await runContract(await five(), sendTo(new URL(`http://[::1]:${server.port}`)))
    expect(findings).toEqual([])
  })

  it('whose certificate nobody vouches for is not reached, and the reason is said', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }])
    await using server = await listening(createTlsServer({ key, cert }, (_, response) => void response.end()))
    const run = runContract(await five(), sendTo(new URL(`https://127.0.0.1:${server.port}`)))
    await expect(run).rejects.toThrow(/self-signed certificate/)
  })
})

describe('a run', () => {
  it('of a document without operations has nothing to say', async () => {
    const run = await runContract(await apiOf('paths: {}'), async () => {
      throw new Error('nobody is to be asked')
    })
    expect(run).toEqual({ findings: [], operations: 0, requests: 0, skipped: [], interrupted: false, coverage: [] })
  })

  it('beside another one in the same process finds what it finds alone', async () => {
    await using server = await listening(
      createServer(({ url }, response) => void response.writeHead(url?.startsWith('/c') === true ? 418 : 200).end()),
    )
    const api = await five()
    const run = () => runContract(api, sendTo(new URL(`http://127.0.0.1:${server.port}`)))
    const alone = await run()
    const both = await Promise.all([run(), run()])
    expect(alone.findings).toMatchObject([{ code: 'status-undocumented', operation: 'c' }])
    expect(both).toEqual([alone, alone])
  })
})
