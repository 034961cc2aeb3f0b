import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { exampleRequest } from '../../src/generate/index.ts'
import type { HttpRequest } from '../../src/http/index.ts'
import { createMock } from '../../src/index.ts'
import { realDocuments } from '../kit/index.ts'
import { interrupt, startMock } from './kit.ts'

/** Operations that are asked, spread evenly over a document. */
const taken = 25

async function requestsOf(file: string): Promise<HttpRequest[]> {
  await using mock = await createMock(file)
  const { api } = mock
  const step = Math.max(1, Math.floor(api.operations.length / taken))
  const operations = api.operations.filter(({ method }, at) => at % step === 0 && method !== 'TRACE')
  return operations.map(operation => exampleRequest(api, operation, 'token'))
}

/** Status, type and bytes of each answer of a process of its own. */
async function answersOf(args: readonly string[], requests: readonly HttpRequest[]): Promise<string[]> {
  const mock = await startMock(args)
  try {
    const found: string[] = []
    for (const { method, target, headers, body } of requests) {
      const fields = headers.flatMap((name, at): [string, string][] =>
        at % 2 === 0 ? [[name, headers[at + 1] ?? '']] : [],
      )
      const bytes = body.length === 0 ? null : Buffer.from(body)
      const answer = await fetch(`${mock.url}${target}`, { method, headers: fields, body: bytes })
      const text = Buffer.from(await answer.arrayBuffer()).toString('base64')
      found.push(`${method} ${target}: ${answer.status} ${answer.headers.get('content-type')} ${text}`)
    }
    return found
  } finally {
    await interrupt(mock)
  }
}

describe.each(['museum.yaml', 'box.json', 'digitalocean.yaml'])('the mock of %s', name => {
  const file = realDocuments.file(name)
  const skip = realDocuments.skip || !existsSync(file)

  it.skipIf(skip).each([
    ['by example', []],
    ['generated', ['--dynamic']],
  ])(
    'gives the same bytes in two processes that are asked in another order, %s',
    { timeout: 120_000 },
    async (_, flags) => {
      const requests = await requestsOf(file)
      const [forth, back] = await Promise.all([
        answersOf([file, ...flags], requests),
        answersOf([file, ...flags], requests.toReversed()),
      ])
      expect(forth.length).toBeGreaterThan(5)
      expect(back.toReversed()).toEqual(forth)
    },
  )
})
