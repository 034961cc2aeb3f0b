import { beforeEach, describe, expect, it } from 'vitest'
import { type Answer, Answers } from '../../src/check/answers.ts'
import { Judge } from '../../src/check/index.ts'
import type { HttpResponse } from '../../src/http/index.ts'
import type { Operation } from '../../src/model/index.ts'
import { apiOf } from '../kit/index.ts'

const document = `
paths:
  /things:
    get:
      operationId: listThings
      security: []
      responses:
        '200':
          description: The things.
          content: { application/json: { schema: { type: array, items: { type: integer } } }, text/plain: {} }
        '400': { description: Wrong., content: { application/json: { schema: { type: object } } } }
`

const request = { method: 'GET', target: '/things', headers: [], body: Buffer.alloc(0) }

function response(body: Uint8Array | string, type = 'application/json', status = 200): HttpResponse {
  return { status, headers: ['content-type', type], body: typeof body === 'string' ? Buffer.from(body) : body }
}

describe('answers', () => {
  let operation: Operation
  let judge: Judge
  beforeEach(async () => {
    const api = await apiOf(document)
    judge = new Judge(api)
    operation = api.operation('listThings') as Operation
  })
  const seenBy = (answers: Answers, sent: HttpResponse): Answer =>
    answers.of(sent, operation, operation.responseFor(sent.status))

  it('are looked through once as long as bytes, type and status are the same', () => {
    const answers = new Answers()
    const first = seenBy(answers, response('[1,2]'))
    let times = 0
    const question = (): number => {
      times += 1
      return times
    }
    expect(first.learn(question)).toBe(1)
    expect(seenBy(answers, response('[1,2]')).learn(question)).toBe(1)
    const others = [response('[1,3]'), response('[1,2]', 'text/plain'), response('[1,2]', 'application/json', 400)]
    for (const other of others) expect(seenBy(answers, other)).not.toBe(first)
    expect(times).toBe(1)
  })

  it('that stand in the same place as those before are judged as they are now', () => {
    const body = Buffer.from('[1,2]')
    expect(judge.judge({ request, response: response(body) }, operation)).toEqual([])
    body.write('"no"!')
    expect(judge.judge({ request, response: response(body) }, operation).map(({ code }) => code)).toEqual([
      'body-unreadable',
    ])
    body.write('["a"]')
    const wrong = judge.judge({ request, response: response(body) }, operation)
    expect(wrong.map(({ code }) => code)).toEqual(['body-mismatch'])
    expect(judge.judge({ request, response: response(Buffer.from('["a"]')) }, operation)).toEqual(wrong)
  })

  it('are forgotten when there are many', () => {
    const answers = new Answers()
    const list = (length: number): HttpResponse => response(JSON.stringify(new Array(length).fill(1)))
    const first = seenBy(answers, list(20_000))
    expect(seenBy(answers, list(20_000))).toBe(first)
    for (let more = 1; more <= 120; more += 1) seenBy(answers, list(20_000 + more))
    expect(seenBy(answers, list(20_000)) === first).toBe(false)
    // What is very long is not kept at all.
    const long = seenBy(answers, list(600_000))
    expect(seenBy(answers, list(600_000)) === long).toBe(false)
  })
})
