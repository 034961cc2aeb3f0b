import { describe, expect, it } from 'vitest'
import { runContract } from '../../src/contract/index.ts'
import { loadDocument, shippedDocument } from '../../src/document/index.ts'
import { Api } from '../../src/model/index.ts'
import { implementationHandler } from '../implementation/index.ts'

const api = new Api(await loadDocument(shippedDocument()))

/** What is said of an implementation behind a gateway that puts `/gate` before its paths, and answers with this Location. */
async function messages(locationOf: (path: string) => string): Promise<string[]> {
  const { handler, token } = implementationHandler()
  const { findings } = await runContract(
    api,
    async request => {
      const answer = await handler(request)
      if (answer.status !== 201 || request.method !== 'POST') return answer
      const { webhookId } = JSON.parse(Buffer.from(answer.body).toString()) as { webhookId: string }
      return { ...answer, headers: [...answer.headers, 'Location', locationOf(`${request.target}/${webhookId}`)] }
    },
    { token, base: '/gate', phases: ['examples', 'journeys'] },
  )
  return findings.map(({ severity, message }) => `${severity}: ${message}`)
}

describe('where the target has a path of its own, Location', () => {
  it.each<[string, (path: string) => string]>([
    ['a path', path => `/gate${path}`],
    ['a full URL', path => `https://api.example/gate${path}`],
    ['relative', path => path.slice(path.indexOf('/instance/') + '/instance/'.length).replace(/^[^/]+\//, '')],
    ['a full URL of somebody else', () => 'https://other.example/webhooks/1'],
  ])('is followed below it: %s', async (_, locationOf) => {
    expect(await messages(locationOf)).toEqual([])
  })

  it('is told where it leads out of it', async () => {
    expect(await messages(path => path)).toEqual([
      expect.stringMatching(
        /^warning: createWebhook answered with Location: \/api\/v2\/.*, which leads out of \/gate$/,
      ),
    ])
  })
})
