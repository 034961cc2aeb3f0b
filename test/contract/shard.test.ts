import { describe, expect, it } from 'vitest'
import { operationsOf, runContract } from '../../src/contract/index.ts'
import { loadDocument, shippedDocument } from '../../src/document/index.ts'
import type { Handler } from '../../src/http/index.ts'
import { Mock } from '../../src/mock/index.ts'
import { Api } from '../../src/model/index.ts'

const api = new Api(await loadDocument(shippedDocument()))

/** The requests of a run, each once. */
async function requestsOf(include?: readonly string[]): Promise<Set<string>> {
  const seen = new Set<string>()
  const { handler } = new Mock(api)
  const target: Handler = async request => {
    seen.add([request.method, request.target, request.headers.join(), Buffer.from(request.body).toString()].join(' '))
    return await handler(request)
  }
  await runContract(api, target, { infer: false, ...(include !== undefined && { include }) })
  return seen
}

describe('the parts of a run', () => {
  it('have each operation once, whatever their number', () => {
    const all = api.operations.map(({ id }) => id)
    for (const of of [1, 2, 3, 7]) {
      const parts = Array.from({ length: of }, (_, at) => operationsOf(api, { index: at + 1, of }, () => true))
      expect(parts.flat().sort()).toEqual(all.toSorted())
    }
    expect(operationsOf(api, { index: 1, of: 1 }, id => id === 'readWebhook')).toEqual(['readWebhook'])
  })

  it('ask together what one run asks', async () => {
    const whole = await requestsOf()
    const parts = await Promise.all([1, 2, 3].map(index => requestsOf(operationsOf(api, { index, of: 3 }, () => true))))
    expect(new Set(parts.flatMap(part => [...part]))).toEqual(whole)
  })
})
