import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { runContract } from '../../src/contract/index.ts'
import { loadDocument, shippedDocument } from '../../src/document/index.ts'
import type { Handler } from '../../src/http/index.ts'
import { Api } from '../../src/model/index.ts'
import type { Steps } from '../implementation/codechat.ts'
import { implementationHandler } from '../implementation/index.ts'

const api = new Api(await loadDocument(shippedDocument()))

type Change = (steps: Steps) => Partial<Steps>

async function messages(change: Change, wrap: (handler: Handler) => Handler = handler => handler): Promise<string[]> {
  const { handler, token } = implementationHandler(undefined, change)
  const { findings } = await runContract(api, wrap(handler), { token, phases: ['examples', 'journeys'] })
  return findings.map(({ message }) => message)
}

const asIs: Change = () => ({})

describe('a journey among others', () => {
  it('has nothing against who keeps things apart, however long that takes', async () => {
    const slowly =
      (handler: Handler): Handler =>
      async request => {
        await pause(2)
        return await handler(request)
      }
    expect(await messages(asIs, slowly)).toEqual([])
  })

  it.each<[string, Change, string]>([
    [
      'stores some things twice',
      ({ webhooks }) => ({
        add: webhook => {
          webhooks.push(webhook)
          if (webhook.enabled) webhooks.push({ ...webhook, webhookId: `${webhook.webhookId}-copy` })
        },
      }),
      'listed 2 more after one createWebhook',
    ],
    [
      'loses what is created at the same time',
      ({ webhooks, create }) => ({
        create: async (instanceId, body) => {
          const before = [...webhooks]
          await pause(3)
          webhooks.splice(0, webhooks.length, ...before)
          return await create(instanceId, body)
        },
      }),
      'not at all',
    ],
    [
      'lists nothing below a parent that is written with percent signs',
      ({ list }) => ({ list: id => (encodeURIComponent(id) === id ? list(id) : []) }),
      'not at all',
    ],
    [
      'finds one of two that are alike with the switch of another',
      ({ webhooks, find }) => ({
        find: (instanceId, id) => {
          const found = find(instanceId, id)
          const first = webhooks.find(({ name, url }) => name === found?.name && url === found.url)
          return found === undefined || first === found ? found : { ...found, enabled: !found.enabled }
        },
      }),
      'readWebhook answered enabled: true where createWebhook had answered enabled: false',
    ],
  ])('notices who %s', async (_, change, says) => {
    expect((await messages(change))[0]).toContain(says)
  })

  it('notices lists of one parent that are answered with those of another at the same time', async () => {
    let current = ''
    const mixing =
      (handler: Handler): Handler =>
      async request => {
        if (request.method !== 'GET' || !request.target.endsWith('/webhook')) return await handler(request)
        current = request.target
        await pause(2)
        return await handler({ ...request, target: current })
      }
    expect((await messages(asIs, mixing))[0]).toContain('instanceInstanceId')
  })

  it('notices Location that leads to where things are created', async () => {
    const toAll =
      (handler: Handler): Handler =>
      async request => {
        const answer = await handler(request)
        const headers = [...answer.headers, 'Location', request.target]
        return answer.status === 201 && request.method === 'POST' ? { ...answer, headers } : answer
      }
    expect(await messages(asIs, toAll)).toEqual([expect.stringContaining('where it was asked to create')])
  })
})
