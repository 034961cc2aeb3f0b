import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { precompiledSpecifications } from './src/document/specification/precompile.ts'

const plugins = [precompiledSpecifications()]

export default defineConfig({
  test: {
    // Most of the time is spent waiting for processes and servers, so that two files at once are quicker on two cores too.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      // Commands are run as processes of their own, several seconds each on a busy machine.
      { plugins, test: { name: 'unit', include: ['test/**/*.test.ts'], testTimeout: 30_000 } },
      {
        plugins,
        test: {
          name: 'contract',
          include: ['contracts/**/*.test.ts'],
          globalSetup: 'contracts/setup.ts',
          // The suites share one reading of the document, and see the ids of each other's webhooks.
          isolate: false,
        },
      },
    ],
  },
})
