import { createServer } from 'node:http'
import { describe, expect, it } from 'vitest'
import { runContract } from '../../src/contract/index.ts'
import { sendTo } from '../../src/http/index.ts'
import { apiOf } from '../kit/index.ts'

const document = `
paths:
  /things: { get: { operationId: things, responses: { '204': { description: None. } } } }
  /others: { get: { operationId: others, responses: { '204': { description: None. } } } }
`

/** Starts a server that does not answer requests of a method. */
async function startSilent(silent: string): Promise<{ url: URL; asked: string[]; close: () => void }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    if (request.method !== silent) response.writeHead(204).end()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const close = (): void => {
    server.closeAllConnections()
    server.close()
  }
  return { url: new URL(`http://127.0.0.1:${port}`), asked, close }
}

describe('a server that does not answer', () => {
  it.each(['HEAD', 'OPTIONS'])('%s is told so once, and not asked again', async silent => {
    const { url, asked, close } = await startSilent(silent)
    const { findings } = await runContract(await apiOf(document), sendTo(url, { timeout: 100 }), {
      phases: ['examples', 'protocol'],
    })
    close()
    expect(findings.map(({ code, message }) => [code, message])).toEqual([
      ['answer-missing', `${silent} /things was asked twice and got no answer`],
    ])
    expect(asked.filter(each => each.startsWith(silent))).toHaveLength(2)
  })

  it('a method that nobody asks is not accused', async () => {
    const { url, close } = await startSilent('CONNECT')
    const { findings } = await runContract(await apiOf(document), sendTo(url, { timeout: 1000 }), {
      phases: ['examples', 'protocol'],
    })
    close()
    expect(findings).toEqual([])
  })
})
