import { cp, readFile, writeFile } from 'node:fs/promises'
import { request as ask, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { runContract } from '../../src/contract/index.ts'
import { loadDocument, shippedDocument } from '../../src/document/index.ts'
import { type Handler, sendTo } from '../../src/http/index.ts'
import { Api } from '../../src/model/index.ts'
import { startExpress } from '../implementation/express.ts'
import { faults, implementationHandler, startImplementation } from '../implementation/index.ts'
import { folderWith } from '../kit/index.ts'

const nullable = "oneOf:\n            - $ref: '#/components/schemas/WebhookEvents'\n            - type: 'null'\n"

/** The shipped document as one of OpenAPI 3.0. */
async function oldApi(): Promise<Api> {
  const folder = await folderWith({})
  await cp(path.dirname(shippedDocument()), folder, { recursive: true })
  const file = path.join(folder, 'webhook.yaml')
  const text = await readFile(file, 'utf8')
  expect(text).toContain(nullable)
  const old = text
    .replace('openapi: 3.1.0', 'openapi: 3.0.3')
    .replace(nullable, "nullable: true\n          allOf:\n            - $ref: '#/components/schemas/WebhookEvents'\n")
  await writeFile(file, old)
  return new Api(await loadDocument(file))
}

describe('the shipped document as OpenAPI 3.0', () => {
  it('has nothing against a right implementation', async () => {
    await using server = await startImplementation()
    const { findings } = await runContract(await oldApi(), sendTo(new URL(server.url)), { token: server.token })
    expect(findings).toEqual([])
  })

  it('shows the same faults', async () => {
    const api = await oldApi()
    const missed: string[] = []
    for (const { name } of faults.filter((_, at) => at % 8 === 0)) {
      const { handler, token } = implementationHandler(name)
      const { findings } = await runContract(api, handler, { token, bail: true })
      if (findings.length === 0) missed.push(name)
    }
    // The document says nothing of either, whatever its dialect.
    expect(missed).toEqual(['unauthorized-without-challenge', 'empty-list-refused'])
  })
})

describe('an implementation of another manner', () => {
  it('in Express has nothing against it, and is asked less than 3,000 times', async () => {
    const api = new Api(await loadDocument(shippedDocument()))
    await using server = await startExpress('secret')
    const run = await runContract(api, sendTo(new URL(server.url)), { token: 'secret' })
    expect(run.findings).toEqual([])
    expect(run.requests).toBeLessThan(3_000)
  })

  it('that takes each URL once has nothing against it: the document does not say that two webhooks may share one', async () => {
    const api = new Api(await loadDocument(shippedDocument()))
    const { handler, token } = implementationHandler()
    const taken = new Set<string>()
    const target: Handler = async request => {
      const [, url = ''] = /"url":"([^"]*)"/.exec(Buffer.from(request.body).toString()) ?? []
      const isTaken = request.method === 'POST' && taken.has(url)
      const response = await handler(isTaken ? { ...request, body: Buffer.from('{}') } : request)
      if (request.method === 'POST' && response.status === 201) taken.add(url)
      return response
    }
    const run = await runContract(api, target, { token })
    expect(run.findings).toEqual([])
    expect(taken.size).toBeGreaterThan(100)
  })

  it('that leaves a client of HEAD waiting is told once, and waited for once', async () => {
    const api = new Api(await loadDocument(shippedDocument()))
    await using right = await startImplementation()
    const server = createServer((request, response) => {
      const { method, url, headers } = request
      if (method === 'HEAD') return
      const onward = ask(`${right.url}${url}`, { method, headers }, answer => {
        response.writeHead(answer.statusCode ?? 0, answer.rawHeaders)
        answer.pipe(response)
      })
      request.pipe(onward)
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const target = sendTo(new URL(`http://127.0.0.1:${port}`), { timeout: 3_000 })
    const { findings } = await runContract(api, target, { token: right.token, phases: ['examples', 'protocol'] })
    server.closeAllConnections()
    server.close()
    expect(findings.map(({ code, message }) => [code, /to HEAD/.test(message)])).toEqual([['answer-missing', true]])
  })
})
