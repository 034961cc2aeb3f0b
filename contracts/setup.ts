import { createMock } from '../src/embed/index.ts'

/** Letters of both cases, so that a comparison that ignores case is found out. */
const mockToken = 'Contract-Tests.Token'

/**
 * Runs once before all suites. Without `CONTRACT_URL` in the environment they are held against our mock, which is
 * started on a free port here and named there.
 */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  const { env } = process
  if (env.CONTRACT_URL) {
    await assertUsable(env.CONTRACT_URL, env.CONTRACT_TOKEN)
    return undefined
  }
  const mock = await createMock(undefined, { bearer: [mockToken] })
  const { url } = await mock.listen()
  Object.assign(env, { CONTRACT_URL: url, CONTRACT_TOKEN: mockToken })
  return () => mock.close()
}

async function assertUsable(url: string, token: string | undefined): Promise<void> {
  if (!/^https?:/i.test(url) || !URL.canParse(url)) {
    throw new Unusable(
      `CONTRACT_URL is "${url}", which is not an http(s) URL. Set it to one like http://127.0.0.1:4010.`,
    )
  }
  if (!token) {
    throw new Unusable(
      'CONTRACT_URL is set but CONTRACT_TOKEN is not. Set CONTRACT_TOKEN to the token of the instance.',
    )
  }
  try {
    await fetch(url, { method: 'HEAD', redirect: 'manual' })
  } catch (error) {
    const reason = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
    throw new Unusable(
      `Nothing answers at CONTRACT_URL ${url} (${reason}). Start the implementation there, or unset CONTRACT_URL to test our mock.`,
    )
  }
}

/** The message says it all; a stack would lead into this file instead of to the setting. */
class Unusable extends Error {
  override readonly name = 'Unusable target'
  override readonly stack = ''
}
