import { exitCodes, Trouble } from '../../finding/index.ts'

/** The packages that speak with Redis, which only those need who let several mocks remember together. */
export async function loadPackages() {
  try {
    const [{ Redis }, bullmq] = await Promise.all([import('ioredis'), import('bullmq')])
    return { Redis, ...bullmq }
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'ERR_MODULE_NOT_FOUND') throw error
    const missing = ['bullmq', 'ioredis'].find(name => error.message.includes(`'${name}'`)) ?? 'a package'
    throw new Trouble(
      exitCodes.environment,
      `--state needs bullmq and ioredis, and ${missing} is not installed`,
      'Install them: npm install --save-dev bullmq@6 ioredis@6',
    )
  }
}

export type Packages = Awaited<ReturnType<typeof loadPackages>>
