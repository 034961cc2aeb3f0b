import { describe, expect, it } from 'vitest'
import { runContract } from '../../src/contract/index.ts'
import { loadDocument, shippedDocument } from '../../src/document/index.ts'
import { Api } from '../../src/model/index.ts'
import { implementationHandler } from '../implementation/index.ts'

const api = new Api(await loadDocument(shippedDocument()))

/** What a server is accused of whose clock is read in this way. */
async function messages(write: (now: Date) => string): Promise<string[]> {
  const { handler, token } = implementationHandler(undefined, ({ create, replace }) => ({
    create: async (instanceId, body) => {
      const now = write(new Date())
      return { ...(await create(instanceId, body)), createdAt: now, updatedAt: now }
    },
    replace: (webhook, other) => replace(webhook, { ...other, updatedAt: write(new Date()) }),
  }))
  const { findings } = await runContract(api, handler, { token, phases: ['examples', 'journeys'] })
  return findings.map(({ message }) => message)
}

/** The instant with so many milliseconds left out, and as few digits as that needs. */
const coarse =
  (step: number) =>
  (now: Date): string =>
    new Date(Math.floor(now.getTime() / step) * step).toISOString().replace(/\.?0*Z$/, 'Z')

describe('instants', () => {
  it.each([1, 100, 500, 1_000])('in steps of %i milliseconds are not held against anybody', async step => {
    expect(await messages(coarse(step))).toEqual([])
  })

  it('that stand still to the millisecond are', async () => {
    const start = new Date(Math.floor(Date.now() / 1_000) * 1_000 + 123).toISOString()
    const found = (await messages(() => start)).join('\n')
    expect(found).toContain('to two requests that were 20 ms apart')
    expect(found).toContain(`answered updatedAt: "${start}" after`)
  })
})
