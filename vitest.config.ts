import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/**/*.test.ts'] } },
      {
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
