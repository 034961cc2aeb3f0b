import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { startImplementation } from '../implementation/index.ts'

/** Runs what `npm run contract` runs, as from a shell that knows nothing of the vitest it is called from. */
async function contract(settings: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const foreign = /^(VITEST|TEST$|NODE_ENV$|NODE_OPTIONS$|CONTRACT_|FORCE_COLOR$|GITHUB_ACTIONS$)/
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)))
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'contract']
  const child = spawn(process.execPath, args, { env: { ...env, ...settings } })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const code = await new Promise<number | null>(resolve => child.once('close', resolve))
  return { code, output: stripVTControlCharacters(output) }
}

async function unusedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('the server has no TCP address')
  return address.port
}

// Each starts a vitest of its own.
describe('npm run contract', { timeout: 60_000 }, () => {
  it('passes our mock when nothing is set', async () => {
    const { code, output } = await contract({})
    expect(output).toMatch(/Test Files +5 passed/)
    expect(code).toBe(0)
  })

  it('passes a right implementation, and says of a wrong one what it does and what the document promises', async () => {
    await using right = await startImplementation()
    expect((await contract({ CONTRACT_URL: `${right.url}/`, CONTRACT_TOKEN: right.token })).code).toBe(0)

    await using wrong = await startImplementation({ fault: 'update-answers-200' })
    const { code, output } = await contract({ CONTRACT_URL: wrong.url, CONTRACT_TOKEN: wrong.token })
    expect(code).toBe(1)
    expect(output).toContain('updateWebhook > updates a webhook and answers 201 with what was sent')
    expect(output).toContain('updateWebhook answered 200 where the document has 201, 400, 401')
    expect(output).toMatch(/openapi\/webhook\.yaml:\d+:\d+/)
  })

  it('says what to do when the target cannot be used', async () => {
    const port = await unusedPort()
    const cases = [
      [
        { CONTRACT_URL: 'localhost', CONTRACT_TOKEN: 'x' },
        'CONTRACT_URL is "localhost", which is not an http(s) URL. Set',
      ],
      [
        { CONTRACT_URL: 'http://127.0.0.1:4010' },
        'CONTRACT_URL is set but CONTRACT_TOKEN is not. Set CONTRACT_TOKEN to',
      ],
      [
        { CONTRACT_URL: `http://127.0.0.1:${port}`, CONTRACT_TOKEN: 'x' },
        `Nothing answers at CONTRACT_URL http://127.0.0.1:${port} (connect ECONNREFUSED 127.0.0.1:${port}). Start`,
      ],
    ] as const
    for (const [settings, words] of cases) {
      const { code, output } = await contract(settings)
      expect(output).toContain(words)
      expect(code).toBe(1)
    }
  })
})
