import { setImmediate as later } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { runContract } from '../../src/contract/index.ts'
import type { Handler } from '../../src/http/index.ts'
import { apiOf } from '../kit/index.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

describe('a run', () => {
  it('forgets an answer once it has been judged, however many there are', async () => {
    const api = await apiOf(`
paths:
  /notes:
    post:
      operationId: makeNote
      security: []
      requestBody:
        required: true
        content:
          application/json:
            schema: { type: object, required: [ a, b ], properties: { a: { type: string, minLength: 2, maxLength: 9 }, b: { type: integer, minimum: 1, maximum: 5 } } }
            example: { a: text, b: 2 }
      responses:
        '200': { description: Made., content: { text/plain: { schema: { type: string } } } }
        '4XX': { description: Wrong., content: { text/plain: { schema: { type: string } } } }
`)
    const answers: WeakRef<Uint8Array>[] = []
    const alive: number[] = []
    const target: Handler = async () => {
      const body = new Uint8Array(64 * 1024)
      answers.push(new WeakRef(body))
      if (answers.length % 25 === 0) {
        await later()
        collect()
        alive.push(answers.filter(answer => answer.deref() !== undefined).length)
      }
      return { status: 200, headers: ['content-type', 'text/plain'], body }
    }
    await runContract(api, target)
    expect(alive.length).toBeGreaterThanOrEqual(4)
    expect(Math.max(...alive)).toBeLessThan(20)
  })
})
