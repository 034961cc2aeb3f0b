import { describe, expect, it } from 'vitest'
import { type ContractOptions, type ContractRun, runContract } from '../../src/contract/index.ts'
import { type Handler, type HttpResponse, Unreachable } from '../../src/http/index.ts'
import { Mock } from '../../src/mock/index.ts'
import { apiOf } from '../kit/index.ts'

const document = `
paths:
  /things:
    put:
      operationId: setThing
      security: []
      requestBody: { required: true, content: { application/json: { schema: { type: object }, example: { a: 1 } } } }
      responses:
        '200': { description: Set., content: { application/json: { schema: { type: object, required: [ id ] }, example: { id: 1 } } } }
        '400': { description: Wrong. }
`

const wrong: HttpResponse = { status: 200, headers: ['content-type', 'application/json'], body: Buffer.from('{}') }

/** Runs against the mock, but for the requests with these numbers. */
async function runExceptAt(
  isWrong: (request: number) => boolean,
  options: ContractOptions,
  otherwise: () => HttpResponse = () => wrong,
): Promise<ContractRun> {
  const api = await apiOf(document)
  const mock = new Mock(api)
  let requests = 0
  const target: Handler = async request => {
    requests += 1
    return isWrong(requests) ? otherwise() : await mock.handler(request)
  }
  return await runContract(api, target, options)
}

describe('a breach', () => {
  it('that comes again is not called flaky', async () => {
    const { findings } = await runExceptAt(() => true, { phases: ['examples'] })
    expect(findings).toMatchObject([{ code: 'body-mismatch', status: 200, count: 1 }])
    expect(findings[0]).not.toHaveProperty('flaky')
  })

  it('that does not come again, asked twice, is called flaky', async () => {
    const { findings, requests } = await runExceptAt(at => at === 1, { phases: ['examples'] })
    expect(findings).toMatchObject([
      { code: 'body-mismatch', flaky: true, message: expect.stringMatching(/; not so when asked 2 times more$/) },
    ])
    expect(requests).toBe(3)
  })

  it('that came and went is not called flaky any more once a case shows it each time', async () => {
    const { findings } = await runExceptAt(at => at === 1 || at > 3, { phases: ['examples', 'repetition'] })
    expect(findings).toHaveLength(1)
    expect(findings[0]?.flaky).toBeUndefined()
    expect(findings[0]?.caseId).toMatch(/^setThing\/repetition\//)
    expect(findings[0]?.message).not.toMatch(/asked/)
  })

  it('is not asked again beyond the requests that may be made', async () => {
    const { findings, requests } = await runExceptAt(at => at === 1, { phases: ['examples'], maxRequests: 1 })
    expect(requests).toBe(1)
    expect(findings[0]?.flaky).toBeUndefined()
  })

  it('that is no answer at all is asked again once', async () => {
    const { findings } = await runExceptAt(
      at => at === 5,
      { phases: ['examples', 'repetition'] },
      () => {
        throw new Unreachable('socket hang up')
      },
    )
    expect(findings).toMatchObject([
      {
        code: 'answer-missing',
        flaky: true,
        message: expect.stringMatching(/: socket hang up; not so when asked once/),
      },
    ])
  })
})
