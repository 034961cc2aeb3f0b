import { describe, expect, it } from 'vitest'
import { type ContractOptions, runContract } from '../../src/contract/index.ts'
import { loadDocument, shippedDocument } from '../../src/document/index.ts'
import { Trouble } from '../../src/finding/index.ts'
import { type HttpRequest, type HttpResponse, sendTo } from '../../src/http/index.ts'
import { Mock } from '../../src/mock/index.ts'
import { Api } from '../../src/model/index.ts'
import { type FaultName, startImplementation } from '../implementation/index.ts'

const api = new Api(await loadDocument(shippedDocument()))

async function check(fault: FaultName, options: ContractOptions) {
  await using server = await startImplementation({ fault })
  return await runContract(api, sendTo(new URL(server.url)), { token: server.token, ...options })
}

describe('a case by its id', () => {
  it.each<[FaultName, ContractOptions]>([
    ['created-without-webhook-id', { phases: ['examples'] }],
    ['update-string-enabled-accepted', { phases: ['invalid'] }],
    ['read-without-url', { phases: ['examples'] }],
    ['webhook-id-equal-when-concurrent', { phases: ['repetition'] }],
    ['update-not-kept', { phases: ['journeys'] }],
  ])('shows the same breach again: %s', async (fault, options) => {
    const whole = await check(fault, options)
    const [finding] = whole.findings
    expect(finding?.caseId).toBeDefined()
    const alone = await check(fault, { case: finding?.caseId ?? '' })
    expect(alone.findings.map(({ code, caseId }) => [code, caseId])).toContainEqual([finding?.code, finding?.caseId])
    expect(alone.requests).toBeLessThan(120)
  })

  it('makes one request where one shows it', async () => {
    const { requests } = await runContract(api, new Mock(api).handler, {
      case: 'createWebhook/invalid/name-as-a-number',
    })
    expect(requests).toBe(1)
  })

  it.each([
    ['createWebhook/invalid/no-such-case', 'createWebhook has no case createWebhook/invalid/no-such-case'],
    ['nobody/invalid/x', 'There is no operation nobody for the case nobody/invalid/x'],
    ['nonsense', 'nonsense is not the id of a case'],
  ])('that there is not is said: %s', async (id, says) => {
    await expect(runContract(api, new Mock(api).handler, { case: id })).rejects.toThrow(
      new Trouble(2, says, expect.any(String)),
    )
  })
})

describe('several cases by their ids', () => {
  it('show the same breaches again, and nothing else', async () => {
    const seen: string[] = []
    const options = { phases: ['examples', 'boundaries', 'invalid', 'journeys'] } as const
    const whole = await check('webhook-id-as-number', { ...options, onFinding: ({ code }) => seen.push(code) })
    expect(whole.findings.length).toBeGreaterThan(1)
    expect(seen).toEqual(whole.findings.map(({ code }) => code))
    const cases = whole.findings.flatMap(({ caseId }) => caseId ?? [])
    const again = await check('webhook-id-as-number', { cases })
    const shown = (run: typeof whole) => run.findings.map(({ code, caseId }) => `${code} ${caseId}`).sort()
    expect(shown(again)).toEqual(shown(whole))
    expect(again.requests).toBeLessThan(whole.requests)
  })

  it('are skipped where the document has them no more, with the reason', async () => {
    const cases = ['createWebhook/invalid/no-such-case', 'nobody/invalid/x', 'createWebhook/invalid/name-as-a-number']
    const { skipped, requests } = await runContract(api, new Mock(api).handler, { cases })
    const why = 'the document has no such case any more'
    expect(skipped).toEqual([
      { what: 'nobody/invalid/x', why },
      { what: 'createWebhook/invalid/no-such-case', why },
    ])
    expect(requests).toBe(1)
  })
})

describe('requests', () => {
  const mock = new Mock(api)

  it('are made at the same time by as many workers as there are, and find the same', async () => {
    let open = 0
    let most = 0
    const target = async (request: HttpRequest): Promise<HttpResponse> => {
      open += 1
      most = Math.max(most, open)
      await new Promise(resolve => setImmediate(resolve))
      const answer = await mock.handler(request)
      open -= 1
      return answer
    }
    const phases = ['examples', 'invalid', 'credentials'] as const
    const alone = await runContract(api, target, { phases })
    expect(most).toBe(1)
    const together = await runContract(api, target, { phases, workers: 4 })
    expect(most).toBe(4)
    expect(together).toEqual(alone)
  })

  it('are no more in a second than allowed', async () => {
    const starts: number[] = []
    const target = async (request: HttpRequest): Promise<HttpResponse> => {
      starts.push(performance.now())
      return await mock.handler(request)
    }
    await runContract(api, target, { phases: ['repetition'], include: ['createWebhook'], rate: 100, maxRequests: 20 })
    const [first = 0] = starts
    for (const [at, start] of starts.entries()) expect(start - first).toBeGreaterThanOrEqual(at * 10 - 12)
  })
})
