/**
 * The contract's suites once for each implementation named in `trials`, side by side in one file: so the document is
 * read once, not a hundred times. Run by judge.ts, in a vitest of its own, because most of these tests fail on purpose.
 */
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { afterAll, describe, inject, vi } from 'vitest'
import { loadDocument, shippedDocument } from '../../src/document/index.ts'
import { Api } from '../../src/model/index.ts'
import { useContract } from '../../src/testing/vitest.ts'
import { startImplementation } from '../implementation/index.ts'
import type { Trial } from './judge.ts'

declare module 'vitest' {
  interface ProvidedContext {
    readonly trials: readonly Trial[]
  }
}

const folder = path.resolve(import.meta.dirname, '../../contracts')
const suites = readdirSync(folder).filter(name => name.endsWith('.test.ts'))
const api = new Api(await loadDocument(shippedDocument()))

describe.each(inject('trials'))('%s', async trial => {
  const token = 'Instance-Token.of-Judge'
  const server = await startImplementation(trial === 'correct' ? { token } : { token, fault: trial })
  afterAll(() => server.close())

  // The suites and their target are evaluated anew, with what a user would have set.
  vi.resetModules()
  vi.stubEnv('CONTRACT_URL', server.url)
  vi.stubEnv('CONTRACT_TOKEN', token)
  vi.stubEnv('CONTRACT_INSTANCE', undefined)
  vi.doMock('../../src/testing/vitest.ts', () => ({ useContract: () => useContract(api) }))
  for (const suite of suites) await import(path.join(folder, suite))
})
