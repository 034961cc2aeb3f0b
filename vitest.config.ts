import { defineConfig } from 'vitest/config'
import { precompiledSpecifications } from './src/document/specification/precompile.ts'

const plugins = [precompiledSpecifications()]

export default defineConfig({
  test: {
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
