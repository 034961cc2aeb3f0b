import { describe, expect, it } from 'vitest'
import { runContract } from '../../src/contract/index.ts'
import { loadDocument, shippedDocument } from '../../src/document/index.ts'
import { Api } from '../../src/model/index.ts'
import type { Steps } from '../implementation/codechat.ts'
import { implementationHandler } from '../implementation/index.ts'

const api = new Api(await loadDocument(shippedDocument()))

type Change = (steps: Steps) => Partial<Steps>

/** Gives each webhook an id that is made of its number, of all or of those of its instance. */
function withIds(make: (count: number) => string, more: Change = () => ({}), perInstance = false): Change {
  return steps => {
    const counts = new Map<string, number>()
    return {
      ...more(steps),
      create: async (instanceId, body) => {
        const key = perInstance ? instanceId : ''
        const count = (counts.get(key) ?? 0) + 1
        counts.set(key, count)
        return { ...(await steps.create(instanceId, body)), webhookId: make(count) }
      },
    }
  }
}

async function messages(change: Change): Promise<string[]> {
  const { handler, token } = implementationHandler(undefined, change)
  const { findings } = await runContract(api, handler, { token, phases: ['examples', 'repetition', 'journeys'] })
  return findings.map(({ message }) => message)
}

const emoji = (count: number): string =>
  [...String(count).padStart(8, '0')].map(digit => String.fromCodePoint(0x1f600 + Number(digit))).join('')

describe('whoever gives out ids', () => {
  it.each<[string, Change]>([
    ['of emoji alone', withIds(emoji)],
    ['that end with an emoji', withIds(count => `webhook-${count}-😀`)],
    ['of signs that have to be encoded', withIds(count => `wh/${count}?x=1#f 100% &+;é😀`)],
    ['of one letter, one after the other', withIds(count => String.fromCodePoint(0x4e00 + count))],
    ['that count in letters and digits', withIds(count => (count + 0x9f).toString(36))],
    ['that count in letters of both cases', withIds(count => `${'aAbBcCdD'[count % 8]}${count >> 3}`)],
    ['of letters and digits that stand for another id', withIds(count => `f${'9'.repeat((count % 5) + 1)}${count}`)],
    ['that count for each instance', withIds(String, () => ({}), true)],
  ])('%s is not accused', async (_, change) => {
    expect(await messages(change)).toEqual([])
  })

  it('that count for each instance is noticed where two of one instance have the same', async () => {
    const found = await messages(withIds(count => String(Math.ceil(count / 2)), undefined, true))
    expect(found.join('\n')).toMatch(/webhookId "\d+", which an earlier answer carried too/)
  })

  it.each<[string, (count: number) => string]>([
    ['of one letter', count => String.fromCodePoint(0x4e00 + count)],
    ['of emoji alone', emoji],
  ])('%s and finds something for every id is noticed', async (_, make) => {
    const first: Change = ({ webhooks, find }) => ({
      find: (instanceId, id) => find(instanceId, id) ?? webhooks.find(each => each.instanceInstanceId === instanceId),
    })
    expect((await messages(withIds(make, first))).join('\n')).toContain('a thing that is not there')
  })
})
